// Whether a thread that is not ours could still wake a test up.
#pragma once

#include <asio/signal_set.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#if defined(__linux__)
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "clock.hpp"

namespace awaitest::detail {

/// The threads of awaitest itself: none of them wakes a test.
class own_threads {
 public:
  static own_threads& instance() {
    static own_threads one;
    return one;
  }
  void add(long id) {
    const std::lock_guard lock{guard_};
    if (std::find(ids_.begin(), ids_.end(), id) == ids_.end()) ids_.push_back(id);
  }
  void remove(long id) {
    const std::lock_guard lock{guard_};
    std::erase(ids_, id);
  }
  bool contains(long id) {
    const std::lock_guard lock{guard_};
    return std::find(ids_.begin(), ids_.end(), id) != ids_.end();
  }
  std::size_t count() {
    const std::lock_guard lock{guard_};
    return ids_.size();
  }

 private:
  std::mutex guard_;
  std::vector<long> ids_;
};

#if defined(__linux__)

inline long this_thread_id() { return ::syscall(SYS_gettid); }

/// A thread and how often it has gone to sleep; asleep where only another thread of this process can wake it: in a private
/// futex without a time limit (a condition variable, a mutex, an idle pool), or in an idle epoll.
struct sleeping_thread {
  long id = 0;
  long sleeps = 0;
  bool for_ever = false;
  friend bool operator==(const sleeping_thread&, const sleeping_thread&) = default;
};

/// Whether an epoll is idle: it watches nothing but eventfds and timerfds that are not due within that time, and none has
/// anything to tell. So it is with an io_context that another thread runs and that has neither I/O nor a timer: without any
/// Asio arms its timerfd for five minutes.
inline bool is_idle_epoll(int descriptor, std::chrono::nanoseconds within) {
  pollfd ready{descriptor, POLLIN, 0};
  if (::poll(&ready, 1, 0) != 0) return false;
  const auto fdinfo = [](int which) { return "/proc/self/fdinfo/" + std::to_string(which); };
  const auto is = [](int which, const char* kind) {
    char target[64] = {};
    const auto link = "/proc/self/fd/" + std::to_string(which);
    return ::readlink(link.c_str(), target, sizeof target - 1) > 0 && std::strcmp(target, kind) == 0;
  };
  const auto is_due_soon = [&](int timer) {
    char text[256];
    long long seconds = 0, nanoseconds = 1;
    if (auto* file = std::fopen(fdinfo(timer).c_str(), "re")) {
      while (std::fgets(text, sizeof text, file))
        if (std::sscanf(text, "it_value: (%lld, %lld)", &seconds, &nanoseconds) == 2) break;
      std::fclose(file);
    }
    const bool armed = seconds != 0 || nanoseconds != 0;
    return armed && std::chrono::seconds{seconds} <= within;
  };
  bool idle = false;
  if (auto* file = std::fopen(fdinfo(descriptor).c_str(), "re")) {
    idle = true;
    char text[256];
    for (int watched = 0; idle && std::fgets(text, sizeof text, file);)
      if (std::sscanf(text, "tfd: %d", &watched) == 1)
        idle = is(watched, "anon_inode:[eventfd]") ||
               (is(watched, "anon_inode:[timerfd]") && !is_due_soon(watched));
    std::fclose(file);
  }
  return idle;
}

inline sleeping_thread look_at_thread(const char* id, std::chrono::nanoseconds within) {
  sleeping_thread found;
  found.id = std::strtol(id, nullptr, 10);
  char text[256];
  const std::string folder = std::string("/proc/self/task/") + id;
  if (auto* file = std::fopen((folder + "/syscall").c_str(), "re")) {
    long number = -1;
    unsigned long args[4] = {};
    if (std::fgets(text, sizeof text, file) &&
        std::sscanf(text, "%ld %lx %lx %lx %lx", &number, args, args + 1, args + 2, args + 3) == 5) {
      constexpr unsigned long private_flag = 128, command = 127;
      const auto operation = args[1] & command;
      found.for_ever = number == SYS_futex && (args[1] & private_flag) &&
                       (operation == 0 || operation == 9) && args[3] == 0;  // FUTEX_WAIT, FUTEX_WAIT_BITSET
      bool in_epoll = number == SYS_epoll_pwait;
#ifdef SYS_epoll_wait
      in_epoll = in_epoll || number == SYS_epoll_wait;
#endif
      if (in_epoll && static_cast<int>(args[3]) == -1)
        found.for_ever = is_idle_epoll(static_cast<int>(args[0]), within);
    }
    std::fclose(file);
  }
  if (auto* file = std::fopen((folder + "/status").c_str(), "re")) {
    while (std::fgets(text, sizeof text, file)) {
      char state = 0;
      // One that is being woken still stands in its system call, but is no longer said to sleep.
      if (std::sscanf(text, "State: %c", &state) == 1 && state != 'S') found.for_ever = false;
      if (std::sscanf(text, "voluntary_ctxt_switches: %ld", &found.sleeps) == 1) break;
    }
    std::fclose(file);
  }
  return found;
}

inline std::vector<sleeping_thread> foreign_threads(std::chrono::nanoseconds within = {}) {
  std::vector<sleeping_thread> found;
  if (auto* folder = ::opendir("/proc/self/task")) {
    while (const auto* entry = ::readdir(folder)) {
      if (entry->d_name[0] == '.' ||
          own_threads::instance().contains(std::strtol(entry->d_name, nullptr, 10)))
        continue;
      found.push_back(look_at_thread(entry->d_name, within));
    }
    ::closedir(folder);
  } else {
    found.push_back({});  // cannot tell: somebody may be there
  }
  return found;
}

/// Whether a signal may run code of the program's own, which may wake a thread that sleeps for ever. Not the fatal signals,
/// and not what asio::signal_set installs: waiting for a signal is work of an io_context.
inline bool signals_are_handled() {
  for (int number = 1; number < NSIG; ++number) {
    if (number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL || number == SIGABRT)
      continue;
    struct sigaction now{};
    if (::sigaction(number, nullptr, &now) != 0 || now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN)
      continue;
    if (now.sa_handler != &asio::detail::asio_signal_handler) return true;
  }
  return false;
}

/// How many threads the process has; 0: unknown.
inline std::size_t count_threads() {
  static const int folder = ::open("/proc/self/task", O_PATH | O_DIRECTORY | O_CLOEXEC);
  struct stat about{};
  if (folder < 0 || ::fstat(folder, &about) != 0 || about.st_nlink < 3) return 0;
  return about.st_nlink - 2;
}

/// As no_thread_can_wake, in microseconds: for moving a clock, which is asked for at every step.
inline bool every_thread_sleeps(std::chrono::nanoseconds within) {
  if (count_threads() == own_threads::instance().count()) return true;
  const auto first = foreign_threads(within);
  const auto asleep = [](const sleeping_thread& t) { return t.for_ever; };
  if (!std::all_of(first.begin(), first.end(), asleep)) return false;
  return first.empty() || (!signals_are_handled() && foreign_threads(within) == first);
}

/// True only when no foreign thread can act by itself within that time: there is none, or each sleeps until another wakes it, and all of
/// them did at one moment. Two looks show that: a thread that slept through both, by its count, slept in between.
/// False is no verdict; ask again later.
inline bool no_thread_can_wake(std::chrono::nanoseconds within) {
  const auto all_asleep = [](const std::vector<sleeping_thread>& threads) {
    return std::all_of(threads.begin(), threads.end(), [](const sleeping_thread& t) { return t.for_ever; });
  };
  const time_scope real{nullptr};
  const auto first = foreign_threads(within);
  if (first.empty()) return true;
  // A thread that another processor is about to wake looks asleep until that processor gets round to it: so look again
  // after a while, twice. Whatever is posted meanwhile waits in its queue.
  for (int look = 0; look < 2; ++look) {
    if (!all_asleep(first) || signals_are_handled()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{6});
    if (foreign_threads(within) != first) return false;
  }
  return true;
}

#else

inline long this_thread_id() { return 0; }
inline bool no_thread_can_wake(std::chrono::nanoseconds) { return false; }
inline bool every_thread_sleeps(std::chrono::nanoseconds) { return false; }

#endif

/// The runtime of ThreadSanitizer keeps a thread of its own, which wakes nobody; it begins with the program's first thread.
/// Called before any other thread is made, or without effect.
inline void know_sanitizer_threads() {
#if defined(__SANITIZE_THREAD__)
#define AWAITEST_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define AWAITEST_TSAN 1
#endif
#endif
#if defined(AWAITEST_TSAN) && defined(__linux__)
  static std::atomic<bool> known{false};
  if (known.exchange(true) || foreign_threads().size() > 1) return;
  std::thread([] {}).join();
  for (int look = 0; look < 1000; ++look) {  // until the kernel has forgotten the joined one
    const auto others = foreign_threads();
    if (others.size() == 1) return own_threads::instance().add(others.front().id);
    std::this_thread::yield();
  }
#endif
}

}  // namespace awaitest::detail
