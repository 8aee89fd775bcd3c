// The waits of a virtual clock's members: threads that a virtual test's thread has made, and those that these make. They see its clock,
// and each of their waits with a limit is an instant of it, whoever moves it there: the loop when it is idle, else the timekeeper.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "../platform/other_threads.hpp"
#include "../platform/timed_waits.hpp"
#include "timekeeper.hpp"
#include "virtual_clock.hpp"

namespace awaitest::detail {

/// Nothing else moves the clock in a process that a member has forked: there it moves itself.
inline bool moves_alone(virtual_clock& clock, std::int64_t span) {
  if (!clock.is_forked()) return false;
  clock.move_by(span);
  return true;
}

/// A wait of the calling thread, known while it lives. `wake(of)` ends it.
class member_wait {
 public:
  member_wait(const virtual_clock& clock, std::int64_t span, void (*wake)(void* of) = nullptr,
              void* of = nullptr, bool for_io = false)
      : wait_{&clock, clock.after(span), this_thread_id(), for_io, wake, of} {
    timed_waits::instance().add(wait_);
    timekeeper::notice(clock);
  }
  member_wait(const member_wait&) = delete;
  member_wait& operator=(const member_wait&) = delete;
  ~member_wait() { timed_waits::instance().remove(wait_); }

  bool is_due() const noexcept { return wait_.is_due.load(std::memory_order_acquire); }

 private:
  timed_wait wait_;
};

inline void sleep_as_member(virtual_clock& clock, std::int64_t span) {
  if (span <= 0 || detail::moves_alone(clock, span)) return;
  struct sleeper {
    std::mutex guard;
    std::condition_variable over;
  } here_it_is;
  const member_wait wait{clock, span,
                         [](void* of) {
                           auto& one = *static_cast<sleeper*>(of);
                           const std::lock_guard lock{one.guard};
                           one.over.notify_one();
                         },
                         &here_it_is};
  std::unique_lock lock{here_it_is.guard};
  here_it_is.over.wait(lock, [&] { return wait.is_due(); });
}

/// A wait that another thread cannot end: it looks again and again, whether it is over, as wait_blocked() does.
template <class Wait>
bool wait_as_member(virtual_clock& clock, std::int64_t span, bool for_io, Wait wait) {
  constexpr std::int64_t slice = 5'000'000;
  if (wait(0)) return true;
  if (span <= 0 || detail::moves_alone(clock, span)) return false;
  const member_wait known{clock, span, nullptr, nullptr, for_io};
  while (!known.is_due())
    if (wait(slice)) return true;
  return wait(0);
}

}  // namespace awaitest::detail
