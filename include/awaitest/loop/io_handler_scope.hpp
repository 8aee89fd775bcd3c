// Around what comes from the io_context and not from a task's executor.
#pragma once

#include "loop_activity.hpp"

namespace awaitest::detail {

/// Assertions in it belong to `who`, the body of the only test in flight; or to nobody. With `wait`, it is also the wait for it.
class io_handler_scope {
 public:
  io_handler_scope(loop_activity& of, task_ref who, loop_wait* wait = nullptr)
      : waits_{wait != nullptr}, activity_{of, loop_work::io_handler, who, wait} {
    if (waits_) wait_here = wait;
    if (!who.slot || !alive(who)) return;
    here = {who, nullptr, nullptr, std::uncaught_exceptions()};
    checks = who.slot->ended.load(std::memory_order_relaxed) ? nullptr : &who.slot->checks;
  }
  io_handler_scope(const io_handler_scope&) = delete;
  io_handler_scope& operator=(const io_handler_scope&) = delete;
  ~io_handler_scope() {
    if (waits_) wait_here = nullptr;
    here = {};
    checks = nullptr;
  }

 private:
  bool waits_;
  activity activity_;
};

}  // namespace awaitest::detail
