// Assertions about exceptions: what was thrown is looked at inside the handler, where no `co_await` is allowed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "../async/result.hpp"
#include "../match/core.hpp"
#include "decompose.hpp"

namespace awaitest {
struct failure;  // model/event.hpp
}

namespace awaitest::detail {

/// Follows the expression of such an assertion, `(EXPR), evaluated{}`, whatever the type of EXPR. An awaitable
/// that nobody has awaited has not run, and can throw nothing.
struct evaluated {};
template <class T>
constexpr evaluated operator,(const T&, evaluated done) noexcept {
  static_assert(!is_awaitable<T>, "co_await is missing: a coroutine that is not awaited throws nothing");
  return done;  // as the comma itself does after a void EXPR: for a cast to void there is always something to do
}

/// One assertion about an exception, from its `try` to its verdict. Trivial: it lives in the coroutine's frame.
/// The members named after a finding are called in a handler; each passes on what must not be stopped, a task's end.
class throw_check {
 public:
  constexpr throw_check(location where, const char* macro, const char* text) noexcept
      : where_{where}, macro_{macro}, text_{text} {}

  void anything();                      ///< whatever was thrown is right
  void wanted_type();                   ///< what was thrown has the right type
  void wrong_type(const char* wanted);  ///< it has another
  void unwanted();                      ///< nothing should have been thrown
  void code(std::error_code wanted);    ///< right when it is a system_error with that code
  void code(std::error_condition wanted);
  void message(std::string_view wanted);  ///< right when what() is that, whole
  template <described M>
  void message(const M& wanted) {
    const std::string text = what();
    if (wanted.matches(text))
      anything();
    else
      wrong_message(text, wanted.describe());
  }

  /// The end of the assertion: reports what was not yet reported. `wanted` completes "nothing was thrown, ...".
  void finish(const char* wanted);
  void finish_nothrow();
  /// As above; then ends the task unless all was well.
  void require(const char* wanted);
  void require_nothrow();

 private:
  enum class state : std::uint8_t { nothing_thrown, right, reported };

  std::string what();
  void wrong_message(const std::string& text, const std::string& wanted);
  void report(failure&& what);
  void report_thrown(std::string expected, std::string before = {});

  location where_;
  const char* macro_;
  const char* text_;
  state state_ = state::nothing_thrown;
};

}  // namespace awaitest::detail
