// TEST, TEST_ASYNC, TEST_SUITE. A test costs its file one function and one constant-initialised record.
#pragma once

#include "../../config.hpp"
#include "../../model/test_record.hpp"
#include "async_body.hpp"
#include "cases.hpp"
#include "fixture.hpp"
#include "options.hpp"

/// The innermost suite at this place. TEST_SUITE hides it with its own inside its block.
inline constexpr const ::awaitest::suite* awaitest_suite = nullptr;

namespace awaitest::detail {

/// The records of one program or shared library: pointers that the linker has gathered in one section.
struct record_range {
  const test_case* const* first;
  const test_case* const* last;
  const record_range* next = nullptr;

  /// The ranges of the program and of each shared library that holds tests, the last one first: linked before main.
  static const record_range* all;

  record_range(const test_case* const* from, const test_case* const* to) noexcept;  // impl/test.hpp
};

#if defined(__ELF__)
#define AWAITEST_RECORD [[gnu::section("awaitest_records")]] AWAITEST_KEPT
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wreserved-identifier"  // the linker's names
#pragma clang diagnostic ignored "-Wglobal-constructors"
#endif
extern "C" {
// Made by the linker, for each program or library its own; null where it holds no test.
[[gnu::weak, gnu::visibility("hidden")]] extern const test_case* const __start_awaitest_records;
[[gnu::weak, gnu::visibility("hidden")]] extern const test_case* const __stop_awaitest_records;
}
/// One for each program or shared library, not one for each test: starting up does no work for the tests not run.
[[gnu::visibility("hidden")]] inline const record_range records_here{&__start_awaitest_records,
                                                                     &__stop_awaitest_records};
#if defined(__clang__)
#pragma clang diagnostic pop
#endif
#define AWAITEST_REGISTER_(id) \
  AWAITEST_RECORD static const ::awaitest::test_case* awaitest_record_##id = &awaitest_case_##id;
#else
struct record : record_range {
  const test_case* self;
  explicit record(const test_case& which) noexcept : record_range{&self, &self + 1}, self{&which} {}
};
#define AWAITEST_REGISTER_(id) \
  static const ::awaitest::detail::record awaitest_record_##id{awaitest_case_##id};
#endif

}  // namespace awaitest::detail

#define AWAITEST_FIRST_(first, ...) first
#define AWAITEST_OPTIONS_OF_(id, ...) __VA_OPT__ (&awaitest_options_##id::apply AWAITEST_SWALLOW_)(nullptr)
#define AWAITEST_SWALLOW_(...)
#define AWAITEST_OPTIONS_(id, ...)                                   \
  __VA_OPT__(namespace {                                             \
    struct awaitest_options_##id : ::awaitest::option_names {        \
      static void apply(::awaitest::option_set& awaitest_to) {       \
        ::awaitest::detail::add_options(awaitest_to, {__VA_ARGS__}); \
      }                                                              \
    };                                                               \
  })

#define AWAITEST_CASE_(id, title, plain, async, ...)                                                     \
  AWAITEST_OPTIONS_(id, __VA_ARGS__)                                                                     \
  static constexpr ::awaitest::test_case awaitest_case_##id{                                             \
      title, awaitest_suite, {__FILE__, __LINE__}, AWAITEST_OPTIONS_OF_(id, __VA_ARGS__), plain, async}; \
  AWAITEST_REGISTER_(id)

// A member of a class without linkage: g++ gives the frame of a static coroutine the linkage that the function does not have,
// and two files with tests of one number would be two definitions of one type (-Wodr, with -flto).
#define AWAITEST_BODY_(id, ...) \
  namespace {                   \
  struct awaitest_test_##id {   \
    __VA_ARGS__;                \
  };                            \
  }
#define AWAITEST_BODY_OF_(id) awaitest_test_##id::awaitest_body_##id

// A coroutine's; the member is not static, see async_body.hpp. Compilers name the function where it is none.
#define AWAITEST_ASYNC_BODY_(id, ...)                                         \
  namespace {                                                                 \
  struct awaitest_test_##id {                                                 \
    using awaitest_holds_a_body = void;                                       \
    __VA_ARGS__; /* NOLINT(readability-convert-member-functions-to-static) */ \
  };                                                                          \
  }
#define AWAITEST_ASYNC_NAME_(id) awaitest_body_##id##_needs_co_await_or_co_return
#define AWAITEST_ASYNC_BODY_OF_(id) awaitest_test_##id::AWAITEST_ASYNC_NAME_(id)
#define AWAITEST_ASYNC_START_(id) \
  ::awaitest::detail::body_in<awaitest_test_##id>::of<&AWAITEST_ASYNC_BODY_OF_(id)>::start

// The head of a body's definition. A body that ends with FAIL or SKIP need not say that it does not return.
#if defined(__clang__)
#define AWAITEST_HEAD_(...)                                                                   \
  _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wmissing-noreturn\"") \
      __VA_ARGS__ _Pragma("clang diagnostic pop")
#else
#define AWAITEST_HEAD_(...) __VA_ARGS__
#endif

#define AWAITEST_TEST_(id, title, ...)                                    \
  AWAITEST_BODY_(id, static void awaitest_body_##id())                    \
  AWAITEST_CASE_(id, title, &AWAITEST_BODY_OF_(id), nullptr, __VA_ARGS__) \
  AWAITEST_HEAD_(void AWAITEST_BODY_OF_(id)())

#define AWAITEST_TEST_ASYNC_(id, title, ...)                                             \
  AWAITEST_ASYNC_BODY_(id, ::awaitest::asio::awaitable<void> AWAITEST_ASYNC_NAME_(id)()) \
  AWAITEST_CASE_(id, title, nullptr, &AWAITEST_ASYNC_START_(id), __VA_ARGS__)            \
  AWAITEST_HEAD_(::awaitest::asio::awaitable<void> AWAITEST_ASYNC_BODY_OF_(id)())

#define AWAITEST_WITH_PARAMETERS_(id, title, parameters, cases, ...)                        \
  static constexpr ::awaitest::test_case awaitest_case_##id{                                \
      title,   awaitest_suite, {__FILE__, __LINE__}, AWAITEST_OPTIONS_OF_(id, __VA_ARGS__), \
      nullptr, nullptr,        parameters,           cases};                                \
  AWAITEST_REGISTER_(id)

#define AWAITEST_F_(body, id, title, params, ...)                                                        \
  static_assert(::std::tuple_size_v<::awaitest::detail::signature<&body>::values> == 0,                  \
                "a test with fixtures takes them by reference; values are for TEST_P and TEST_ASYNC_P"); \
  AWAITEST_OPTIONS_(id, __VA_ARGS__)                                                                     \
  AWAITEST_WITH_PARAMETERS_(id, title, &::awaitest::detail::signature<&body>::parameters, nullptr,       \
                            __VA_ARGS__)

#define AWAITEST_LISTS_(id, ...)                                                              \
  static void apply(::awaitest::option_set& awaitest_to) {                                    \
    ::awaitest::detail::collect<awaitest_options_##id>({&awaitest_to, nullptr}, __VA_ARGS__); \
  }                                                                                           \
  static void list(::awaitest::case_sink& awaitest_to) {                                      \
    ::awaitest::detail::collect<awaitest_options_##id>({nullptr, &awaitest_to}, __VA_ARGS__); \
  }

#define AWAITEST_P_(body, id, title, params, ...)                                         \
  namespace {                                                                             \
  struct awaitest_options_##id : ::awaitest::option_names {                               \
    using cases = ::awaitest::case_list<::awaitest::detail::signature<&body>::values>;    \
    AWAITEST_LISTS_(id, __VA_ARGS__)                                                      \
  };                                                                                      \
  }                                                                                       \
  AWAITEST_WITH_PARAMETERS_(id, title, &::awaitest::detail::signature<&body>::parameters, \
                            &awaitest_options_##id::list, __VA_ARGS__)

// Around the two stand the body's declaration, and the head of its definition.
#define AWAITEST_PLAIN_WITH_(macro, id, title, params, ...)    \
  AWAITEST_BODY_(id, static void awaitest_body_##id params)    \
  macro(AWAITEST_BODY_OF_(id), id, title, params, __VA_ARGS__) \
      AWAITEST_HEAD_(void AWAITEST_BODY_OF_(id) params)
#define AWAITEST_ASYNC_WITH_(macro, id, title, params, ...)                                   \
  AWAITEST_ASYNC_BODY_(id, ::awaitest::asio::awaitable<void> AWAITEST_ASYNC_NAME_(id) params) \
  macro(AWAITEST_ASYNC_START_(id), id, title, params, __VA_ARGS__)                            \
      AWAITEST_HEAD_(::awaitest::asio::awaitable<void> AWAITEST_ASYNC_BODY_OF_(id) params)

#define AWAITEST_CLASS_(name) class name
#define AWAITEST_T_(result, body_for_type, parameters, id, title, type, ...)                          \
  namespace {                                                                                         \
  struct awaitest_options_##id : ::awaitest::option_names {                                           \
    template <class... T>                                                                             \
    static constexpr ::awaitest::type_list<T...> types{};                                             \
    template <class T>                                                                                \
    static constexpr ::awaitest::detail::typed_body<result> body = body_for_type;                     \
    AWAITEST_LISTS_(id, __VA_ARGS__)                                                                  \
  };                                                                                                  \
  }                                                                                                   \
  AWAITEST_WITH_PARAMETERS_(id, title, &::awaitest::detail::parameters, &awaitest_options_##id::list, \
                            __VA_ARGS__)                                                              \
  template <AWAITEST_CLASS_ type>

#define AWAITEST_TEST_F_(id, ...) AWAITEST_PLAIN_WITH_(AWAITEST_F_, id, __VA_ARGS__)
#define AWAITEST_TEST_ASYNC_F_(id, ...) AWAITEST_ASYNC_WITH_(AWAITEST_F_, id, __VA_ARGS__)
#define AWAITEST_TEST_P_(id, ...) AWAITEST_PLAIN_WITH_(AWAITEST_P_, id, __VA_ARGS__)
#define AWAITEST_TEST_ASYNC_P_(id, ...) AWAITEST_ASYNC_WITH_(AWAITEST_P_, id, __VA_ARGS__)
#define AWAITEST_TEST_T_(id, title, type, ...)                                                         \
  AWAITEST_BODY_(id, template <AWAITEST_CLASS_ type> static void awaitest_body_##id())                 \
  AWAITEST_T_(void, &awaitest_test_##id::template awaitest_body_##id<T>, typed_plain, id, title, type, \
              __VA_ARGS__)                                                                             \
  AWAITEST_HEAD_(void AWAITEST_BODY_OF_(id)())
#define AWAITEST_TEST_ASYNC_T_(id, title, type, ...)                                                   \
  AWAITEST_ASYNC_BODY_(                                                                                \
      id, template <AWAITEST_CLASS_ type>::awaitest::asio::awaitable<void> AWAITEST_ASYNC_NAME_(id)()) \
  AWAITEST_T_(::awaitest::asio::awaitable<void>,                                                       \
              &::awaitest::detail::body_in<awaitest_test_##id>::of <                                   \
                  &awaitest_test_##id::template AWAITEST_ASYNC_NAME_(id) < T >> ::start,               \
              typed_async, id, title, type, __VA_ARGS__)                                               \
  AWAITEST_HEAD_(::awaitest::asio::awaitable<void> AWAITEST_ASYNC_BODY_OF_(id)())

#define AWAITEST_SUITE_(id, name, title, ...)                                                                \
  AWAITEST_OPTIONS_(id, __VA_ARGS__)                                                                         \
  static constexpr ::awaitest::suite awaitest_suite_##id{                                                    \
      title, awaitest_suite, {__FILE__, __LINE__}, AWAITEST_OPTIONS_OF_(id, __VA_ARGS__)};                   \
  AWAITEST_FIRST_OF_SUITE_(name, [[maybe_unused]] static constexpr const ::awaitest::suite* awaitest_suite = \
                                     &awaitest_suite_##id;)                                                  \
  namespace name

// The names in a suite are its file's own. g++ reopens a namespace that is in an inline one, and may be unnamed with it. To
// others it is a namespace like any, with a name that is the file's own: AWAITEST_FILE_ID is in it. Two files that have not
// defined it may have suites of one number in one line, which the linker then says; as it does when two have the same.
#if defined(__GNUC__) && !defined(__clang__)
#define AWAITEST_FIRST_OF_SUITE_(name, ...) \
  inline namespace awaitest_suites {        \
  inline namespace {                        \
  namespace name {                          \
  __VA_ARGS__                               \
  }                                         \
  }                                         \
  }
#define AWAITEST_SUITE_WITH_ID_(file, id, line, ...) AWAITEST_SUITE_(id, awaitest_in_suite_##id, __VA_ARGS__)
#else
#if defined(__ELF__)
#define AWAITEST_NOT_SHARED_ [[gnu::visibility("hidden")]]  // each shared library has its own
#else
#define AWAITEST_NOT_SHARED_
#endif
#define AWAITEST_FIRST_OF_SUITE_(name, ...)                                       \
  namespace AWAITEST_NOT_SHARED_ name {                                           \
  extern const char define_AWAITEST_FILE_ID_differently_for_each_file;            \
  AWAITEST_KEPT const char define_AWAITEST_FILE_ID_differently_for_each_file = 0; \
  __VA_ARGS__                                                                     \
  }
#define AWAITEST_SUITE_WITH_ID_(file, id, line, ...) \
  AWAITEST_SUITE_(id, awaitest_in_suite_##file##_##id##_in_line_##line, __VA_ARGS__)
#endif
#define AWAITEST_SUITE_EXPANDED_(...) AWAITEST_SUITE_WITH_ID_(__VA_ARGS__)

#define AWAITEST_WITH_ID_(macro, id, ...) macro(id, __VA_ARGS__)
#define AWAITEST_EXPAND_ID_(macro, id, ...) AWAITEST_WITH_ID_(macro, id, __VA_ARGS__)

/// A test without a coroutine: `TEST("name", options...) { ... }`.
#define AWAITEST_TEST(...) AWAITEST_EXPAND_ID_(AWAITEST_TEST_, __COUNTER__, __VA_ARGS__)
/// A test whose body is a coroutine, run on a loop of awaitest: `TEST_ASYNC("name", options...) { ... co_await ... }`.
/// The body must hold a `co_await` or a `co_return`; that is checked unless AWAITEST_NO_COROUTINE_CHECK is defined.
#define AWAITEST_TEST_ASYNC(...) AWAITEST_EXPAND_ID_(AWAITEST_TEST_ASYNC_, __COUNTER__, __VA_ARGS__)
/// A test whose body takes fixtures: `TEST_F("name", (server& s, database& db), options...) { ... }`.
#define AWAITEST_TEST_F(...) AWAITEST_EXPAND_ID_(AWAITEST_TEST_F_, __COUNTER__, __VA_ARGS__)
#define AWAITEST_TEST_ASYNC_F(...) AWAITEST_EXPAND_ID_(AWAITEST_TEST_ASYNC_F_, __COUNTER__, __VA_ARGS__)
/// A test for each of its cases: `TEST_P("name", (server& s, int n, bool tls), cases{{1, true}, {2, false}}, options...)`.
#define AWAITEST_TEST_P(...) AWAITEST_EXPAND_ID_(AWAITEST_TEST_P_, __COUNTER__, __VA_ARGS__)
#define AWAITEST_TEST_ASYNC_P(...) AWAITEST_EXPAND_ID_(AWAITEST_TEST_ASYNC_P_, __COUNTER__, __VA_ARGS__)
/// A test for each of some types: `TEST_T("name", (T), types<int, std::string>, options...) { T value; ... }`.
#define AWAITEST_TEST_T(...) AWAITEST_EXPAND_ID_(AWAITEST_TEST_T_, __COUNTER__, __VA_ARGS__)
#define AWAITEST_TEST_ASYNC_T(...) AWAITEST_EXPAND_ID_(AWAITEST_TEST_ASYNC_T_, __COUNTER__, __VA_ARGS__)
/// A named block of tests, nested as deep as you like: `TEST_SUITE("name", options...) { TEST(...) ... }`. It is a
/// namespace: what stands in it is local to it and to its file. Its options are those of all its tests.
#define AWAITEST_TEST_SUITE(...) \
  AWAITEST_SUITE_EXPANDED_(AWAITEST_FILE_ID, __COUNTER__, __LINE__, __VA_ARGS__)
