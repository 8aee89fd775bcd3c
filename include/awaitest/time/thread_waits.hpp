// A wait of the calling thread in its virtual clock: a member's, or that of a handler, which blocks the thread that moves the clock.
#pragma once

#include <cstdint>

#include "blocked_wait.hpp"
#include "clock_readings.hpp"
#include "member_waits.hpp"
#include "virtual_clock.hpp"

namespace awaitest::detail {

/// A sleep. `function` is for the report.
inline void sleep_in(virtual_clock& clock, const char* function, std::int64_t span) {
  clock_readings::begin();
  if (is_member_here)
    detail::sleep_as_member(clock, span);
  else
    clock.blocked(function, span);
}

/// A wait of at most so many nanoseconds of virtual time, for what `wait(nanoseconds)` looks for: see wait_blocked().
template <class Wait>
void wait_in(virtual_clock& clock, const char* function, std::int64_t span, bool for_io, Wait wait) {
  clock_readings::begin();
  if (is_member_here) {
    detail::wait_as_member(clock, span, for_io, wait);
    return;
  }
  const auto begun = clock.steady();
  detail::wait_blocked(clock, span, for_io, wait);
  clock.blocked_since(function, begun);
}

/// A reading of the clock, which moves it where the thread waits by reading.
inline void count_reading(virtual_clock& clock) {
  const auto step = clock_readings::count(clock.steady());
  if (step == 0) [[likely]]
    return;
  if (is_member_here)
    detail::sleep_as_member(clock, step);
  else
    clock.blocked("a loop that reads the clock", step);
}

}  // namespace awaitest::detail
