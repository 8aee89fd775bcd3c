// The way of a failure to the test of the running task, or to the run; and the end of a task by an assertion.
#pragma once

#include <fmt/format.h>

#include <atomic>
#include <stdexcept>
#include <utility>

#include "../author/current/current.hpp"
#include "scope.hpp"

namespace awaitest::detail {

/// Takes a failure that belongs to no test. Any thread may call it.
using run_sink = void (*)(failure&& what);
void report_outside(failure&& what);  // run/watch/outside.hpp: when there is no run
inline constinit std::atomic<run_sink> report_to_run{&report_outside};
inline bool any_run() noexcept { return report_to_run.load() != &report_outside; }

/// Whether a failed assertion is only counted here: its test has more of them than will be told.
inline bool only_counts_here() noexcept {
  const held_task held{here.current};
  return held && held->scope->only_counts.load(std::memory_order_relaxed);
}

/// Gives the failure to the running task's test, with the task's name and context, or to the run.
/// Throws task_ended when a REQUIRE has ended the task before; what a destructor finds while it ends is told.
inline void report_here(failure&& what) {
  {
    const held_task held{here.current};
    if (held) {
      if (held->ended.load(std::memory_order_relaxed) && !unwinding()) throw task_ended{};
      if (what.kind != failure_kind::assertion || !held->scope->only_counts.load(std::memory_order_relaxed)) {
        what.task = held->label;
        what.notes = held->notes();
      } else if (const auto subtest = held->subtest(); subtest != 0) {
        what.notes.push_back({{}, {}, subtest});  // which has failed, too
      }
      held->scope->report(std::move(what));
      return;
    }
  }
  report_to_run.load()(std::move(what));
}

/// No assertion of the running task counts from here on: each throws.
inline void end_task_here() {
  if (const held_task held{here.current}) held->ended.store(true, std::memory_order_relaxed);
  checks = nullptr;
}

/// The same, and leaves the task: unless an exception is in flight already.
inline void leave_task_here() {
  end_task_here();
#if !defined(__clang_analyzer__)
  if (unwinding()) return;
#endif
  throw task_ended{};
}

[[noreturn]] inline void no_test(const char* what) {
  throw std::logic_error(
      fmt::format("{} was called where no test is running; on a thread of your own, hold `auto in = "
                  "context.enter();` of a context "
                  "captured in the test",
                  what));
}

}  // namespace awaitest::detail
