// libc's clocks and sleeps, defined in the program itself, so that all code in it, compiled with awaitest or not, sees the time
// of its thread. On a thread without a virtual clock each forwards to libc. Only main.hpp includes it.
//
// In programs where they cannot be replaced (platform/libc.hpp) nothing is defined, and there is no virtual time. --slow-handler then does not
// see those handlers of the io_context's own that end a wait: when it ended is known here.
#pragma once

#include <string>

#include "../platform/libc.hpp"
#include "../platform/thread_state.hpp"
#include "reactor_wait.hpp"
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

#include <errno.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>

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

/// A condition knows which clock its limits are of, and keeps it to itself; years lie between the two.
inline clock_kind nearest_clock(const virtual_clock& clock, const timespec& time) noexcept {
  const auto distance = [&](std::int64_t from) {
    const auto to = static_cast<double>(to_nanoseconds(time)) - static_cast<double>(from);
    return to < 0 ? -to : to;
  };
  return distance(clock.steady()) < distance(clock.system()) ? clock_kind::steady : clock_kind::system;
}

/// A timed wait on a condition, to an instant of the thread's time: by the machine's clock it takes just as long, because only
/// another thread can end it sooner.
template <class Wait>
int wait_translated(virtual_clock& clock, const char* function, const timespec* until, clock_kind kind,
                    clockid_t real, Wait wait) {
  const auto span = to_nanoseconds(*until) - read(clock, kind);
  int result = 0;
  {
    const time_scope none{nullptr};
    timespec now{};
    libc::clock_gettime()(real, &now);
    const auto end = to_timespec(to_nanoseconds(now) + (span < 0 ? -1 : span));
    result = wait(&end);
  }
  if (result == ETIMEDOUT && span > 0) clock.blocked(function, span);
  return result;
}

}  // namespace awaitest::detail

// glibc declares some of these noexcept and some not; redeclared here they must agree.
#pragma GCC visibility push(default)
extern "C" {

int clock_gettime(clockid_t id, timespec* to) noexcept {
  namespace d = awaitest::detail;
  if (const auto* clock = d::time_here) [[unlikely]] {
    const auto kind = d::kind_of(id);
    if (kind != d::clock_kind::other) {
      *to = d::to_timespec(d::read(*clock, kind));
      return 0;
    }
  }
  return d::libc::clock_gettime()(id, to);
}

int gettimeofday(timeval* to, void* zone) noexcept {
  namespace d = awaitest::detail;
  if (const auto* clock = d::time_here) {
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
  clock->blocked("nanosleep", d::to_nanoseconds(*span));
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
  if (wanted > 0) clock->blocked("clock_nanosleep", wanted);
  return 0;
}

int usleep(useconds_t span) {
  namespace d = awaitest::detail;
  if (auto* const clock = d::time_here) {
    clock->blocked("usleep", std::int64_t{span} * 1000);
    return 0;
  }
  return d::libc::usleep()(span);
}

unsigned sleep(unsigned span) {
  namespace d = awaitest::detail;
  if (auto* const clock = d::time_here) {
    clock->blocked("sleep", std::int64_t{span} * d::one_second);
    return 0;
  }
  return d::libc::sleep()(span);
}

// Without descriptors it is a sleep: the blocking wait of a timer of Asio.
int select(int count, fd_set* read, fd_set* write, fd_set* except, timeval* limit) {
  namespace d = awaitest::detail;
  auto* const clock = d::time_here;
  if (!clock || count != 0 || !limit) [[likely]]
    return d::libc::select()(count, read, write, except, limit);
  const timespec span{limit->tv_sec, static_cast<long>(limit->tv_usec) * 1000};
  if (d::is_valid(&span)) clock->blocked("select", d::to_nanoseconds(span));
  return 0;
}

int timerfd_settime(int descriptor, int flags, const itimerspec* to, itimerspec* before) noexcept {
  namespace d = awaitest::detail;
  const auto* const clock = d::time_here;
  if (!clock || clock->timer_descriptor.load(std::memory_order_relaxed) != descriptor) [[likely]]
    return d::libc::timerfd_settime()(descriptor, flags, to, before);
  if (before) *before = {};
  return 0;
}

// Another io_context, run inside a handler: for as long as it waits, the clock goes on like the machine's.
int epoll_wait(int descriptor, epoll_event* events, int count, int limit) {
  namespace d = awaitest::detail;
  const auto real = d::libc::epoll_wait();
  auto* const clock = d::time_here;
  if (!clock || limit == 0 || clock->epoll_descriptor.load(std::memory_order_relaxed) == descriptor)
      [[likely]] {
    const int result = real(descriptor, events, count, limit);
    if (auto* const waiting = d::wait_here; waiting) [[unlikely]] {
      const int error = errno;
      waiting->ended(descriptor);
      errno = error;
    }
    return result;
  }
  const auto begun = d::real_now();
  const int result = real(descriptor, events, count, limit);
  const int error = errno;
  clock->blocked("epoll_wait", std::chrono::nanoseconds{d::real_now() - begun}.count());
  errno = error;
  return result;
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  namespace d = awaitest::detail;
  const auto real = d::libc::pthread_cond_timedwait();
  auto* const clock = d::time_here;
  if (!clock || !d::is_valid(until)) [[likely]]
    return real(condition, mutex, until);
  const auto kind = d::nearest_clock(*clock, *until);
  return d::wait_translated(*clock, "pthread_cond_timedwait", until, kind,
                            kind == d::clock_kind::steady ? CLOCK_MONOTONIC : CLOCK_REALTIME,
                            [&](const timespec* end) { return real(condition, mutex, end); });
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t id,
                           const timespec* until) {
  namespace d = awaitest::detail;
  const auto real = d::libc::pthread_cond_clockwait();
  auto* const clock = d::time_here;
  if (!clock || !d::is_valid(until)) [[likely]]
    return real(condition, mutex, id, until);
  return d::wait_translated(*clock, "pthread_cond_clockwait", until, d::kind_of(id), id,
                            [&](const timespec* end) { return real(condition, mutex, id, end); });
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
