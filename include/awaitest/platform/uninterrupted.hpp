// Work that a thread finishes although a signal asks the process to end.
#pragma once

#include <atomic>
#include <mutex>

namespace awaitest::detail {

/// While one lives, its thread is not stopped in the handler of a signal that was sent to the process: what the thread has in
/// its hands, or under a lock, is wanted in the last report.
class uninterrupted {
 public:
  uninterrupted() noexcept { add(1); }
  uninterrupted(const uninterrupted&) = delete;
  uninterrupted& operator=(const uninterrupted&) = delete;
  ~uninterrupted() { add(-1); }

  /// Asks about this thread; fit for the handler of a signal.
  static bool here() noexcept { return depth_.load(std::memory_order_relaxed) != 0; }

 private:
  // In two steps, which costs no locked instruction: nobody but this thread writes, and a handler on it leaves the depth as it was.
  static void add(int number) noexcept {
    depth_.store(depth_.load(std::memory_order_relaxed) + number, std::memory_order_relaxed);
  }
  inline static constinit thread_local std::atomic<int> depth_{0};  // read by the handler
};

/// A lock of what the last report reads.
class uninterrupted_lock {
 public:
  explicit uninterrupted_lock(std::mutex& guard) : lock_{guard} {}

 private:
  uninterrupted meanwhile_;
  std::lock_guard<std::mutex> lock_;
};

}  // namespace awaitest::detail
