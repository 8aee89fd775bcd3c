// Around what comes from the io_context and not from a task's executor.
#pragma once

#include "slow_handlers.hpp"

namespace awaitest::detail {

/// Assertions in it belong to `who`, the body of the only test in flight; or to nobody. With `wait`, it is also the wait for it.
class io_handler_scope {
 public:
  io_handler_scope(handler_turns& turns, slow_handlers& slow, task_ref who, reactor_wait* wait = nullptr)
      : watch_{slow, loop_work::io_handler, who, wait}, wait_before_{wait_here} {
    if (wait)
      wait->begin();
    else
      turns.next();
    wait_here = wait;
    if (!who.slot || !alive(who)) return;
    here = {who, nullptr, nullptr};
    checks = who.slot->ended.load(std::memory_order_relaxed) ? nullptr : &who.slot->checks;
  }
  io_handler_scope(const io_handler_scope&) = delete;
  io_handler_scope& operator=(const io_handler_scope&) = delete;
  ~io_handler_scope() {
    wait_here = wait_before_;
    here = {};
    checks = nullptr;
  }

 private:
  handler_watch watch_;
  reactor_wait* wait_before_;
};

}  // namespace awaitest::detail
