// Where a task begins to wait, and where that ends.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(cancellation_signal.hpp)
#include AWAITEST_ASIO(cancellation_type.hpp)

#include <exception>
#include <system_error>
#include <utility>

#include "scope.hpp"

namespace awaitest::detail {

/// Told of the waits of a scope's tasks: see test_scope::suspensions. On the loop's thread.
class suspension_observer {
 public:
  suspension_observer() = default;
  suspension_observer(const suspension_observer&) = delete;
  suspension_observer& operator=(const suspension_observer&) = delete;
  virtual ~suspension_observer() = default;

  /// The task begins to wait. The wait ends at once with an error that is returned, as if it had been delivered to it, where
  /// `wait.can_fail()`.
  virtual error_code begins(task_ref who, const pending& wait) = 0;
  /// The task waits for its next turn; or a handler of it does, beside the one that goes on: the two cannot be told apart.
  virtual void waits_for_turn(task_ref who) = 0;
  /// A wait of the task is over: it goes on at a later turn.
  virtual void ends(task_ref who) = 0;
};

/// The one way by which the running task begins a wait that has a name: it is visible in reports until `went_on` or `remove`, and
/// whoever observes the scope's suspensions is asked. Returns the error that the wait is to end with, at once. Any thread.
inline error_code begins_to_wait(pending& wait) {
  wait.who = here.current;
  const held_task held{wait.who};
  if (!held) return {};
  held->scope->add(wait);
  // A thread that only has a context of the task, and the io_context's own handlers, are no task that waits.
  if (here.running != wait.who.slot || !held->scope->suspensions) [[likely]]
    return {};
  const auto error = held->scope->suspensions->begins(wait.who, wait);
  return wait.can_fail() ? error : error_code{};
}
/// The same for a wait that a terminal cancellation ends: by `cancel()`, which may come until the slot is cleared.
template <class Cancel>
error_code begins_to_wait(pending& wait, asio::cancellation_slot slot, Cancel cancel) {
  if (slot.is_connected())
    slot.assign([cancel](asio::cancellation_type type) {
      if ((type & asio::cancellation_type::terminal) != asio::cancellation_type::none) cancel();
    });
  return detail::begins_to_wait(wait);
}

/// A handler was put into the ready queue: by its own task, or because a wait of that has ended.
inline void queued(const ready_handler& handler, suspension_observer& observer) {
  if (here.running == handler.who.slot)
    observer.waits_for_turn(handler.who);
  else
    observer.ends(handler.who);
}

/// Makes a coroutine's wait visible while it lasts; on the frame of the coroutine that waits.
class visible_wait : public pending {
 public:
  visible_wait(const char* kind, location at) {
    what = kind;
    where = at;
    [[maybe_unused]] const auto no_error = detail::begins_to_wait(*this);
  }
  visible_wait(const visible_wait&) = delete;
  visible_wait& operator=(const visible_wait&) = delete;
  ~visible_wait() override {
    if (const held_task held{who}) held->scope->went_on(*this, std::uncaught_exceptions() > unwinding_);
  }

 private:
  int unwinding_ = std::uncaught_exceptions();
};

}  // namespace awaitest::detail
