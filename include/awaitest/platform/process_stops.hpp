// The time for which the process was stopped (Ctrl-Z, SIGSTOP, a debugger), or held up by a report: it is nobody's fault.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <thread>

#if defined(__linux__)
#include <fcntl.h>
#include <unistd.h>
#endif

#include "limits.hpp"

namespace awaitest::detail {

/// A thread that looks every limits::watched_every, the watchdog's, knows of a stop by its own absence. Any thread.
class process_stops {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// The looking thread begins to; or ends, and nothing is known from now on.
  void begin(time_point now) noexcept { seen_.store(count(now), std::memory_order_relaxed); }
  void end() noexcept { seen_.store(0, std::memory_order_relaxed); }

  /// A look of that thread, or a question of another before it has been scheduled again. True when the process was stopped since the look
  /// before, or has had no processor for as long.
  bool look(time_point now) noexcept {
    const auto at = count(now);
    auto before = seen_.load(std::memory_order_acquire);
    for (int patience = 10'000;;) {
      if (before < 0 &&
          patience-- >
              0) {  // another thread is counting; in a process that it has not been forked to, for ever
        std::this_thread::yield();
        before = seen_.load(std::memory_order_acquire);
        continue;
      }
      if (before <= 0 || before >= at) return false;
      if (seen_.compare_exchange_weak(before, -at, std::memory_order_acq_rel)) break;
    }
    const std::chrono::nanoseconds gap{at - before};
    const bool stopped = gap > limits::stopped;
    if (stopped) lost_.fetch_add(gap.count(), std::memory_order_relaxed);
    auto counting = -at;
    seen_.compare_exchange_strong(counting, at, std::memory_order_acq_rel);
    return stopped;
  }
  /// A report has held up a test, by the machine's clock.
  void add(std::chrono::nanoseconds held_up) noexcept {
    lost_.fetch_add(held_up.count(), std::memory_order_relaxed);
  }
  /// The time that stops have taken so far, by the machine's clock.
  std::chrono::nanoseconds lost() const noexcept {
    return std::chrono::nanoseconds{lost_.load(std::memory_order_relaxed)};
  }

 private:
  static std::int64_t count(time_point when) noexcept { return when.time_since_epoch().count(); }

  std::atomic<std::int64_t> seen_{0};  // 0: nobody looks; negative: a look is being counted
  std::atomic<std::int64_t> lost_{0};
};

inline constinit process_stops stops;

/// Whether a debugger, or another tracer, has the process in its hands: then no limit of time means anything.
inline bool is_traced() noexcept {
  bool traced = false;
#if defined(__linux__)
  const int file = ::open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  // Without memory from the heap: a thread that hangs may hold its lock. The line is one of the first ten.
  char text[1024] = {};
  const auto size = ::read(file, text, sizeof text - 1);
  ::close(file);
  long tracer = 0;
  const auto* const line = size > 0 ? std::strstr(text, "TracerPid:") : nullptr;
  traced = line && std::sscanf(line, "TracerPid: %ld", &tracer) == 1 && tracer != 0;
#endif
  return traced;
}

}  // namespace awaitest::detail
