// libc's clocks and sleeps, defined in the program itself, so that all code in it, compiled with awaitest or not, sees the time
// of its thread. On a thread without a virtual clock each forwards to libc. Only main.hpp includes it.
//
// In programs where they cannot be replaced (platform/libc.hpp) nothing is defined, and there is no virtual time.
#pragma once

#include <string>

#include "../platform/libc.hpp"
#include "../platform/thread_state.hpp"
#include "thread_waits.hpp"
#include "timespecs.hpp"
#include "virtual_clock.hpp"

#ifdef AWAITEST_WHY_NO_INTERPOSITION

namespace awaitest::detail {
inline const bool says_why_no_virtual_time = [] {
  why_no_virtual_time = []() -> std::string {
    return "there is no virtual time in this program: " AWAITEST_WHY_NO_INTERPOSITION;
  };
  return true;
}();
}  // namespace awaitest::detail

#else

#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>

// glibc declares some of these noexcept and some not; redeclared here they must agree.
#pragma GCC visibility push(default)
extern "C" {

int clock_gettime(clockid_t id, timespec* to) noexcept {
  namespace d = awaitest::detail;
  if (auto* const clock = d::time_here) [[unlikely]] {
    const auto kind = d::kind_of(id);
    if (kind != d::clock_kind::other) {
      d::count_reading(*clock);
      *to = d::to_timespec(d::read(*clock, kind));
      return 0;
    }
  }
  return d::libc::clock_gettime()(id, to);
}

int gettimeofday(timeval* to, void* zone) noexcept {
  namespace d = awaitest::detail;
  if (auto* const clock = d::time_here) {
    d::count_reading(*clock);
    const auto now = d::to_timespec(clock->system());
    *to = {now.tv_sec, now.tv_nsec / 1000};
    return 0;
  }
  return d::libc::gettimeofday()(to, zone);
}

time_t time(time_t* to) noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  if (to) *to = now.tv_sec;
  return now.tv_sec;
}

int timespec_get(timespec* to, int base) noexcept {
  if (base != TIME_UTC) return 0;
  return ::clock_gettime(CLOCK_REALTIME, to) == 0 ? base : 0;
}

int nanosleep(const timespec* span, timespec* left) {
  namespace d = awaitest::detail;
  auto* const clock = d::time_here;
  if (!clock || !d::is_valid(span)) [[likely]]
    return d::libc::nanosleep()(span, left);
  d::sleep_in(*clock, "nanosleep", d::to_nanoseconds(*span));
  return 0;
}

int clock_nanosleep(clockid_t id, int flags, const timespec* span, timespec* left) {
  namespace d = awaitest::detail;
  auto* const clock = d::time_here;
  const auto kind = d::kind_of(id);
  if (!clock || kind == d::clock_kind::other || !d::is_valid(span)) [[likely]]
    return d::libc::clock_nanosleep()(id, flags, span, left);
  const auto time = d::to_nanoseconds(*span);
  const auto wanted = flags & TIMER_ABSTIME ? time - d::read(*clock, kind) : time;
  if (wanted > 0) d::sleep_in(*clock, "clock_nanosleep", wanted);
  return 0;
}

int usleep(useconds_t span) {
  namespace d = awaitest::detail;
  if (auto* const clock = d::time_here) {
    d::sleep_in(*clock, "usleep", std::int64_t{span} * 1000);
    return 0;
  }
  return d::libc::usleep()(span);
}

unsigned sleep(unsigned span) {
  namespace d = awaitest::detail;
  if (auto* const clock = d::time_here) {
    d::sleep_in(*clock, "sleep", std::int64_t{span} * d::one_second);
    return 0;
  }
  return d::libc::sleep()(span);
}

}  // extern "C"
#pragma GCC visibility pop

namespace awaitest::detail {

/// A program may be linked so that the clocks of the standard library are not these, or be emulated.
inline std::string find_why_no_virtual_time() {
  if (whose_numbers() == call_numbers::of_another)
    return "there is no virtual time in this program: it runs under an emulator of another architecture, and "
           "what its threads wait for cannot be seen";
  virtual_clock probe;
  const time_scope see{&probe};
  const auto steady = std::chrono::steady_clock::now().time_since_epoch();
  const auto system = std::chrono::system_clock::now().time_since_epoch();
  if (steady == std::chrono::nanoseconds{probe.steady()} &&
      system == std::chrono::nanoseconds{probe.system()})
    return {};
  return "there is no virtual time in this program: its std::chrono clocks do not go through clock_gettime "
         "as defined in "
         "<awaitest/main.hpp>";
}
inline const bool says_why_no_virtual_time = [] {
  why_no_virtual_time = &find_why_no_virtual_time;
  return true;
}();

}  // namespace awaitest::detail

#endif
