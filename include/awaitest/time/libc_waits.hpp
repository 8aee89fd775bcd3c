// libc's timed waits for another thread (conditions, locks, semaphores, the system call futex), defined in the program itself: where a
// virtual clock is the thread's, the limit is one of that clock. On other threads each forwards to libc. Only main.hpp includes it.
//
// In programs where they cannot be replaced (platform/libc.hpp) nothing is defined.
#pragma once

#include "../platform/libc.hpp"
#include "../platform/system_call.hpp"
#include "../platform/thread_start.hpp"

#ifndef AWAITEST_WHY_NO_INTERPOSITION

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include <climits>
#include <cstdarg>
#include <cstdint>

#include "awaited_condition.hpp"
#include "member_waits.hpp"
#include "thread_waits.hpp"
#include "timespecs.hpp"
#include "virtual_clock.hpp"

namespace awaitest::detail {

/// A wait until an instant of the thread's time, in looks: `wait(end)` waits until `end` of the machine's clock `real`, ETIMEDOUT then.
template <class Wait>
int wait_in_looks(virtual_clock& clock, const char* function, const timespec* until, clock_kind kind,
                  clockid_t real, Wait wait) {
  int result = ETIMEDOUT;
  const auto span = left_until(clock, kind, to_nanoseconds(*until));
  const auto look = [&](std::int64_t nanoseconds) {
    const time_scope none{nullptr};
    timespec now{};
    libc::clock_gettime()(real, &now);
    const auto end = to_timespec(to_nanoseconds(now) + nanoseconds);
    result = wait(&end);
    return result != ETIMEDOUT;
  };
  detail::wait_in(clock, function, span, false, look);
  return result;
}
/// A member's wait on a condition: without a limit by the machine's clock, and ended by a signal when its instant has come.
inline int wait_as_member_for_signal(virtual_clock& clock, pthread_cond_t* condition, pthread_mutex_t* mutex,
                                     std::int64_t span) {
  const member_wait wait{clock, span,
                         [](void* of) { libc::pthread_cond_broadcast()(static_cast<pthread_cond_t*>(of)); },
                         condition};
  const int result = ::pthread_cond_wait(condition, mutex);
  return wait.is_due() ? ETIMEDOUT : result;
}

/// The same of a condition, whose mutex is released in each look.
template <class Wait>
int wait_for_signal(virtual_clock& clock, const char* function, pthread_cond_t* condition,
                    pthread_mutex_t* mutex, const timespec* until, clock_kind kind, clockid_t real,
                    Wait wait) {
  const auto span = left_until(clock, kind, to_nanoseconds(*until));
  if (is_member_here && span > 0 && !clock.is_forked())
    return detail::wait_as_member_for_signal(clock, condition, mutex, span);
  const awaited_condition awaited{condition};
  return detail::wait_in_looks(clock, function, until, kind, real, [&](const timespec* end) {
    const int result = awaited.is_signalled() ? 0 : wait(end);
    return result == ETIMEDOUT && awaited.is_signalled() ? 0 : result;
  });
}

#ifdef AWAITEST_SYSTEM_CALL
/// A member's FUTEX_WAIT: without a limit by the machine's clock. Others that wait there wake up for nothing, as they may.
inline long futex_wait_as_member(virtual_clock& clock, const long (&args)[6], std::int64_t span) {
  struct awaited {
    long address, operation;
  } here_it_is{args[0], FUTEX_WAKE | (args[1] & FUTEX_PRIVATE_FLAG)};
  const member_wait wait{clock, span,
                         [](void* of) {
                           const auto& one = *static_cast<awaited*>(of);
                           const long wake[6] = {one.address, one.operation, INT_MAX, 0, 0, 0};
                           detail::system_call(SYS_futex, wake);
                         },
                         &here_it_is};
  const long endless[6] = {args[0], args[1], args[2], 0, args[4], args[5]};
  const long result = detail::system_call(SYS_futex, endless);
  return wait.is_due() ? -ETIMEDOUT : result;
}

/// The wait of a std::future, or of a semaphore: a limited FUTEX_WAIT in the thread's time. The result is as the kernel's: an error is
/// negative.
inline long futex_wait(virtual_clock& clock, const long (&args)[6]) {
  const auto operation = args[1] & FUTEX_CMD_MASK;
  const auto& limit = *reinterpret_cast<const timespec*>(args[3]);
  const auto kind = (args[1] & FUTEX_CLOCK_REALTIME) != 0 ? clock_kind::system : clock_kind::steady;
  const auto time = to_nanoseconds(limit);
  const auto span = operation == FUTEX_WAIT ? time : left_until(clock, kind, time);
  if (is_member_here && span > 0 && !clock.is_forked())
    return detail::futex_wait_as_member(clock, args, span);
  long result = -ETIMEDOUT;
  detail::wait_in(clock, "a wait for a future or a semaphore", span, false, [&](std::int64_t look) {
    timespec end = to_timespec(look);
    if (operation == FUTEX_WAIT_BITSET) {
      libc::clock_gettime()(kind == clock_kind::system ? CLOCK_REALTIME : CLOCK_MONOTONIC, &end);
      end = to_timespec(to_nanoseconds(end) + look);
    }
    const long real[6] = {args[0], args[1], args[2], reinterpret_cast<long>(&end), args[4], args[5]};
    result = detail::system_call(SYS_futex, real);
    return result != -ETIMEDOUT;
  });
  return result;
}
#endif

}  // namespace awaitest::detail

// glibc declares some of these noexcept and some not; redeclared here they must agree.
#pragma GCC visibility push(default)
extern "C" {

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  namespace d = awaitest::detail;
  const auto real = d::libc::pthread_cond_timedwait();
  auto* const clock = d::time_here;
  if (!clock || !d::is_valid(until)) [[likely]]
    return real(condition, mutex, until);
  const auto kind = d::nearest_clock(*clock, *until);
  return d::wait_for_signal(*clock, "pthread_cond_timedwait", condition, mutex, until, kind,
                            kind == d::clock_kind::steady ? CLOCK_MONOTONIC : CLOCK_REALTIME,
                            [&](const timespec* end) { return real(condition, mutex, end); });
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t id,
                           const timespec* until) {
  namespace d = awaitest::detail;
  const auto real = d::libc::pthread_cond_clockwait();
  auto* const clock = d::time_here;
  if (!clock || !d::is_valid(until) || d::kind_of(id) == d::clock_kind::other) [[likely]]
    return real(condition, mutex, id, until);
  return d::wait_for_signal(*clock, "pthread_cond_clockwait", condition, mutex, until, d::kind_of(id), id,
                            [&](const timespec* end) { return real(condition, mutex, id, end); });
}

int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  namespace d = awaitest::detail;
  d::awaited_condition::signalled(condition);
  return d::libc::pthread_cond_signal()(condition);
}

int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  namespace d = awaitest::detail;
  d::awaited_condition::signalled(condition);
  return d::libc::pthread_cond_broadcast()(condition);
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

inline constexpr clock_questions questions_of_clocks{
    [](virtual_clock& clock, int more) noexcept {
      clock.members.fetch_add(more, std::memory_order_acq_rel);
      if (more > 0) timekeeper::notice(clock);
    },
    [](const virtual_clock& clock) { return clock.next_timer() != virtual_clock::never; }};
inline const bool clocks_answer = [] {
  ask_clock = &questions_of_clocks;
  return true;
}();

}  // namespace awaitest::detail

#endif
