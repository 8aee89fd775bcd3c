// The state of a thread of this process, and what it sleeps for, as the kernel tells.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#if defined(__linux__)
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#endif

#include "expiring_timers.hpp"
#include "real_clock.hpp"

namespace awaitest::detail {

/// From the lightest to the deepest.
enum class thread_sleep : std::uint8_t {
  none,    ///< it runs, or may wake up by itself
  for_io,  ///< without a time limit, and nothing has come
  for_ever  ///< until another thread of this process wakes it: on a condition, in an idle pool, in an idle io_context
};

#if defined(__linux__)

/// A thread and how often it has gone to sleep.
struct sleeping_thread {
  long id = 0;
  long sleeps = 0;
  thread_sleep sleep = thread_sleep::none;
  bool asleep = false;  ///< with or without a limit
  friend bool operator==(const sleeping_thread&, const sleeping_thread&) = default;
};

enum class watched_kind : std::uint8_t { event, timer, other };

/// Calls `take(descriptor, kind)` for all that an epoll watches, while it returns true. False when that cannot be read.
template <class Take>
bool for_each_watched(int epoll, Take take) {
  auto* const file = std::fopen(("/proc/self/fdinfo/" + std::to_string(epoll)).c_str(), "re");
  if (!file) return false;
  char text[256];
  int watched = 0;
  while (std::fgets(text, sizeof text, file)) {
    if (std::sscanf(text, "tfd: %d", &watched) != 1) continue;
    char target[64] = {};
    const auto link = "/proc/self/fd/" + std::to_string(watched);
    const bool is_known = ::readlink(link.c_str(), target, sizeof target - 1) > 0;
    const auto is = [&](const char* kind) { return is_known && std::strcmp(target, kind) == 0; };
    if (!take(watched, is("anon_inode:[eventfd]")   ? watched_kind::event
                       : is("anon_inode:[timerfd]") ? watched_kind::timer
                                                    : watched_kind::other))
      break;
  }
  std::fclose(file);
  return true;
}

/// The sleep of a thread in an epoll without a time limit. Timerfds that are not due within that time do not count: Asio arms
/// its own for five minutes when there is no timer. An io_context without I/O watches only that and an eventfd.
inline thread_sleep sleep_in_epoll(const sleeping_thread& sleeper, int descriptor,
                                   std::chrono::nanoseconds within) {
  pollfd ready{descriptor, POLLIN, 0};
  if (::poll(&ready, 1, 0) != 0) return thread_sleep::none;
  const auto is_due_soon = [&](int timer) {
    char text[256];
    long long seconds = 0, nanoseconds = 1;  // armed, where it cannot be read
    if (auto* file = std::fopen(("/proc/self/fdinfo/" + std::to_string(timer)).c_str(), "re")) {
      while (std::fgets(text, sizeof text, file))
        if (std::sscanf(text, "it_value: (%lld, %lld)", &seconds, &nanoseconds) == 2) break;
      std::fclose(file);
    }
    thread_local expiring_timers expiring;
    if (seconds == 0 && nanoseconds == 0)
      return expiring.may_fire(timer, sleeper.id, sleeper.sleeps, real_now());
    expiring.see_armed(timer, sleeper.id, sleeper.sleeps, real_now());
    return std::chrono::seconds{seconds} <= within;
  };
  auto found = thread_sleep::for_ever;
  const bool is_known = detail::for_each_watched(descriptor, [&](int watched, watched_kind kind) {
    if (kind == watched_kind::other) found = thread_sleep::for_io;
    if (kind == watched_kind::timer && is_due_soon(watched)) found = thread_sleep::none;
    return found != thread_sleep::none;
  });
  return is_known ? found : thread_sleep::none;
}

/// The descriptors without which such a thread would sleep for ever; false when they are not known.
inline bool find_awaited_descriptors(const sleeping_thread& thread, std::vector<int>& found) {
  long number = -1;
  unsigned long first = 0;
  char text[256];
  if (auto* const file =
          std::fopen(("/proc/self/task/" + std::to_string(thread.id) + "/syscall").c_str(), "re")) {
    if (std::fgets(text, sizeof text, file)) std::sscanf(text, "%ld %lx", &number, &first);
    std::fclose(file);
  }
  const auto descriptor = static_cast<int>(first);
  switch (number) {
#ifdef SYS_accept
    case SYS_accept:
#endif
    case SYS_accept4:
    case SYS_recvfrom:
    case SYS_recvmsg: found.push_back(descriptor); return true;
#ifdef SYS_epoll_wait
    case SYS_epoll_wait:
#endif
    case SYS_epoll_pwait: break;
    default: return false;
  }
  return detail::for_each_watched(descriptor, [&](int watched, watched_kind kind) {
    if (kind == watched_kind::other) found.push_back(watched);
    return true;
  });
}

/// Whether only this process can have that address: its memory is not shared with others.
inline bool is_private_memory(unsigned long address) {
  bool found = false;
  if (auto* file = std::fopen("/proc/self/maps", "re")) {
    char line[4352];  // one holds a path at its end
    unsigned long begin = 0, end = 0;
    char shared = 0;
    while (std::fgets(line, sizeof line, file)) {
      if (std::sscanf(line, "%lx-%lx %*3c%c", &begin, &end, &shared) != 3 || address >= end) continue;
      found = address >= begin && shared == 'p';
      break;
    }
    std::fclose(file);
  }
  return found;
}

/// By the system call in which it stands.
inline thread_sleep sleep_in_call(const sleeping_thread& which, long number, const unsigned long (&args)[6],
                                  std::chrono::nanoseconds within) {
  const auto is_minus_one = [](unsigned long argument) { return static_cast<int>(argument) == -1; };
  switch (number) {
#ifdef SYS_futex
    case SYS_futex:
#endif
#if defined(SYS_futex_time64) && (!defined(SYS_futex) || SYS_futex_time64 != SYS_futex)
    case SYS_futex_time64:  // of 32 bits
#endif
    {
      constexpr unsigned long private_flag = 128, command = 127;
      const auto operation = args[1] & command;
      // FUTEX_WAIT, FUTEX_WAIT_BITSET, without a time limit
      if ((operation != 0 && operation != 9) || args[3] != 0) return thread_sleep::none;
      if (args[1] & private_flag) return thread_sleep::for_ever;
      // A std::future waits in a way that another process could end, were the memory shared. As long as the thread sleeps on,
      // the answer stays the same.
      thread_local struct {
        long thread, sleeps;
        unsigned long address;
        bool is_private;
      } known{};
      if (known.thread != which.id || known.sleeps != which.sleeps || known.address != args[0])
        known = {which.id, which.sleeps, args[0], is_private_memory(args[0])};
      return known.is_private ? thread_sleep::for_ever : thread_sleep::none;
    }
#ifdef SYS_epoll_wait
    case SYS_epoll_wait:
#endif
    case SYS_epoll_pwait:
      return is_minus_one(args[3]) ? detail::sleep_in_epoll(which, static_cast<int>(args[0]), within)
                                   : thread_sleep::none;
#ifdef SYS_poll
    case SYS_poll: return is_minus_one(args[2]) ? thread_sleep::for_io : thread_sleep::none;
#endif
#ifdef SYS_ppoll
    case SYS_ppoll:
#endif
#if defined(SYS_ppoll_time64) && (!defined(SYS_ppoll) || SYS_ppoll_time64 != SYS_ppoll)
    case SYS_ppoll_time64:
#endif
      return args[2] == 0 ? thread_sleep::for_io : thread_sleep::none;
#ifdef SYS_accept
    case SYS_accept:
#endif
    case SYS_accept4:
    case SYS_recvfrom:
    case SYS_recvmsg: {
      timeval limit{};
      socklen_t size = sizeof limit;
      ::getsockopt(static_cast<int>(args[0]), SOL_SOCKET, SO_RCVTIMEO, &limit, &size);
      return limit.tv_sec != 0 || limit.tv_usec != 0 ? thread_sleep::none : thread_sleep::for_io;
    }
    default: return thread_sleep::none;
  }
}

/// The owner of the system call numbers that the kernel reports for a thread. Under an emulator of another architecture (qemu-user, as in
/// containers of a foreign platform) the numbers are the host's, and mean something else to this program.
enum class call_numbers : std::uint8_t { ours, of_another, unknown };

/// By what the kernel said while this program was reading it.
inline call_numbers whose_numbers(const char* said, int descriptor, std::size_t size) {
  long number = -1;
  unsigned long args[3] = {};
  if (std::sscanf(said, "%ld %lx %lx %lx", &number, args, args + 1, args + 2) != 4)
    return call_numbers::unknown;
  return number == SYS_read && args[0] == static_cast<unsigned long>(descriptor) && args[2] == size
             ? call_numbers::ours
             : call_numbers::of_another;
}
inline call_numbers whose_numbers() {
  static const auto known = [] {
    char text[256] = {};
    const int file = ::open("/proc/thread-self/syscall", O_RDONLY | O_CLOEXEC);
    if (file < 0) return call_numbers::unknown;
    const auto size = ::syscall(SYS_read, file, text, sizeof text - 1);
    ::close(file);
    return size > 0 ? whose_numbers(text, file, sizeof text - 1) : call_numbers::unknown;
  }();
  return known;
}

inline sleeping_thread look_at_thread(const char* id, std::chrono::nanoseconds within) {
  sleeping_thread found;
  found.id = std::strtol(id, nullptr, 10);
  char text[256];
  const std::string folder = std::string("/proc/self/task/") + id;
  long number = -1;
  unsigned long args[6] = {};
  // A file that cannot be opened, say for want of descriptors, proves nothing.
  bool in_a_call = false;
  if (auto* file = std::fopen((folder + "/syscall").c_str(), "re")) {
    in_a_call = std::fgets(text, sizeof text, file) &&
                std::sscanf(text, "%ld %lx %lx %lx %lx %lx %lx", &number, args, args + 1, args + 2, args + 3,
                            args + 4, args + 5) == 7;
    std::fclose(file);
  }
  if (auto* file = std::fopen((folder + "/status").c_str(), "re")) {
    while (std::fgets(text, sizeof text, file)) {
      char state = 0;
      // One that is being woken still stands in its system call, but is no longer said to sleep.
      if (std::sscanf(text, "State: %c", &state) == 1) found.asleep = state == 'S';
      if (std::sscanf(text, "voluntary_ctxt_switches: %ld", &found.sleeps) == 1) break;
    }
    std::fclose(file);
  }
  if (in_a_call && found.asleep && whose_numbers() == call_numbers::ours)
    found.sleep = detail::sleep_in_call(found, number, args, within);
  return found;
}

#endif

}  // namespace awaitest::detail
