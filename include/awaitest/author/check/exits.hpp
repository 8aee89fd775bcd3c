// Exit tests: a statement that ends the process, in a process of its own.
#pragma once

#include <string>
#include <string_view>

#include "assertions.hpp"

namespace awaitest {

/// How a process is to end in a CHECK_EXITS, beside a number, which is its exit code: by that signal, `signalled{SIGABRT}`.
struct signalled {
  int number;
};

namespace detail {

struct wanted_end {
  constexpr wanted_end(int code) noexcept : number{code} {}
  constexpr wanted_end(signalled by) noexcept : number{by.number}, by_signal{true} {}
  int number;
  bool by_signal = false;
};

/// One exit test, in both processes: the test's, where `check` waits for the other to end, and the other, where the statement runs.
/// Blocks its thread: nothing else of the test runs meanwhile.
class exit_check {
 public:
  /// The constructor makes the process, and returns in both.
  exit_check(location where, const char* macro, const char* text);
  exit_check(const exit_check&) = delete;
  exit_check& operator=(const exit_check&) = delete;
  ~exit_check();

  bool is_statement_run() const noexcept { return here_; }
  /// The statement has thrown, in a handler; or it has come to its end. The process ends there, and the check fails.
  [[noreturn]] void threw();
  [[noreturn]] void came_back();

  void check(wanted_end wanted) { report(wanted, true, {}, {}); }
  template <class M>
  void check(wanted_end wanted, const M& of_stderr) {
    const auto matcher = detail::as_matcher(of_stderr);
    const auto& printed = wait();
    const bool fits = matcher.matches(printed);
    report(wanted, fits, fits ? std::string{} : std::string(matcher.describe()),
           fits ? std::string{} : detail::explanation_of(matcher, printed));
  }
  /// Whether the check held.
  void require() const;

 private:
  /// The standard error of the process, once that is gone.
  const std::string& wait();
  [[noreturn]] void end(std::string_view words);
  void report(wanted_end wanted, bool fits, std::string expected, std::string wrong);

  location where_;
  const char* macro_;
  const char* text_;
  std::string printed_;
  std::string told_;  // by the process, where the statement did not end it
  int prints_ = -1;   // a pipe: its standard error
  int tells_ = -1;    // another
  int error_ = 0;     // the process could not be made
  int status_ = 0;
  long process_ = 0;
  bool here_ = false;    // this process is the other one
  bool killed_ = false;  // the other one did not end by itself
  bool held_ = false;
};

}  // namespace detail
}  // namespace awaitest

#define AWAITEST_EXITS_(id, macro, text, statement, finish, ...)                \
  do {                                                                          \
    ::awaitest::detail::exit_check id{{__FILE__, AWAITEST_LINE_}, macro, text}; \
    if (id.is_statement_run()) {                                                \
      try {                                                                     \
        statement;                                                              \
      } catch (...) {                                                           \
        id.threw();                                                             \
      }                                                                         \
      id.came_back();                                                           \
    }                                                                           \
    id.check(__VA_ARGS__);                                                      \
    finish(id)                                                                  \
  } while (false)

#define AWAITEST_GO_ON_(id)
#define AWAITEST_STOP_(id) id.require();

/// The statement, run in a process of its own, ends that with the exit code, or by the signal: `CHECK_EXITS(fail_hard(), 3)`,
/// `CHECK_EXITS(std::abort(), awaitest::signalled{SIGABRT}, contains("why"))`; what it has written to standard error is the text, or
/// matches the matcher. A comma in the statement stands in parentheses. The statement cannot await: no loop runs there. A process that has
/// not ended after four seconds is killed. A sanitizer may add a line to standard error: starts_with() holds all the same. POSIX only.
#define AWAITEST_CHECK_EXITS(statement, ...)                                                               \
  AWAITEST_EXITS_(AWAITEST_NAME_, "CHECK_EXITS", #statement ", " #__VA_ARGS__, statement, AWAITEST_GO_ON_, \
                  __VA_ARGS__)
#define AWAITEST_REQUIRE_EXITS(statement, ...)                                                              \
  AWAITEST_EXITS_(AWAITEST_NAME_, "REQUIRE_EXITS", #statement ", " #__VA_ARGS__, statement, AWAITEST_STOP_, \
                  __VA_ARGS__)
