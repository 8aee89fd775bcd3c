// Whether a thread that is not ours could still wake a test up.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#if defined(__linux__)
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "handled_signals.hpp"
#include "harmless_threads.hpp"
#include "made_threads.hpp"
#include "real_clock.hpp"
#include "thread_state.hpp"
#include "timed_waits.hpp"

namespace awaitest::detail {

/// The threads of awaitest itself: none of them wakes a test.
class own_threads {
 public:
  /// With room for the first: the watchdog may come to add itself when there is no memory any more.
  own_threads() { ids_.reserve(16); }
  static own_threads& instance() {
    static auto& one = *new own_threads;  // threads that are left outlive static objects
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

/// Threads that tests have made which are running on other workers: most likely, for themselves.
enum class threads_of_others : std::uint8_t { left_out, seen };

inline sleeping_thread look_at_member(const char* id, std::chrono::nanoseconds within,
                                      const virtual_clock* clock, threads_of_others others) {
  const auto by = made_threads::instance().maker_of(std::strtol(id, nullptr, 10));
  const bool is_elsewhere = by.clock != clock && by.test != test_here;
  if (is_elsewhere && others == threads_of_others::left_out && by.is_running())
    return {std::strtol(id, nullptr, 10), 0, thread_sleep::for_ever, true};
  auto found = detail::look_at_thread(id, within);
  if (const auto wait = timed_waits::instance().of(found.id); wait.clock) {
    found.sleep = wait.clock != clock || wait.is_due || !found.asleep ? thread_sleep::none
                  : wait.for_io                                       ? thread_sleep::for_io
                                                                      : thread_sleep::for_ever;
  } else if (by.clock && by.clock != clock && ask_clock->is_any_to_come(*by.clock)) {
    found.sleep = thread_sleep::none;  // its timerfds are not the kernel's
  }
  return found;
}

/// The threads of others. Those that take part in that clock, and wait for an instant of it, sleep until it is moved there.
inline std::vector<sleeping_thread> foreign_threads(std::chrono::nanoseconds within = {},
                                                    const virtual_clock* clock = nullptr,
                                                    threads_of_others others = threads_of_others::seen) {
  std::vector<sleeping_thread> found;
  if (auto* folder = ::opendir("/proc/self/task")) {
    while (const auto* entry = ::readdir(folder)) {
      if (entry->d_name[0] == '.' ||
          own_threads::instance().contains(std::strtol(entry->d_name, nullptr, 10)))
        continue;
      if (harmless_threads().contains(entry->d_name))
        found.push_back({std::strtol(entry->d_name, nullptr, 10), 0, thread_sleep::for_ever, true});
      else
        found.push_back(detail::look_at_member(entry->d_name, within, clock, others));
    }
    ::closedir(folder);
  } else {
    found.push_back({});  // cannot tell: somebody may be there
  }
  return found;
}

/// The number of threads of the process; 0: unknown, and errno says why.
inline std::size_t count_threads() {
  static constinit std::atomic<int> kept{-1};
  int folder = kept.load(std::memory_order_relaxed);
  if (folder < 0) {
    folder = ::open("/proc/self/task", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return 0;
    // Another thread may have been faster.
    if (int none = -1; !kept.compare_exchange_strong(none, folder)) {
      ::close(folder);
      folder = none;
    }
  }
  struct stat about{};
  if (::fstat(folder, &about) != 0) return 0;
  return about.st_nlink < 3 ? 0 : about.st_nlink - 2;
}

/// Empty: they can be seen.
inline std::string why_threads_are_unseen() {
  errno = ENOSYS;  // a /proc that does not count
  auto* const folder = count_threads() == 0 ? nullptr : ::opendir("/proc/self/task");
  if (!folder) return std::string("/proc/self/task: ") + std::strerror(errno);
  ::closedir(folder);
  return {};
}

inline bool no_foreign_threads() { return count_threads() == own_threads::instance().count(); }

/// Whether those are all the foreign threads: the kernel ends its list early where a thread ends while it is read.
inline bool are_all_threads(const std::vector<sleeping_thread>& foreign) {
  return foreign.size() + own_threads::instance().count() >= count_threads();
}

/// The lightest sleep of all foreign threads. It takes microseconds: a clock that is to move asks at every step.
inline thread_sleep lightest_foreign_sleep(std::chrono::nanoseconds within, const virtual_clock* clock,
                                           threads_of_others others) {
  if (detail::no_foreign_threads()) return thread_sleep::for_ever;
  auto lightest = thread_sleep::for_ever;
  const auto first = detail::foreign_threads(within, clock, others);
  for (const auto& one : first) lightest = std::min(lightest, one.sleep);
  if (!detail::are_all_threads(first)) return thread_sleep::none;
  if (first.empty() || lightest == thread_sleep::none) return lightest;
  return signals_are_handled() || detail::foreign_threads(within, clock, others) != first ? thread_sleep::none
                                                                                          : lightest;
}

/// True only when no foreign thread can act by itself within that time: there is none, or each sleeps until another wakes it,
/// and all of them did at one moment. Two looks show that: a thread that slept through both, by its count, slept in between.
/// False is no verdict; ask again later.
/// `io_wakes(thread)`: whether one that sleeps for I/O may be woken by it.
template <class IoWakes>
bool no_thread_can_wake(std::chrono::nanoseconds within, const virtual_clock* clock, IoWakes io_wakes) {
  const auto all_asleep = [&](const std::vector<sleeping_thread>& threads) {
    return std::all_of(threads.begin(), threads.end(), [&](const sleeping_thread& t) {
      return t.sleep == thread_sleep::for_ever || (t.sleep == thread_sleep::for_io && !io_wakes(t));
    });
  };
  const time_scope real{nullptr};
  const auto first = detail::foreign_threads(within, clock);
  if (!detail::are_all_threads(first)) return false;
  if (first.empty()) return true;
  // A thread that another processor is about to wake looks asleep until that processor gets round to it: so look again
  // after a while, twice. Whatever is posted meanwhile waits in its queue.
  for (int look = 0; look < 2; ++look) {
    if (!all_asleep(first) || signals_are_handled()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{6});
    if (detail::foreign_threads(within, clock) != first) return false;
  }
  return true;
}
inline bool no_thread_can_wake(std::chrono::nanoseconds within, const virtual_clock* clock) {
  return detail::no_thread_can_wake(within, clock, [](const sleeping_thread&) { return true; });
}

#else

struct sleeping_thread {
  friend bool operator==(const sleeping_thread&, const sleeping_thread&) = default;
};
inline long this_thread_id() { return 0; }
inline bool no_foreign_threads() { return false; }
enum class threads_of_others : std::uint8_t { left_out, seen };
inline std::vector<sleeping_thread> foreign_threads(std::chrono::nanoseconds, const virtual_clock*) {
  return {};
}
template <class IoWakes>
bool no_thread_can_wake(std::chrono::nanoseconds, const virtual_clock*, IoWakes) {
  return false;
}
inline bool no_thread_can_wake(std::chrono::nanoseconds, const virtual_clock*) { return false; }
inline thread_sleep lightest_foreign_sleep(std::chrono::nanoseconds, const virtual_clock*,
                                           threads_of_others) {
  return thread_sleep::none;
}

#endif

/// The calling thread is awaitest's own while this lives.
class known_thread {
 public:
  known_thread() { own_threads::instance().add(id_); }
  known_thread(const known_thread&) = delete;
  known_thread& operator=(const known_thread&) = delete;
  ~known_thread() { own_threads::instance().remove(id_); }

 private:
  long id_ = this_thread_id();
};

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
  static constinit std::atomic<bool> known{false};
  if (known.exchange(true) || count_threads() > 1) return;
  const auto self = this_thread_id();
  const time_scope real{nullptr};
  std::thread([] {}).join();
  for (int look = 0; look < 1000; ++look) {  // until the kernel has forgotten the joined one
    auto others = foreign_threads();
    std::erase_if(others, [&](const sleeping_thread& one) { return one.id == self; });
    if (others.size() == 1) return own_threads::instance().add(others.front().id);
    std::this_thread::yield();
  }
#endif
}

}  // namespace awaitest::detail
