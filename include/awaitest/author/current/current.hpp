// Which task an assertion belongs to. The loop sets it around every handler, `context::enter` on other threads.
#pragma once

#include <cstdint>

#include "../../config.hpp"
#include "../../model/location.hpp"

namespace awaitest::detail {

struct task;  // task/task.hpp

/// A task by its slot and its use: a handle to one that ended is recognised, however late it is used.
struct task_ref {
  task* slot = nullptr;
  std::uint32_t generation = 0;
};

/// The counter of the running task's assertions; null where no task runs or a REQUIRE has already ended it.
/// All that a passing assertion touches. `extern constinit`: no guard, no wrapper call.
extern constinit thread_local std::uint64_t* checks;

/// Leaves a task that must not go on: the exception of REQUIRE, FAIL and SKIP. Not a std::exception, so that a test's
/// own `catch (const std::exception&)` lets it pass; swallowed by `catch (...)`, it is thrown again by the next assertion.
struct task_ended {};

/// A base of exceptions that follow from a failure which has been reported: one that ends the test is not told again.
struct already_told {};

/// An exception is on its way through the code of the running handler, and a second one thrown by a destructor would end
/// the process: nothing of awaitest throws then.
bool unwinding() noexcept;

/// The line of an assertion, with a mark on it where the function is a destructor: most are noexcept, and nothing is thrown
/// out of one.
inline constexpr unsigned in_destructor = 1U << 31;
consteval unsigned line_in(const char* function, unsigned line) noexcept {
  return *function == '~' ? line | in_destructor : line;
}
extern constinit thread_local bool destructor_asserts;
/// While the assertion of that line is told.
class line_scope {
 public:
  explicit line_scope(unsigned line) noexcept : before_{destructor_asserts} {
    destructor_asserts = (line & in_destructor) != 0;
  }
  line_scope(const line_scope&) = delete;
  line_scope& operator=(const line_scope&) = delete;
  ~line_scope() { destructor_asserts = before_; }

 private:
  bool before_;
};

}  // namespace awaitest::detail
