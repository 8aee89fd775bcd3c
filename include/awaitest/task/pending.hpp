// A wait of a coroutine, and its name in a report.
#pragma once

#include <string>

#include "../author/current/current.hpp"
#include "../platform/coroutine_frames.hpp"

namespace awaitest::detail {

struct launch;  // loop/launch.hpp

/// Something that a coroutine waits for and that we can name. On the coroutine's frame or in a waiting list.
struct pending {
  pending* previous = nullptr;
  pending* next = nullptr;
  task_ref who;
  const char* what = "";        ///< "gate", "sleep_for", ...
  location where;               ///< of the wait
  location made;                ///< of what is waited for; may be nowhere
  const char* origin = "made";  ///< what happened at that place

  virtual ~pending() = default;
  /// The name of the wait in a report.
  virtual std::string subject() const { return what; }
  /// Where the coroutines go on that wait for it, the innermost first; empty: not known.
  virtual resume_points callers() const { return {}; }
  /// The coroutine of the same task whose end it waits for, if any.
  virtual const launch* work() const { return nullptr; }
  /// Whether it is an operation of Asio, whatever waits for it; else a coroutine waits.
  virtual bool is_operation() const { return false; }
  /// Whether it can end with an error of somebody else's choice when it begins: see suspension_observer.
  virtual bool can_fail() const { return false; }
  /// Whether `abandon` can destroy it, and with it the coroutine that waits. Else it goes with a coroutine's frame.
  virtual bool can_abandon() const { return false; }
  /// Whether it is the caller's to abandon from now on: nobody else completes or frees it any more. Under the scope's guard,
  /// where nobody frees it either.
  virtual bool claim_to_abandon() { return false; }
  virtual void abandon() {}
};

}  // namespace awaitest::detail
