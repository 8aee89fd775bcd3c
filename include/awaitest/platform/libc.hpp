// libc's own functions of time and waiting, behind those of the same names that the program defines itself
// (time/libc_clocks.hpp, libc_descriptors.hpp and libc_waits.hpp).
//
// In programs where they cannot be replaced, AWAITEST_WHY_NO_INTERPOSITION says why: with AWAITEST_NO_INTERPOSITION, elsewhere than on 64-bit
// Linux with glibc, or where Asio waits without epoll.
#pragma once

#include "asio_timers.hpp"

#ifdef AWAITEST_NO_INTERPOSITION
#define AWAITEST_WHY_NO_INTERPOSITION "its clocks are not replaced (AWAITEST_NO_INTERPOSITION)"
#elif !defined(__linux__) || !defined(__GLIBC__) || !defined(__LP64__)
#define AWAITEST_WHY_NO_INTERPOSITION "clocks are replaced on 64-bit Linux with glibc only"
#elif defined(ASIO_HAS_IO_URING_AS_DEFAULT)
#define AWAITEST_WHY_NO_INTERPOSITION                                                                   \
  "Asio waits with io_uring (ASIO_HAS_IO_URING, ASIO_DISABLE_EPOLL), and virtual time needs its epoll " \
  "reactor"
#elif !defined(AWAITEST_HAS_ASIO_TIMERS)
#define AWAITEST_WHY_NO_INTERPOSITION \
  "Asio waits with select (ASIO_DISABLE_EPOLL), and virtual time needs its epoll reactor"
#endif

#ifndef AWAITEST_WHY_NO_INTERPOSITION

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

namespace awaitest::detail {
/// The function of that name behind the program's. Of conditions x86-64 has two kinds, which cannot be mixed, and dlsym of an
/// older glibc (bug 14932) finds the older. A lookup that fails allocates: a crash report, which comes by here, must not.
inline void* find_next(const char* name) noexcept {
#if defined(__x86_64__)
  if (std::strncmp(name, "pthread_cond_", 13) == 0 && std::strcmp(name, "pthread_cond_clockwait") != 0)
    return ::dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
#endif
  return ::dlsym(RTLD_NEXT, name);
}
}  // namespace awaitest::detail

// A sanitizer's interceptors have these names beside the usual ones.
#define AWAITEST_FORWARD_(result, name, fallback, ...)                                         \
  extern "C" [[gnu::weak]] result __interceptor_##name(__VA_ARGS__);                           \
  namespace awaitest::detail::libc {                                                           \
  using name##_type = result (*)(__VA_ARGS__);                                                 \
  inline name##_type name() noexcept {                                                         \
    static constinit std::atomic<name##_type> found{nullptr};                                  \
    auto known = found.load(std::memory_order_relaxed);                                        \
    if (!known) {                                                                              \
      known = &__interceptor_##name ? &__interceptor_##name                                    \
                                    : reinterpret_cast<name##_type>(detail::find_next(#name)); \
      if (!known) known = fallback;                                                            \
      found.store(known, std::memory_order_relaxed);                                           \
    }                                                                                          \
    return known;                                                                              \
  }                                                                                            \
  }

// The functions of a static libc, behind which there is nothing.
extern "C" [[gnu::weak]] int __pthread_cond_timedwait(pthread_cond_t*, pthread_mutex_t*, const timespec*);
extern "C" [[gnu::weak]] int __pthread_cond_clockwait(pthread_cond_t*, pthread_mutex_t*, clockid_t,
                                                      const timespec*);
extern "C" [[gnu::weak]] int __pthread_cond_signal(pthread_cond_t*);
extern "C" [[gnu::weak]] int __pthread_cond_broadcast(pthread_cond_t*);
namespace awaitest::detail::kernel {
inline int clock_gettime(clockid_t id, timespec* to) {
  return static_cast<int>(::syscall(SYS_clock_gettime, id, to));
}
inline int gettimeofday(timeval* to, void* zone) {
  return static_cast<int>(::syscall(SYS_gettimeofday, to, zone));
}
inline int nanosleep(const timespec* span, timespec* left) {
  return static_cast<int>(::syscall(SYS_nanosleep, span, left));
}
inline int clock_nanosleep(clockid_t id, int flags, const timespec* span, timespec* left) {
  return ::syscall(SYS_clock_nanosleep, id, flags, span, left) == 0 ? 0 : errno;
}
inline int usleep(useconds_t span) {
  const timespec time{static_cast<time_t>(span / 1'000'000), static_cast<long>(span % 1'000'000) * 1000};
  return kernel::nanosleep(&time, nullptr);
}
inline unsigned sleep(unsigned span) {
  timespec left{static_cast<time_t>(span), 0};
  return kernel::nanosleep(&left, &left) == 0 ? 0 : static_cast<unsigned>(left.tv_sec);
}
inline int select(int count, fd_set* read, fd_set* write, fd_set* except, timeval* limit) {
  const timespec span{limit ? limit->tv_sec : 0, limit ? static_cast<long>(limit->tv_usec) * 1000 : 0};
  return ::pselect(count, read, write, except, limit ? &span : nullptr, nullptr);
}
inline int epoll_wait(int descriptor, epoll_event* events, int count, int limit) {
  return ::epoll_pwait(descriptor, events, count, limit, nullptr);
}
inline int timerfd_settime(int descriptor, int flags, const itimerspec* to, itimerspec* before) {
  return static_cast<int>(::syscall(SYS_timerfd_settime, descriptor, flags, to, before));
}
inline int timerfd_gettime(int descriptor, itimerspec* to) {
  return static_cast<int>(::syscall(SYS_timerfd_gettime, descriptor, to));
}
inline int ppoll(pollfd* all, nfds_t count, const timespec* limit, const sigset_t* mask) {
  timespec span = limit ? *limit : timespec{};  // the kernel writes to it
  return static_cast<int>(
      ::syscall(SYS_ppoll, all, count, limit ? &span : nullptr, mask, std::size_t{NSIG / 8}));
}
inline int poll(pollfd* all, nfds_t count, int limit) {
  const timespec span{limit / 1000, static_cast<long>(limit % 1000) * 1'000'000};
  return kernel::ppoll(all, count, limit < 0 ? nullptr : &span, nullptr);
}
/// Takes what may be taken, looking every millisecond until that instant.
template <class Try>
int take_until(clockid_t id, const timespec* until, Try take) {
  for (;;) {
    const int error = take();
    if (error != EBUSY && error != EAGAIN) return error;
    timespec now{};
    kernel::clock_gettime(id, &now);
    if (now.tv_sec > until->tv_sec || (now.tv_sec == until->tv_sec && now.tv_nsec >= until->tv_nsec))
      return ETIMEDOUT;
    const timespec pause{0, 1'000'000};
    kernel::nanosleep(&pause, nullptr);
  }
}
inline int pthread_mutex_clocklock(pthread_mutex_t* which, clockid_t id, const timespec* until) {
  return kernel::take_until(id, until, [&] { return ::pthread_mutex_trylock(which); });
}
inline int pthread_mutex_timedlock(pthread_mutex_t* which, const timespec* until) {
  return kernel::pthread_mutex_clocklock(which, CLOCK_REALTIME, until);
}
inline int pthread_rwlock_clockrdlock(pthread_rwlock_t* which, clockid_t id, const timespec* until) {
  return kernel::take_until(id, until, [&] { return ::pthread_rwlock_tryrdlock(which); });
}
inline int pthread_rwlock_timedrdlock(pthread_rwlock_t* which, const timespec* until) {
  return kernel::pthread_rwlock_clockrdlock(which, CLOCK_REALTIME, until);
}
inline int pthread_rwlock_clockwrlock(pthread_rwlock_t* which, clockid_t id, const timespec* until) {
  return kernel::take_until(id, until, [&] { return ::pthread_rwlock_trywrlock(which); });
}
inline int pthread_rwlock_timedwrlock(pthread_rwlock_t* which, const timespec* until) {
  return kernel::pthread_rwlock_clockwrlock(which, CLOCK_REALTIME, until);
}
inline int sem_clockwait(sem_t* which, clockid_t id, const timespec* until) {
  const int error = kernel::take_until(id, until, [&] { return ::sem_trywait(which) == 0 ? 0 : errno; });
  if (error == 0) return 0;
  errno = error;
  return -1;
}
inline int sem_timedwait(sem_t* which, const timespec* until) {
  return kernel::sem_clockwait(which, CLOCK_REALTIME, until);
}
}  // namespace awaitest::detail::kernel

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Waddress"
AWAITEST_FORWARD_(int, clock_gettime, &awaitest::detail::kernel::clock_gettime, clockid_t, timespec*)
AWAITEST_FORWARD_(int, gettimeofday, &awaitest::detail::kernel::gettimeofday, timeval*, void*)
AWAITEST_FORWARD_(int, nanosleep, &awaitest::detail::kernel::nanosleep, const timespec*, timespec*)
AWAITEST_FORWARD_(int, clock_nanosleep, &awaitest::detail::kernel::clock_nanosleep, clockid_t, int,
                  const timespec*, timespec*)
AWAITEST_FORWARD_(int, usleep, &awaitest::detail::kernel::usleep, useconds_t)
AWAITEST_FORWARD_(unsigned, sleep, &awaitest::detail::kernel::sleep, unsigned)
AWAITEST_FORWARD_(int, select, &awaitest::detail::kernel::select, int, fd_set*, fd_set*, fd_set*, timeval*)
AWAITEST_FORWARD_(int, epoll_wait, &awaitest::detail::kernel::epoll_wait, int, epoll_event*, int, int)
AWAITEST_FORWARD_(int, timerfd_settime, &awaitest::detail::kernel::timerfd_settime, int, int,
                  const itimerspec*, itimerspec*)
AWAITEST_FORWARD_(int, timerfd_gettime, &awaitest::detail::kernel::timerfd_gettime, int, itimerspec*)
AWAITEST_FORWARD_(int, poll, &awaitest::detail::kernel::poll, pollfd*, nfds_t, int)
AWAITEST_FORWARD_(int, ppoll, &awaitest::detail::kernel::ppoll, pollfd*, nfds_t, const timespec*,
                  const sigset_t*)
AWAITEST_FORWARD_(int, pthread_mutex_timedlock, &awaitest::detail::kernel::pthread_mutex_timedlock,
                  pthread_mutex_t*, const timespec*)
AWAITEST_FORWARD_(int, pthread_mutex_clocklock, &awaitest::detail::kernel::pthread_mutex_clocklock,
                  pthread_mutex_t*, clockid_t, const timespec*)
AWAITEST_FORWARD_(int, pthread_rwlock_timedrdlock, &awaitest::detail::kernel::pthread_rwlock_timedrdlock,
                  pthread_rwlock_t*, const timespec*)
AWAITEST_FORWARD_(int, pthread_rwlock_clockrdlock, &awaitest::detail::kernel::pthread_rwlock_clockrdlock,
                  pthread_rwlock_t*, clockid_t, const timespec*)
AWAITEST_FORWARD_(int, pthread_rwlock_timedwrlock, &awaitest::detail::kernel::pthread_rwlock_timedwrlock,
                  pthread_rwlock_t*, const timespec*)
AWAITEST_FORWARD_(int, pthread_rwlock_clockwrlock, &awaitest::detail::kernel::pthread_rwlock_clockwrlock,
                  pthread_rwlock_t*, clockid_t, const timespec*)
AWAITEST_FORWARD_(int, sem_timedwait, &awaitest::detail::kernel::sem_timedwait, sem_t*, const timespec*)
AWAITEST_FORWARD_(int, sem_clockwait, &awaitest::detail::kernel::sem_clockwait, sem_t*, clockid_t,
                  const timespec*)
AWAITEST_FORWARD_(int, pthread_cond_timedwait, &__pthread_cond_timedwait, pthread_cond_t*, pthread_mutex_t*,
                  const timespec*)
AWAITEST_FORWARD_(int, pthread_cond_clockwait, &__pthread_cond_clockwait, pthread_cond_t*, pthread_mutex_t*,
                  clockid_t, const timespec*)
AWAITEST_FORWARD_(int, pthread_cond_signal, &__pthread_cond_signal, pthread_cond_t*)
AWAITEST_FORWARD_(int, pthread_cond_broadcast, &__pthread_cond_broadcast, pthread_cond_t*)
#pragma GCC diagnostic pop
#undef AWAITEST_FORWARD_

#endif
