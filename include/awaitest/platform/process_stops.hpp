// The time for which the process was stopped (Ctrl-Z, SIGSTOP, a debugger), which is nobody's fault.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>

#if defined(__linux__)
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
    auto before = seen_.load(std::memory_order_relaxed);
    const auto at = count(now);
    while (before != 0 && before < at &&
           !seen_.compare_exchange_weak(before, at, std::memory_order_relaxed)) {
    }
    const std::chrono::nanoseconds gap{before != 0 && before < at ? at - before : 0};
    if (gap <= limits::stopped) return false;
    lost_.fetch_add(gap.count(), std::memory_order_relaxed);
    return true;
  }
  /// Of the machine's time so far; it is no test's.
  std::chrono::nanoseconds lost() const noexcept {
    return std::chrono::nanoseconds{lost_.load(std::memory_order_relaxed)};
  }

 private:
  static std::int64_t count(time_point when) noexcept { return when.time_since_epoch().count(); }

  std::atomic<std::int64_t> seen_{0};  // 0: nobody looks
  std::atomic<std::int64_t> lost_{0};
};

inline constinit process_stops stops;

/// Whether a debugger, or another tracer, has the process in its hands: then no limit of time means anything.
inline bool is_traced() noexcept {
  bool traced = false;
#if defined(__linux__)
  if (auto* file = std::fopen("/proc/self/status", "re")) {
    char line[256];
    long tracer = 0;
    while (std::fgets(line, sizeof line, file))
      if (std::sscanf(line, "TracerPid: %ld", &tracer) == 1) break;
    std::fclose(file);
    traced = tracer != 0;
  }
#endif
  return traced;
}

}  // namespace awaitest::detail
