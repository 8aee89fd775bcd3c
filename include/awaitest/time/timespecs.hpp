// libc's instants and spans as nanoseconds, and which of the two clocks of a virtual test one of its clocks is.
#pragma once

#include <time.h>

#include <cstdint>

#include "virtual_clock.hpp"

namespace awaitest::detail {

enum class clock_kind : std::uint8_t { steady, system, other };
inline clock_kind kind_of(clockid_t id) noexcept {
  switch (id) {
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME: return clock_kind::steady;
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI: return clock_kind::system;
    default: return clock_kind::other;  // of a processor, a thread
  }
}

constexpr std::int64_t one_second = 1'000'000'000;
inline timespec to_timespec(std::int64_t nanoseconds) noexcept {
  auto rest = nanoseconds % one_second;
  if (rest < 0) rest += one_second;
  return {static_cast<time_t>((nanoseconds - rest) / one_second), static_cast<long>(rest)};
}
/// Saturates at the end of time.
inline std::int64_t to_nanoseconds(const timespec& time) noexcept {
  std::int64_t all = 0;
  if (__builtin_mul_overflow(static_cast<std::int64_t>(time.tv_sec), one_second, &all) ||
      __builtin_add_overflow(all, static_cast<std::int64_t>(time.tv_nsec), &all))
    return time.tv_sec < 0 ? INT64_MIN : INT64_MAX;
  return all;
}
inline bool is_valid(const timespec* time) noexcept {
  return time && time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < one_second;
}
inline std::int64_t read(const virtual_clock& clock, clock_kind kind) noexcept {
  return kind == clock_kind::steady ? clock.steady() : clock.system();
}

/// The nanoseconds until that instant; 0 when it is past.
inline std::int64_t left_until(const virtual_clock& clock, clock_kind kind, std::int64_t when) noexcept {
  const auto left = virtual_clock::sum(when, -read(clock, kind));
  return left > 0 ? left : 0;
}

/// A condition knows which clock its limits are of, and keeps it to itself; years lie between the two.
inline clock_kind nearest_clock(const virtual_clock& clock, const timespec& time) noexcept {
  const auto distance = [&](std::int64_t from) {
    const auto to = static_cast<double>(to_nanoseconds(time)) - static_cast<double>(from);
    return to < 0 ? -to : to;
  };
  return distance(clock.steady()) < distance(clock.system()) ? clock_kind::steady : clock_kind::system;
}

inline itimerspec to_itimerspec(const virtual_timerfds::setting& what, const virtual_clock& clock) noexcept {
  if (what.when == virtual_timerfds::none) return {};
  const auto left = what.when - clock.steady();
  return {to_timespec(what.interval), to_timespec(left > 0 ? left : 1)};
}

}  // namespace awaitest::detail
