// A wait of a coroutine, and its name in a report.
#pragma once

#include <string>
#include <vector>

#include "../author/current/current.hpp"

namespace awaitest::detail {

/// Addresses of code whose names a report will want, and who looks them up: not under a lock, it may take a process of its own.
struct code_to_name {
  std::vector<const void*> points;
  void (*look_up)(const std::vector<const void*>& points) = nullptr;
};

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
  /// The coroutines that wait for it, where that is known: "in f (x.cpp:3), in g (x.cpp:9)".
  virtual std::string callers() const { return {}; }
  virtual void add_callers(code_to_name&) const {}
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
