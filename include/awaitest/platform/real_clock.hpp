// The machine's steady clock, whatever time the calling thread sees.
#pragma once

#include <chrono>

namespace awaitest::detail {

class virtual_clock;

/// `now + span`, or the end of time where that is beyond it.
inline std::chrono::steady_clock::time_point later(std::chrono::steady_clock::time_point now,
                                                   std::chrono::nanoseconds span) {
  constexpr auto never = std::chrono::steady_clock::time_point::max();
  return span > never - now ? never : now + span;
}

/// The calling thread's; null: the machine's time.
inline constinit thread_local virtual_clock* time_here = nullptr;

/// Whether the calling thread takes part in that time without moving it: a thread of a virtual test made it, or one of these.
inline constinit thread_local bool is_member_here = false;

/// While it lives the thread sees that time.
class time_scope {
 public:
  explicit time_scope(virtual_clock* clock) noexcept : before_{time_here} { time_here = clock; }
  time_scope(const time_scope&) = delete;
  time_scope& operator=(const time_scope&) = delete;
  ~time_scope() { time_here = before_; }

 private:
  virtual_clock* before_;
};

/// The machine's steady clock, whatever the thread sees: for watchdogs and waits in doubt.
inline std::chrono::steady_clock::time_point real_now() noexcept {
  const time_scope real{nullptr};
  return std::chrono::steady_clock::now();
}

}  // namespace awaitest::detail
