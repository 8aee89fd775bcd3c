// libc's waits for descriptors, and its timerfds, defined in the program itself: where a virtual clock is the thread's, limits are of that
// clock. On other threads each forwards to libc. Only main.hpp includes it.
//
// In programs where they cannot be replaced (platform/libc.hpp) nothing is defined. --slow-handler then does not see those handlers of
// the io_context's own that end a wait: when it ended is known here.
#pragma once

#include "../platform/libc.hpp"

#ifndef AWAITEST_WHY_NO_INTERPOSITION

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <time.h>

#include <cstdint>

#include "../platform/idle_reactors.hpp"
#include "reactor_wait.hpp"
#include "thread_waits.hpp"
#include "timespecs.hpp"
#include "virtual_clock.hpp"

namespace awaitest::detail {

/// A wait for descriptors in the thread's time, in looks: `wait(milliseconds)` is 0 when nothing has come.
template <class Wait>
int wait_for_descriptors(virtual_clock& clock, const char* function, std::int64_t span, Wait wait) {
  int result = 0, error = errno;
  const auto look = [&](std::int64_t nanoseconds) {
    const time_scope none{nullptr};
    result = wait(static_cast<int>((nanoseconds + 999'999) / 1'000'000));
    error = errno;
    return result != 0;
  };
  detail::wait_in(clock, function, span, true, look);
  errno = error;
  return result;
}
/// A limit in milliseconds as libc has it: negative is none.
inline std::int64_t span_of_limit(int milliseconds) noexcept {
  return milliseconds < 0 ? virtual_clock::never : std::int64_t{milliseconds} * 1'000'000;
}

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
    d::sleep_in(*clock, "select", d::to_nanoseconds(span));
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
  if (!clock || limit == 0 || (limit < 0 && d::is_member_here)) [[likely]]
    return real(all, count, limit);
  return d::wait_for_descriptors(*clock, "poll", d::span_of_limit(limit),
                                 [&](int look) { return real(all, count, look); });
}

int awaitest_ppoll(pollfd* all, nfds_t count, const timespec* limit, const sigset_t* mask) {
  namespace d = awaitest::detail;
  const auto real = d::libc::ppoll();
  auto* const clock = d::time_here;
  if (!clock || (limit ? !d::is_valid(limit) : d::is_member_here)) [[likely]]
    return real(all, count, limit, mask);
  const auto span = limit ? d::to_nanoseconds(*limit) : d::virtual_clock::never;
  return d::wait_for_descriptors(*clock, "ppoll", span, [&](int look) {
    const timespec time{look / 1000, static_cast<long>(look % 1000) * 1'000'000};
    return real(all, count, &time, mask);
  });
}

int timerfd_settime(int descriptor, int flags, const itimerspec* to, itimerspec* before) noexcept {
  namespace d = awaitest::detail;
  const auto real = d::libc::timerfd_settime();
  auto* const clock = d::time_here;
  if (!clock || !to || !d::is_valid(&to->it_value) || !d::is_valid(&to->it_interval)) [[likely]] {
    if (!clock) d::set_off_timerfds::is_set_elsewhere(descriptor);
    return real(descriptor, flags, to, before);
  }
  const itimerspec none{};
  if (clock->timer_descriptor.load(std::memory_order_relaxed) == descriptor) {
    if (before) *before = {};
    if (d::is_member_here) {  // the loop is to look at its timers
      clock->own_timerfd_is_set_off.store(true);
      const itimerspec now{{}, {0, 1}};
      real(descriptor, 0, &now, nullptr);
    } else if (clock->own_timerfd_is_set_off.exchange(false)) [[unlikely]] {
      real(descriptor, 0, &none, nullptr);
    }
    return 0;
  }
  const auto value = d::to_nanoseconds(to->it_value);
  d::virtual_timerfds::setting wanted;
  constexpr std::int64_t asio_looks_again = std::int64_t{5 * 60} * 1'000'000'000;
  const bool is_for_nothing = flags == 0 && value == asio_looks_again && d::is_of_idle_reactor(descriptor);
  if (value != 0 && !is_for_nothing) {
    wanted.when = clock->after(value);
    if (flags & TFD_TIMER_ABSTIME)
      wanted.when = clock->after(d::left_until(*clock, d::nearest_clock(*clock, to->it_value), value));
    wanted.interval = d::to_nanoseconds(to->it_interval);
  }
  int result = 0;
  const auto was =
      clock->timerfds.set(descriptor, wanted, [&] { result = real(descriptor, 0, &none, nullptr); });
  if (result != 0) {
    const int error = errno;
    clock->timerfds.set(descriptor, {});
    errno = error;
    return result;
  }
  if (before) *before = d::to_itimerspec(was, *clock);
  clock->timerfds.fire(clock->steady());  // it may be due
  if (clock->members.load(std::memory_order_acquire) != 0) d::timekeeper::notice(*clock);
  return 0;
}

int timerfd_gettime(int descriptor, itimerspec* to) noexcept {
  namespace d = awaitest::detail;
  if (auto* const clock = d::time_here) {
    if (const auto set = clock->timerfds.get(descriptor); set.when != d::virtual_timerfds::none) {
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
  if (!clock || limit == 0 || d::loop_waits_here() || (limit < 0 && d::is_member_here)) [[likely]] {
    const int result = real(descriptor, events, count, limit);
    if (auto* const waiting = d::wait_here; waiting) [[unlikely]] {
      const int error = errno;
      waiting->ended(descriptor);
      errno = error;
    }
    return result;
  }
  const bool own = !d::is_member_here &&
                   clock->epoll_descriptor.load(std::memory_order_relaxed) == descriptor &&
                   clock->own_timers.next;
  const int timer = clock->timer_descriptor.load(std::memory_order_relaxed);
  const auto first = own ? clock->own_timers.next(clock->own_timers.driver) : d::virtual_clock::never;
  if (own) clock->timerfds.set(timer, {first, 0});
  const int result = d::wait_for_descriptors(*clock, "epoll_wait", d::span_of_limit(limit),
                                             [&](int look) { return real(descriptor, events, count, look); });
  if (own) {
    const int error = errno;
    const bool is_armed = clock->timerfds.set(timer, {}).when != d::virtual_clock::never;
    clock->own_timerfd_is_set_off = first != d::virtual_clock::never && !is_armed;
    errno = error;
  }
  return result;
}

}  // extern "C"
#pragma GCC visibility pop

namespace awaitest::detail {

inline const bool sets_off_timerfds = [] {
  virtual_timerfds::set_off = [](int descriptor) noexcept {
    const itimerspec now{{}, {0, 1}};
    if (libc::timerfd_settime()(descriptor, 0, &now, nullptr) != 0) return false;
    // A thread that waits for it is seen to be awake from here on.
    pollfd one{descriptor, POLLIN, 0};
    constexpr int longest = 20;  // milliseconds, if the interrupt is withheld
    libc::poll()(&one, 1, longest);
    return true;
  };
  return true;
}();

}  // namespace awaitest::detail

#endif
