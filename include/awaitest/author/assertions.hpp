// The assertion macros. Each takes any expression, a `co_await` anywhere in it, and evaluates it once.
#pragma once

#include <fmt/core.h>

#include "approx.hpp"
#include "check.hpp"
#include "info.hpp"
#include "match_sequence.hpp"
#include "match_text.hpp"
#include "throws.hpp"
#include "time.hpp"

namespace awaitest::detail {

/// Reports a failed assertion to the running task, or to the run when there is none.
AWAITEST_COLD void failed(explanation* why, location where, const char* macro, const char* text);
/// The same, and ends the task.
[[noreturn]] AWAITEST_COLD void failed_required(explanation* why, location where, const char* macro,
                                                const char* text);

explanation* explain_match(printable value, std::string wanted, std::string wrong);

/// The value of CHECK_THAT, evaluated before the matcher is made: no matcher lives across a `co_await`.
template <class T>
class subject {
 public:
  explicit constexpr subject(const T& value) noexcept : value_{value} {}
  template <class M>
  verdict is(const M& wanted) const {
    if constexpr (described<M>) {
      static_assert(matcher<M, T>, "this matcher cannot be applied to a value of this type");
      if (wanted.matches(value_)) [[likely]]
        return verdict{passed()};
      return verdict{explain_match(printing(value_), wanted.describe(), explanation_of(wanted, value_))};
    } else {
      return is(as_matcher(wanted));
    }
  }

 private:
  const T& value_;
};
struct take_subject {
  template <class T>
  constexpr subject<T> operator<=>(const T& value) const noexcept {
    return subject<T>{value};
  }
};

[[noreturn]] AWAITEST_COLD void fail(location where, fmt::string_view format, fmt::format_args values);
[[noreturn]] AWAITEST_COLD void skip(location where, fmt::string_view format, fmt::format_args values);

template <class... T>
[[noreturn]] void fail_with(location where, fmt::format_string<T...> format, T&&... values) {
  fail(where, fmt::string_view{format}, fmt::make_format_args(values...));
}
template <class... T>
[[noreturn]] void skip_with(location where, fmt::format_string<T...> format, T&&... values) {
  skip(where, fmt::string_view{format}, fmt::make_format_args(values...));
}
[[noreturn]] inline void fail_with(location where) { fail(where, {}, {}); }
[[noreturn]] inline void skip_with(location where) { skip(where, {}, {}); }

/// The waiting in CHECK_EVENTUALLY: first lets the test run until it is blocked, then sleeps in growing steps.
class poll {
 public:
  explicit poll(std::chrono::nanoseconds within);
  bool expired() const;
  asio::awaitable<void> again();

 private:
  std::chrono::steady_clock::time_point end_;
  std::chrono::nanoseconds pause_{};
};

}  // namespace awaitest::detail

#define AWAITEST_VERDICT_(on_failure, macro, kind, decomposer, text, ...)                                 \
  do {                                                                                                    \
    const ::awaitest::detail::kind awaitest_verdict = (::awaitest::detail::decomposer{} <=> __VA_ARGS__); \
    if (awaitest_verdict.why) [[unlikely]]                                                                \
      ::awaitest::detail::on_failure(awaitest_verdict.why, AWAITEST_HERE, macro, text);                   \
  } while (false)

/// The expression is true; the test goes on after a failure.
#define AWAITEST_CHECK(...) AWAITEST_VERDICT_(failed, "CHECK", verdict, decompose, #__VA_ARGS__, __VA_ARGS__)
/// The expression is true; a failure ends the test.
#define AWAITEST_REQUIRE(...) \
  AWAITEST_VERDICT_(failed_required, "REQUIRE", verdict, decompose, #__VA_ARGS__, __VA_ARGS__)
/// The expression is false.
#define AWAITEST_CHECK_FALSE(...) \
  AWAITEST_VERDICT_(failed, "CHECK_FALSE", negated_verdict, decompose_negated, #__VA_ARGS__, __VA_ARGS__)
#define AWAITEST_REQUIRE_FALSE(...)                                                                     \
  AWAITEST_VERDICT_(failed_required, "REQUIRE_FALSE", negated_verdict, decompose_negated, #__VA_ARGS__, \
                    __VA_ARGS__)

#define AWAITEST_THAT_(on_failure, macro, text, value, ...)                             \
  do {                                                                                  \
    const ::awaitest::detail::verdict awaitest_verdict =                                \
        (::awaitest::detail::take_subject{} <=> value).is(__VA_ARGS__);                 \
    if (awaitest_verdict.why) [[unlikely]]                                              \
      ::awaitest::detail::on_failure(awaitest_verdict.why, AWAITEST_HERE, macro, text); \
  } while (false)

/// The value matches: `CHECK_THAT(names, contains("ada"))`.
#define AWAITEST_CHECK_THAT(value, ...) \
  AWAITEST_THAT_(failed, "CHECK_THAT", #value ", " #__VA_ARGS__, value, __VA_ARGS__)
#define AWAITEST_REQUIRE_THAT(value, ...) \
  AWAITEST_THAT_(failed_required, "REQUIRE_THAT", #value ", " #__VA_ARGS__, value, __VA_ARGS__)

#define AWAITEST_THROWS_(macro, text, finish, expression, ...)                  \
  do {                                                                          \
    ::awaitest::detail::throw_check awaitest_check{AWAITEST_HERE, macro, text}; \
    try {                                                                       \
      static_cast<void>((expression, ::awaitest::detail::evaluated{}));         \
    }                                                                           \
    __VA_ARGS__                                                                 \
    awaitest_check.finish;                                                      \
  } while (false)
#define AWAITEST_ANY_          \
  catch (...) {                \
    awaitest_check.anything(); \
  }
#define AWAITEST_NONE_         \
  catch (...) {                \
    awaitest_check.unwanted(); \
  }
#define AWAITEST_TYPE_(...)                           \
  catch (const ::std::remove_cvref_t<__VA_ARGS__>&) { \
    awaitest_check.wanted_type();                     \
  }                                                   \
  catch (...) {                                       \
    awaitest_check.wrong_type(#__VA_ARGS__);          \
  }
#define AWAITEST_CODE_(...)           \
  catch (...) {                       \
    awaitest_check.code(__VA_ARGS__); \
  }
#define AWAITEST_MESSAGE_(...)           \
  catch (...) {                          \
    awaitest_check.message(__VA_ARGS__); \
  }

/// Evaluating the expression throws something.
#define AWAITEST_CHECK_THROWS(...) \
  AWAITEST_THROWS_("CHECK_THROWS", #__VA_ARGS__, finish("an exception"), (__VA_ARGS__), AWAITEST_ANY_)
#define AWAITEST_REQUIRE_THROWS(...) \
  AWAITEST_THROWS_("REQUIRE_THROWS", #__VA_ARGS__, require("an exception"), (__VA_ARGS__), AWAITEST_ANY_)
/// It throws the type or one derived from it.
#define AWAITEST_CHECK_THROWS_AS(expression, ...)                                                        \
  AWAITEST_THROWS_("CHECK_THROWS_AS", #expression ", " #__VA_ARGS__, finish(#__VA_ARGS__), (expression), \
                   AWAITEST_TYPE_(__VA_ARGS__))
#define AWAITEST_REQUIRE_THROWS_AS(expression, ...)                                                         \
  AWAITEST_THROWS_("REQUIRE_THROWS_AS", #expression ", " #__VA_ARGS__, require(#__VA_ARGS__), (expression), \
                   AWAITEST_TYPE_(__VA_ARGS__))
/// It throws a std::exception whose message is the text, or matches the matcher.
#define AWAITEST_CHECK_THROWS_WITH(expression, ...)                    \
  AWAITEST_THROWS_("CHECK_THROWS_WITH", #expression ", " #__VA_ARGS__, \
                   finish("an exception with a message"), (expression), AWAITEST_MESSAGE_(__VA_ARGS__))
#define AWAITEST_REQUIRE_THROWS_WITH(expression, ...)                    \
  AWAITEST_THROWS_("REQUIRE_THROWS_WITH", #expression ", " #__VA_ARGS__, \
                   require("an exception with a message"), (expression), AWAITEST_MESSAGE_(__VA_ARGS__))
/// It throws nothing.
#define AWAITEST_CHECK_NOTHROW(...) \
  AWAITEST_THROWS_("CHECK_NOTHROW", #__VA_ARGS__, finish_nothrow(), (__VA_ARGS__), AWAITEST_NONE_)
#define AWAITEST_REQUIRE_NOTHROW(...) \
  AWAITEST_THROWS_("REQUIRE_NOTHROW", #__VA_ARGS__, require_nothrow(), (__VA_ARGS__), AWAITEST_NONE_)
/// It throws a std::system_error with that error code or condition.
#define AWAITEST_CHECK_ERROR(expression, ...)                                                       \
  AWAITEST_THROWS_("CHECK_ERROR", #expression ", " #__VA_ARGS__, finish("the error " #__VA_ARGS__), \
                   (expression), AWAITEST_CODE_(__VA_ARGS__))
#define AWAITEST_REQUIRE_ERROR(expression, ...)                                                        \
  AWAITEST_THROWS_("REQUIRE_ERROR", #expression ", " #__VA_ARGS__, require("the error " #__VA_ARGS__), \
                   (expression), AWAITEST_CODE_(__VA_ARGS__))

#define AWAITEST_EVENTUALLY_(on_failure, macro, text, expression, ...)                                       \
  do {                                                                                                       \
    ::awaitest::detail::poll awaitest_poll{__VA_ARGS__};                                                     \
    for (bool awaitest_last = false;;) {                                                                     \
      awaitest_last = awaitest_poll.expired();                                                               \
      const ::awaitest::detail::verdict awaitest_verdict = (::awaitest::detail::decompose{} <=> expression); \
      if (!awaitest_verdict.why) break;                                                                      \
      if (awaitest_last) {                                                                                   \
        ::awaitest::detail::on_failure(awaitest_verdict.why, AWAITEST_HERE, macro, text);                    \
        break;                                                                                               \
      }                                                                                                      \
      ::awaitest::detail::discard(awaitest_verdict.why);                                                     \
      co_await awaitest_poll.again();                                                                        \
    }                                                                                                        \
  } while (false)

/// In a coroutine: the expression becomes true within the duration. It is evaluated again whenever the rest of the test
/// is blocked, and then at growing intervals, at last once more when the time is over.
#define AWAITEST_CHECK_EVENTUALLY(expression, ...) \
  AWAITEST_EVENTUALLY_(failed, "CHECK_EVENTUALLY", #expression ", " #__VA_ARGS__, expression, __VA_ARGS__)
#define AWAITEST_REQUIRE_EVENTUALLY(expression, ...)                                                     \
  AWAITEST_EVENTUALLY_(failed_required, "REQUIRE_EVENTUALLY", #expression ", " #__VA_ARGS__, expression, \
                       __VA_ARGS__)

/// Fails and ends the test, with a message formatted by fmt.
#define AWAITEST_FAIL(...) ::awaitest::detail::fail_with(AWAITEST_HERE __VA_OPT__(, ) __VA_ARGS__)
/// Ends the test as skipped, with a reason formatted by fmt.
#define AWAITEST_SKIP(...) ::awaitest::detail::skip_with(AWAITEST_HERE __VA_OPT__(, ) __VA_ARGS__)
