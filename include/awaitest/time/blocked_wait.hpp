// A wait with which a handler blocks the loop's thread in virtual time: what may end it acts in real time, and when nobody has anything
// in hand the clock goes on.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "../platform/other_threads.hpp"
#include "virtual_clock.hpp"

namespace awaitest::detail {

/// `wait(nanoseconds)` waits so long by the machine's clock, and says whether it is over; it is asked with 0 first. `span`: the
/// nanoseconds of virtual time after which it is over in any case; `virtual_clock::never`: none. `for_io`: what it waits for may
/// come from the kernel. The clock moves from timerfd to timerfd and at last by the span; at once where nobody is at work, else after
/// as much of the machine's time. False when the span has run out. For a clock's own thread.
template <class Wait>
bool wait_blocked(virtual_clock& clock, std::int64_t span, bool for_io, Wait wait) {
  using std::chrono::nanoseconds;
  constexpr std::int64_t millisecond = 1'000'000;
  constexpr std::chrono::minutes soon{1};  // a timer of another thread that is due before it counts
  constexpr int patience = 10;             // looks of a millisecond, in which I/O that is on its way arrives
  const auto end = span == virtual_clock::never ? span : clock.after(span);
  std::int64_t doubt = millisecond, waited = 0;
  bool stirred = false;  // the last look has woken another thread, say one that waits for a condition's mutex
  for (;;) {
    if (wait(0)) break;
    if (clock.steady() >= end) return false;
    const auto next = std::min(end, clock.next_timer());
    const auto left = next == virtual_clock::never ? next : next - clock.steady();
    const auto others = detail::lightest_foreign_sleep(soon, &clock, threads_of_others::left_out);
    const bool at_work = others == thread_sleep::none || std::exchange(stirred, false);
    const bool io = for_io || others == thread_sleep::for_io;
    const bool looks = at_work || next == virtual_clock::never || (io && clock.quiet_looks++ < patience);
    if (looks && waited < left) {
      const auto begun = real_now();
      if (wait(std::min(left - waited, doubt))) break;
      doubt = at_work || next == virtual_clock::never ? std::min(doubt * 2, 16 * millisecond) : millisecond;
      if (!at_work) continue;
      clock.quiet_looks = 0;
      waited += nanoseconds{real_now() - begun}.count();
    } else {
      const bool alone = at_work || detail::no_foreign_threads();
      const auto asleep = alone ? std::vector<sleeping_thread>{}
                                : detail::foreign_threads(soon, &clock, threads_of_others::left_out);
      // The last of them may have done it just before.
      if (wait(0)) break;
      if (!alone && detail::foreign_threads(soon, &clock, threads_of_others::left_out) != asleep) {
        stirred = true;
        continue;
      }
      clock.move_to(virtual_clock::time_point{nanoseconds{next}});
      waited = 0;
    }
  }
  clock.quiet_looks = 0;
  return true;
}

}  // namespace awaitest::detail
