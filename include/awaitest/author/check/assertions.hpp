// The assertion macros. Each takes any expression, a `co_await` anywhere in it, and evaluates it once.
#pragma once

#include "../async/time.hpp"
#include "../current/info.hpp"
#include "../match/sequence.hpp"
#include "../match/text.hpp"
#include "approx.hpp"
#include "decompose.hpp"
#include "fail.hpp"
#include "subject.hpp"
#include "throws.hpp"

namespace awaitest::detail {

/// Reports a failed assertion to the running task, or to the run when there is none.
AWAITEST_COLD void failed(explanation* why, location where, const char* macro, const char* text);
// A REQUIRE returns in a destructor. That it ends the test otherwise is what analysers know.
#if defined(__clang_analyzer__) || defined(__COVERITY__)
#define AWAITEST_ENDS_TEST [[noreturn]]
#else
#define AWAITEST_ENDS_TEST
#endif
/// The same, and ends the task: by an exception, unless there is one in flight or it is a
/// destructor that asserts.
AWAITEST_ENDS_TEST AWAITEST_COLD void failed_required(explanation* why, location where, const char* macro,
                                                      const char* text);

#if defined(__clang_analyzer__)
inline constexpr bool never = false;
#endif

// The functions that the macros call. A place is two scalars: an aggregate as an argument is dear to compile in a coroutine.
// A passing one is counted in place; the rest is out of line and one call.
#define AWAITEST_FINISH(name, wanted, attributes, on_failure, macro)                              \
  attributes AWAITEST_COLD inline void name##_failed(bool value, const char* file, unsigned line, \
                                                     const char* text, unsigned char side) {      \
    const line_scope in{line};                                                                    \
    on_failure(why_not(value, wanted, text, side), {file, line & ~in_destructor}, macro, text);   \
  }                                                                                               \
  inline void name(bool value, const char* file, unsigned line, const char* text,                 \
                   unsigned char side = first_operand::unseen) {                                  \
    if (auto* count = checks; value == wanted && count) [[likely]]                                \
      ++*count;                                                                                   \
    else                                                                                          \
      name##_failed(value, file, line, text, side);                                               \
  }
#define AWAITEST_CHECKING(name, wanted, macro) AWAITEST_FINISH(name, wanted, , failed, macro)
#define AWAITEST_REQUIRING(name, wanted, macro) \
  AWAITEST_FINISH(name, wanted, AWAITEST_ENDS_TEST, failed_required, macro)
AWAITEST_CHECKING(check, true, "CHECK")
AWAITEST_REQUIRING(require, true, "REQUIRE")
AWAITEST_CHECKING(check_false, false, "CHECK_FALSE")
AWAITEST_REQUIRING(require_false, false, "REQUIRE_FALSE")
AWAITEST_CHECKING(check_that, true, "CHECK_THAT")
AWAITEST_REQUIRING(require_that, true, "REQUIRE_THAT")
AWAITEST_CHECKING(check_eventually, true, "CHECK_EVENTUALLY")
AWAITEST_REQUIRING(require_eventually, true, "REQUIRE_EVENTUALLY")
#undef AWAITEST_CHECKING
#undef AWAITEST_REQUIRING
#undef AWAITEST_FINISH

/// The waiting in CHECK_EVENTUALLY: first lets the test run until it is blocked, then sleeps in growing steps. Of virtual time they grow
/// with what has passed.
class poll {
 public:
  poll(location where, time_span within);
  bool expired() const;
  asio::awaitable<void> again();

 private:
  location where_;
  std::chrono::steady_clock::time_point begun_, end_;
  std::chrono::nanoseconds pause_{};
};

}  // namespace awaitest::detail

// The local has a name of its own in each: a lambda in the expression may assert as well.
#define AWAITEST_LINE_ ::awaitest::detail::line_in(__func__, __LINE__)
#define AWAITEST_HELD_ AWAITEST_JOIN(awaitest_held_, __COUNTER__)
// To clang-tidy, `decompose{} <=> a == b` is a chain of comparisons: it is told otherwise where the chain begins.
#define AWAITEST_APART_(side, ...) \
  ::awaitest::detail::decompose{side} /* NOLINT(bugprone-chained-comparison) */ <=> __VA_ARGS__
#define AWAITEST_NEGATED_(side, ...) \
  ::awaitest::detail::decompose_negated{side} /* NOLINT(bugprone-chained-comparison) */ <=> __VA_ARGS__
#if !defined(__clang_analyzer__)
#define AWAITEST_ASSERT_(held, finish, text, ...)                     \
  do {                                                                \
    const bool held = (__VA_ARGS__);                                  \
    ::awaitest::detail::finish(held, __FILE__, AWAITEST_LINE_, text); \
  } while (false)
#define AWAITEST_SIDES_(held, finish, text, apart, ...)                            \
  do {                                                                             \
    unsigned char held##_side = 0;                                                 \
    const bool held = (apart(held##_side, __VA_ARGS__));                           \
    ::awaitest::detail::finish(held, __FILE__, AWAITEST_LINE_, text, held##_side); \
  } while (false)
#define AWAITEST_TRUE_(held, finish, text, ...) \
  AWAITEST_SIDES_(held, finish, text, AWAITEST_APART_, __VA_ARGS__)
#define AWAITEST_FALSE_(held, finish, text, ...) \
  AWAITEST_SIDES_(held, finish, text, AWAITEST_NEGATED_, __VA_ARGS__)
#else
// An analyser (clang-tidy, the static analyser) reads the expression itself: what a REQUIRE has made certain of a pointer or an
// optional is certain afterwards. The decomposed one, which is never reached, keeps the author's printing functions in use, and
// has the warnings that it has elsewhere.
#define AWAITEST_ASSERT_(held, finish, text, ...)                                            \
  do {                                                                                       \
    const bool held = (__VA_ARGS__);                                                         \
    if (!held) ::awaitest::detail::finish##_failed(held, __FILE__, AWAITEST_LINE_, text, 0); \
  } while (false)
#define AWAITEST_READ_(held, finish, text, value, apart)                                                    \
  do {                                                                                                      \
    _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Weverything\"") const bool held = \
        (value);                                                                                            \
    _Pragma("clang diagnostic pop") if (!held) {                                                            \
      unsigned char held##_side = 0;                                                                        \
      if (::awaitest::detail::never) {                                                                      \
        const bool shown = (apart);                                                                         \
        static_cast<void>(shown);                                                                           \
      }                                                                                                     \
      ::awaitest::detail::finish##_failed(held, __FILE__, AWAITEST_LINE_, text, held##_side);               \
    }                                                                                                       \
  } while (false)
#define AWAITEST_TRUE_(held, finish, text, ...) AWAITEST_READ_TRUE_(held, finish, text, __VA_ARGS__)
#define AWAITEST_FALSE_(held, finish, text, ...) AWAITEST_READ_FALSE_(held, finish, text, __VA_ARGS__)
#define AWAITEST_READ_TRUE_(held, finish, text, ...)                   \
  AWAITEST_READ_(held, finish, text, (static_cast<bool>(__VA_ARGS__)), \
                 (AWAITEST_APART_(held##_side, __VA_ARGS__)))
#define AWAITEST_READ_FALSE_(held, finish, text, ...)                   \
  AWAITEST_READ_(held, finish, text, (!static_cast<bool>(__VA_ARGS__)), \
                 (AWAITEST_NEGATED_(held##_side, __VA_ARGS__)))
#endif

/// The expression is true; the test goes on after a failure.
#define AWAITEST_CHECK(...) AWAITEST_TRUE_(AWAITEST_HELD_, check, #__VA_ARGS__, __VA_ARGS__)
/// The expression is true; a failure ends the test.
#define AWAITEST_REQUIRE(...) AWAITEST_TRUE_(AWAITEST_HELD_, require, #__VA_ARGS__, __VA_ARGS__)
/// The expression is false.
#define AWAITEST_CHECK_FALSE(...) AWAITEST_FALSE_(AWAITEST_HELD_, check_false, #__VA_ARGS__, __VA_ARGS__)
#define AWAITEST_REQUIRE_FALSE(...) AWAITEST_FALSE_(AWAITEST_HELD_, require_false, #__VA_ARGS__, __VA_ARGS__)

/// The value matches: `CHECK_THAT(names, contains("ada"))`.
#define AWAITEST_CHECK_THAT(value, ...)                                  \
  AWAITEST_ASSERT_(AWAITEST_HELD_, check_that, #value ", " #__VA_ARGS__, \
                   (::awaitest::detail::take_subject{} <=> value).is(__VA_ARGS__))
#define AWAITEST_REQUIRE_THAT(value, ...)                                  \
  AWAITEST_ASSERT_(AWAITEST_HELD_, require_that, #value ", " #__VA_ARGS__, \
                   (::awaitest::detail::take_subject{} <=> value).is(__VA_ARGS__))

// `check` is a name that no macro around or inside this one declares: assertions may be nested.
#define AWAITEST_THROWS_(check, macro, text, finish, expression, handlers, ...)     \
  do {                                                                              \
    ::awaitest::detail::throw_check check{{__FILE__, AWAITEST_LINE_}, macro, text}; \
    try {                                                                           \
      static_cast<void>((expression, ::awaitest::detail::evaluated{}));             \
    }                                                                               \
    handlers(check, __VA_ARGS__) check.finish;                                      \
  } while (false)
#define AWAITEST_NAME_ AWAITEST_JOIN(awaitest_check_, __COUNTER__)
#define AWAITEST_ANY_(check, ...) \
  catch (...) {                   \
    check.anything();             \
  }
#define AWAITEST_NONE_(check, ...) \
  catch (...) {                    \
    check.unwanted();              \
  }
#define AWAITEST_TYPE_(check, spelled, ...)           \
  catch (const ::std::remove_cvref_t<__VA_ARGS__>&) { \
    check.wanted_type();                              \
  }                                                   \
  catch (...) {                                       \
    check.wrong_type(spelled);                        \
  }
#define AWAITEST_CODE_(check, ...) \
  catch (...) {                    \
    check.code(__VA_ARGS__);       \
  }
#define AWAITEST_MESSAGE_(check, ...) \
  catch (...) {                       \
    check.message(__VA_ARGS__);       \
  }

/// Evaluating the expression throws something.
#define AWAITEST_CHECK_THROWS(...)                                                                      \
  AWAITEST_THROWS_(AWAITEST_NAME_, "CHECK_THROWS", #__VA_ARGS__, finish("an exception"), (__VA_ARGS__), \
                   AWAITEST_ANY_)
#define AWAITEST_REQUIRE_THROWS(...)                                                                       \
  AWAITEST_THROWS_(AWAITEST_NAME_, "REQUIRE_THROWS", #__VA_ARGS__, require("an exception"), (__VA_ARGS__), \
                   AWAITEST_ANY_)
/// It throws the type or one derived from it.
#define AWAITEST_CHECK_THROWS_AS(expression, ...)                                                          \
  AWAITEST_THROWS_(AWAITEST_NAME_, "CHECK_THROWS_AS", #expression ", " #__VA_ARGS__, finish(#__VA_ARGS__), \
                   (expression), AWAITEST_TYPE_, #__VA_ARGS__, __VA_ARGS__)
#define AWAITEST_REQUIRE_THROWS_AS(expression, ...)                                    \
  AWAITEST_THROWS_(AWAITEST_NAME_, "REQUIRE_THROWS_AS", #expression ", " #__VA_ARGS__, \
                   require(#__VA_ARGS__), (expression), AWAITEST_TYPE_, #__VA_ARGS__, __VA_ARGS__)
/// It throws a std::exception whose message is the text, or matches the matcher.
#define AWAITEST_CHECK_THROWS_WITH(expression, ...)                                    \
  AWAITEST_THROWS_(AWAITEST_NAME_, "CHECK_THROWS_WITH", #expression ", " #__VA_ARGS__, \
                   finish("an exception with a message"), (expression), AWAITEST_MESSAGE_, __VA_ARGS__)
#define AWAITEST_REQUIRE_THROWS_WITH(expression, ...)                                    \
  AWAITEST_THROWS_(AWAITEST_NAME_, "REQUIRE_THROWS_WITH", #expression ", " #__VA_ARGS__, \
                   require("an exception with a message"), (expression), AWAITEST_MESSAGE_, __VA_ARGS__)
/// It throws nothing.
#define AWAITEST_CHECK_NOTHROW(...)                                                                \
  AWAITEST_THROWS_(AWAITEST_NAME_, "CHECK_NOTHROW", #__VA_ARGS__, finish_nothrow(), (__VA_ARGS__), \
                   AWAITEST_NONE_)
#define AWAITEST_REQUIRE_NOTHROW(...)                                                                 \
  AWAITEST_THROWS_(AWAITEST_NAME_, "REQUIRE_NOTHROW", #__VA_ARGS__, require_nothrow(), (__VA_ARGS__), \
                   AWAITEST_NONE_)
/// It throws a std::system_error with that error code or condition.
#define AWAITEST_CHECK_ERROR(expression, ...)                                    \
  AWAITEST_THROWS_(AWAITEST_NAME_, "CHECK_ERROR", #expression ", " #__VA_ARGS__, \
                   finish("the error " #__VA_ARGS__), (expression), AWAITEST_CODE_, __VA_ARGS__)
#define AWAITEST_REQUIRE_ERROR(expression, ...)                                    \
  AWAITEST_THROWS_(AWAITEST_NAME_, "REQUIRE_ERROR", #expression ", " #__VA_ARGS__, \
                   require("the error " #__VA_ARGS__), (expression), AWAITEST_CODE_, __VA_ARGS__)

#define AWAITEST_EVENTUALLY_(id, finish, text, expression, ...)                                   \
  do {                                                                                            \
    ::awaitest::detail::poll AWAITEST_JOIN(awaitest_poll_, id){AWAITEST_HERE, __VA_ARGS__};       \
    for (bool AWAITEST_JOIN(awaitest_last_, id) = false;;) {                                      \
      AWAITEST_JOIN(awaitest_last_, id) = AWAITEST_JOIN(awaitest_poll_, id).expired();            \
      unsigned char AWAITEST_JOIN(awaitest_side_, id) = 0;                                        \
      const bool AWAITEST_JOIN(awaitest_held_, id) =                                              \
          (AWAITEST_APART_(AWAITEST_JOIN(awaitest_side_, id), expression));                       \
      if (AWAITEST_JOIN(awaitest_held_, id) || AWAITEST_JOIN(awaitest_last_, id)) {               \
        ::awaitest::detail::finish(                                                               \
            AWAITEST_JOIN(awaitest_held_, id), __FILE__, AWAITEST_LINE_, text,                    \
            ::awaitest::detail::first_operand::with_duration(AWAITEST_JOIN(awaitest_side_, id))); \
        break;                                                                                    \
      }                                                                                           \
      ::awaitest::detail::forget();                                                               \
      co_await AWAITEST_JOIN(awaitest_poll_, id).again();                                         \
    }                                                                                             \
  } while (false)

/// In a coroutine: the expression becomes true within the duration. It is evaluated again whenever the rest of the test
/// is blocked, and then at growing intervals, at last once more when the time is over.
#define AWAITEST_CHECK_EVENTUALLY(expression, ...) \
  AWAITEST_EVENTUALLY_(__COUNTER__, check_eventually, #expression ", " #__VA_ARGS__, expression, __VA_ARGS__)
#define AWAITEST_REQUIRE_EVENTUALLY(expression, ...)                                               \
  AWAITEST_EVENTUALLY_(__COUNTER__, require_eventually, #expression ", " #__VA_ARGS__, expression, \
                       __VA_ARGS__)
