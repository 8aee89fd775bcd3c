// libc's waits with a limit, defined in the program itself: where a virtual clock is the thread's, the limit is one of that clock. On
// other threads each forwards to libc. Only main.hpp includes it. Longer than other headers: one function of libc each, in two lines or ten.
//
// In programs where they cannot be replaced (platform/libc.hpp) nothing is defined. --slow-handler then does not see those handlers of
// the io_context's own that end a wait: when it ended is known here.
#pragma once

#include "../platform/libc.hpp"

#ifndef AWAITEST_WHY_NO_INTERPOSITION

#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <time.h>

#include <cstdarg>
#include <cstdint>

#include "blocked_wait.hpp"
#include "reactor_wait.hpp"
#include "timespecs.hpp"
#include "virtual_clock.hpp"

namespace awaitest::detail {

/// A wait until an instant of the thread's time, in looks: `wait(end)` waits until `end` of the machine's clock `real`, ETIMEDOUT then.
template <class Wait>
int wait_in_looks(virtual_clock& clock, const char* function, const timespec* until, clock_kind kind,
                  clockid_t real, Wait wait) {
  int result = ETIMEDOUT;
  const auto span = to_nanoseconds(*until) - read(clock, kind);
  const auto begun = clock.steady();
  detail::wait_blocked(clock, span < 0 ? 0 : span, false, [&](std::int64_t look) {
    const time_scope none{nullptr};
    timespec now{};
    libc::clock_gettime()(real, &now);
    const auto end = to_timespec(to_nanoseconds(now) + look);
    result = wait(&end);
    return result != ETIMEDOUT;
  });
  clock.blocked_since(function, begun);
  return result;
}
/// The same where the descriptors are looked at: `wait(milliseconds)`, 0 when nothing has come.
template <class Wait>
int wait_for_descriptors(virtual_clock& clock, const char* function, std::int64_t span, Wait wait) {
  int result = 0, error = errno;
  const auto begun = clock.steady();
  detail::wait_blocked(clock, span, true, [&](std::int64_t look) {
    const time_scope none{nullptr};
    result = wait(static_cast<int>((look + 999'999) / 1'000'000));
    error = errno;
    return result != 0;
  });
  clock.blocked_since(function, begun);
  errno = error;
  return result;
}
/// A limit in milliseconds as libc has it: negative is none.
inline std::int64_t span_of_limit(int milliseconds) noexcept {
  return milliseconds < 0 ? virtual_clock::never : std::int64_t{milliseconds} * 1'000'000;
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

#if defined(__x86_64__)
#define AWAITEST_SYSTEM_CALL 1
inline long system_call(long number, const long (&a)[6]) noexcept {
  register long r10 __asm__("r10") = a[3];
  register long r8 __asm__("r8") = a[4];
  register long r9 __asm__("r9") = a[5];
  long result = number;
  __asm__ volatile("syscall"
                   : "+a"(result)
                   : "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
#define AWAITEST_SYSTEM_CALL 1
inline long system_call(long number, const long (&a)[6]) noexcept {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a[0];
  register long x1 __asm__("x1") = a[1];
  register long x2 __asm__("x2") = a[2];
  register long x3 __asm__("x3") = a[3];
  register long x4 __asm__("x4") = a[4];
  register long x5 __asm__("x5") = a[5];
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
}
#endif

#ifdef AWAITEST_SYSTEM_CALL
/// The wait of a std::future, or of a semaphore: a limited FUTEX_WAIT in the thread's time. The result is as the kernel's: an error is
/// negative.
inline long futex_wait(virtual_clock& clock, const long (&args)[6]) {
  const auto operation = args[1] & FUTEX_CMD_MASK;
  const auto& limit = *reinterpret_cast<const timespec*>(args[3]);
  const auto kind = (args[1] & FUTEX_CLOCK_REALTIME) != 0 ? clock_kind::system : clock_kind::steady;
  const auto time = to_nanoseconds(limit);
  const auto span = operation == FUTEX_WAIT ? time : time - read(clock, kind);
  long result = -ETIMEDOUT;
  const auto begun = clock.steady();
  detail::wait_blocked(clock, span < 0 ? 0 : span, false, [&](std::int64_t look) {
    timespec end = to_timespec(look);
    if (operation == FUTEX_WAIT_BITSET) {
      libc::clock_gettime()(kind == clock_kind::system ? CLOCK_REALTIME : CLOCK_MONOTONIC, &end);
      end = to_timespec(to_nanoseconds(end) + look);
    }
    const long real[6] = {args[0], args[1], args[2], reinterpret_cast<long>(&end), args[4], args[5]};
    result = detail::system_call(SYS_futex, real);
    return result != -ETIMEDOUT;
  });
  clock.blocked_since("a wait for a future or a semaphore", begun);
  return result;
}
#endif

}  // namespace awaitest::detail

// glibc declares some of these noexcept and some not; redeclared here they must agree.
#pragma GCC visibility push(default)
extern "C" {

int select(int count, fd_set* read, fd_set* write, fd_set* except, timeval* limit) {
  namespace d = awaitest::detail;
  const auto real = d::libc::select();
  auto* const clock = d::time_here;
  const timespec span =
      limit ? timespec{limit->tv_sec, static_cast<long>(limit->tv_usec) * 1000} : timespec{};
  if (!clock || !limit || !d::is_valid(&span)) [[likely]]
    return real(count, read, write, except, limit);
  if (count == 0) {  // a sleep: the blocking wait of a timer of Asio
    clock->blocked("select", d::to_nanoseconds(span));
    return 0;
  }
  fd_set none;
  FD_ZERO(&none);
  const fd_set asked[3] = {read ? *read : none, write ? *write : none, except ? *except : none};
  return d::wait_for_descriptors(*clock, "select", d::to_nanoseconds(span), [&](int look) {
    if (read) *read = asked[0];
    if (write) *write = asked[1];
    if (except) *except = asked[2];
    timeval time{look / 1000, static_cast<suseconds_t>(look % 1000) * 1000};
    return real(count, read, write, except, &time);
  });
}

// poll and ppoll under names of our own: with _FORTIFY_SOURCE libc's header has definitions of theirs.
int awaitest_poll(pollfd* all, nfds_t count, int limit) __asm__("poll");
int awaitest_ppoll(pollfd* all, nfds_t count, const timespec* limit, const sigset_t* mask) __asm__("ppoll");

int awaitest_poll(pollfd* all, nfds_t count, int limit) {
  namespace d = awaitest::detail;
  const auto real = d::libc::poll();
  auto* const clock = d::time_here;
  if (!clock || limit == 0) [[likely]]
    return real(all, count, limit);
  return d::wait_for_descriptors(*clock, "poll", d::span_of_limit(limit),
                                 [&](int look) { return real(all, count, look); });
}

int awaitest_ppoll(pollfd* all, nfds_t count, const timespec* limit, const sigset_t* mask) {
  namespace d = awaitest::detail;
  const auto real = d::libc::ppoll();
  auto* const clock = d::time_here;
  if (!clock || (limit && !d::is_valid(limit))) [[likely]]
    return real(all, count, limit, mask);
  const auto span = limit ? d::to_nanoseconds(*limit) : awaitest::detail::virtual_clock::never;
  return d::wait_for_descriptors(*clock, "ppoll", span, [&](int look) {
    const timespec time{look / 1000, static_cast<long>(look % 1000) * 1'000'000};
    return real(all, count, &time, mask);
  });
}

int timerfd_settime(int descriptor, int flags, const itimerspec* to, itimerspec* before) noexcept {
  namespace d = awaitest::detail;
  const auto real = d::libc::timerfd_settime();
  auto* const clock = d::time_here;
  if (!clock || !to || !d::is_valid(&to->it_value) || !d::is_valid(&to->it_interval)) [[likely]]
    return real(descriptor, flags, to, before);
  const itimerspec none{};
  if (clock->timer_descriptor.load(std::memory_order_relaxed) == descriptor) {
    if (before) *before = {};
    if (clock->own_timerfd_is_set_off) [[unlikely]] {
      clock->own_timerfd_is_set_off = false;
      real(descriptor, 0, &none, nullptr);
    }
    return 0;
  }
  itimerspec real_before{};
  if (const int result = real(descriptor, 0, &none, &real_before); result != 0) return result;
  const auto value = d::to_nanoseconds(to->it_value);
  d::virtual_timerfds::setting wanted;
  if (value != 0) {
    wanted.when = clock->after(value);
    if (flags & TFD_TIMER_ABSTIME) {
      const auto left = value - d::read(*clock, d::nearest_clock(*clock, to->it_value));
      wanted.when = left <= 0 ? clock->steady() : clock->after(left);
    }
    wanted.interval = d::to_nanoseconds(to->it_interval);
  }
  const auto was = clock->timerfds.set(descriptor, wanted);
  if (before) *before = d::to_itimerspec(was, *clock);
  clock->timerfds.fire(clock->steady());  // it may be due
  return 0;
}

int timerfd_gettime(int descriptor, itimerspec* to) noexcept {
  namespace d = awaitest::detail;
  if (const auto* const clock = d::time_here) {
    if (const auto set = d::time_here->timerfds.get(descriptor); set.when != d::virtual_timerfds::none) {
      *to = d::to_itimerspec(set, *clock);
      return 0;
    }
  }
  return d::libc::timerfd_gettime()(descriptor, to);
}

// An io_context that a handler runs: another, or the loop's own.
int epoll_wait(int descriptor, epoll_event* events, int count, int limit) {
  namespace d = awaitest::detail;
  const auto real = d::libc::epoll_wait();
  auto* const clock = d::time_here;
  if (!clock || limit == 0 || d::loop_waits_here()) [[likely]] {
    const int result = real(descriptor, events, count, limit);
    if (auto* const waiting = d::wait_here; waiting) [[unlikely]] {
      const int error = errno;
      waiting->ended(descriptor);
      errno = error;
    }
    return result;
  }
  const bool own =
      clock->epoll_descriptor.load(std::memory_order_relaxed) == descriptor && clock->own_timers.next;
  const int timer = clock->timer_descriptor.load(std::memory_order_relaxed);
  if (own) clock->timerfds.set(timer, {clock->own_timers.next(clock->own_timers.driver), 0});
  const int result = d::wait_for_descriptors(*clock, "epoll_wait", d::span_of_limit(limit),
                                             [&](int look) { return real(descriptor, events, count, look); });
  if (own) {
    const int error = errno;
    const auto left = clock->timerfds.set(timer, {}).when;
    clock->own_timerfd_is_set_off = left == d::virtual_timerfds::none;
    errno = error;
  }
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

// Locks with a limit, by a clock that the call names, and by CLOCK_REALTIME.
#define AWAITEST_LOCKS_(type, by_clock, by_system_clock)                                            \
  int by_clock(type* lock, clockid_t id, const timespec* until) noexcept {                          \
    namespace d = awaitest::detail;                                                                 \
    const auto real = d::libc::by_clock();                                                          \
    auto* const clock = d::time_here;                                                               \
    if (!clock || !d::is_valid(until) || d::kind_of(id) == d::clock_kind::other) [[likely]]         \
      return real(lock, id, until);                                                                 \
    return d::wait_in_looks(*clock, #by_clock, until, d::kind_of(id), id,                           \
                            [&](const timespec* end) { return real(lock, id, end); });              \
  }                                                                                                 \
  int by_system_clock(type* lock, const timespec* until) noexcept {                                 \
    namespace d = awaitest::detail;                                                                 \
    const auto real = d::libc::by_system_clock();                                                   \
    auto* const clock = d::time_here;                                                               \
    if (!clock || !d::is_valid(until)) [[likely]]                                                   \
      return real(lock, until);                                                                     \
    return d::wait_in_looks(*clock, #by_system_clock, until, d::clock_kind::system, CLOCK_REALTIME, \
                            [&](const timespec* end) { return real(lock, end); });                  \
  }
AWAITEST_LOCKS_(pthread_mutex_t, pthread_mutex_clocklock, pthread_mutex_timedlock)
AWAITEST_LOCKS_(pthread_rwlock_t, pthread_rwlock_clockrdlock, pthread_rwlock_timedrdlock)
AWAITEST_LOCKS_(pthread_rwlock_t, pthread_rwlock_clockwrlock, pthread_rwlock_timedwrlock)
#undef AWAITEST_LOCKS_

int sem_clockwait(sem_t* semaphore, clockid_t id, const timespec* until) {
  namespace d = awaitest::detail;
  const auto real = d::libc::sem_clockwait();
  auto* const clock = d::time_here;
  if (!clock || !d::is_valid(until) || d::kind_of(id) == d::clock_kind::other) [[likely]]
    return real(semaphore, id, until);
  const int error =
      d::wait_in_looks(*clock, "sem_clockwait", until, d::kind_of(id), id,
                       [&](const timespec* end) { return real(semaphore, id, end) == 0 ? 0 : errno; });
  if (error == 0) return 0;
  errno = error;
  return -1;
}

int sem_timedwait(sem_t* semaphore, const timespec* until) {
  namespace d = awaitest::detail;
  const auto real = d::libc::sem_timedwait();
  auto* const clock = d::time_here;
  if (!clock || !d::is_valid(until)) [[likely]]
    return real(semaphore, until);
  const int error =
      d::wait_in_looks(*clock, "sem_timedwait", until, d::clock_kind::system, CLOCK_REALTIME,
                       [&](const timespec* end) { return real(semaphore, end) == 0 ? 0 : errno; });
  if (error == 0) return 0;
  errno = error;
  return -1;
}

#ifdef AWAITEST_SYSTEM_CALL
// The standard library waits for a future, and for an atomic, by the system call itself.
long syscall(long number, ...) noexcept {
  namespace d = awaitest::detail;
  va_list given;
  va_start(given, number);
  long args[6];
  for (auto& one : args) one = va_arg(given, long);
  va_end(given);
  auto* const clock = number == SYS_futex ? d::time_here : nullptr;
  const auto operation = args[1] & FUTEX_CMD_MASK;
  const bool limited = clock && (operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET) &&
                       d::is_valid(reinterpret_cast<const timespec*>(args[3]));
  const long result = limited ? d::futex_wait(*clock, args) : d::system_call(number, args);
  if (result > -4096 && result < 0) {
    errno = static_cast<int>(-result);
    return -1;
  }
  return result;
}
#endif

}  // extern "C"
#pragma GCC visibility pop

namespace awaitest::detail {

inline const bool sets_off_timerfds = [] {
  virtual_timerfds::set_off = [](int descriptor) noexcept {
    const itimerspec now{{}, {0, 1}};
    return libc::timerfd_settime()(descriptor, 0, &now, nullptr) == 0;
  };
  return true;
}();

}  // namespace awaitest::detail

#endif
