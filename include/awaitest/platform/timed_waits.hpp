// The waits with a limit of threads that take part in a virtual clock: each until an instant of that clock.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <vector>

namespace awaitest::detail {

class virtual_clock;

/// One wait, on its thread's stack.
struct timed_wait {
  const virtual_clock* clock;
  std::int64_t until;  ///< of its steady_clock
  long thread;
  bool for_io;             ///< what it waits for may come from the kernel
  void (*wake)(void* of);  ///< null: it looks again and again by the machine's clock, whether it is due
  void* of;
  std::atomic<bool> is_due{false};
};

/// The waits of all threads. Any thread; `wake` is called under the lock, so that the wait does not end meanwhile.
class timed_waits {
 public:
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

  static timed_waits& instance() {
    static auto& one = *new timed_waits;  // threads that are left outlive static objects
    return one;
  }

  void add(timed_wait& one) {
    const std::lock_guard lock{guard_};
    all_.push_back(&one);
    count_.store(all_.size(), std::memory_order_release);
  }
  void remove(timed_wait& one) {
    const std::lock_guard lock{guard_};
    std::erase(all_, &one);
    count_.store(all_.size(), std::memory_order_release);
  }

  bool any() const noexcept { return count_.load(std::memory_order_acquire) != 0; }
  bool any(const virtual_clock& clock) {
    if (!any()) return false;
    const std::lock_guard lock{guard_};
    return std::any_of(all_.begin(), all_.end(), [&](const timed_wait* one) { return one->clock == &clock; });
  }
  /// The first instant of that clock for which a thread waits; one that is harmless, by its id, waits for none. `never`: there is none.
  template <class Harmless>
  std::int64_t next(const virtual_clock& clock, Harmless harmless) {
    if (!any()) return never;
    const std::lock_guard lock{guard_};
    auto first = never;
    for (const auto* one : all_)
      if (one->clock == &clock && one->until < first && !one->is_due.load(std::memory_order_relaxed) &&
          !harmless(one->thread))
        first = one->until;
    return first;
  }
  /// Ends those that are due, and those again that have not noticed.
  void fire(const virtual_clock& clock, std::int64_t now) {
    if (!any()) return;
    const std::lock_guard lock{guard_};
    for (auto* one : all_) {
      if (one->clock != &clock || one->until > now) continue;
      one->is_due.store(true, std::memory_order_release);
      if (one->wake) one->wake(one->of);
    }
  }

  /// A thread's wait, as others see it.
  struct state {
    const virtual_clock* clock = nullptr;  ///< null: it is in none
    bool is_due = false, for_io = false;
  };
  state of(long thread) {
    if (!any()) return {};
    const std::lock_guard lock{guard_};
    for (const auto* one : all_)
      if (one->thread == thread)
        return {one->clock, one->is_due.load(std::memory_order_relaxed), one->for_io};
    return {};
  }

 private:
  std::mutex guard_;
  std::vector<timed_wait*> all_;
  std::atomic<std::size_t> count_{0};  // read without the lock
};

}  // namespace awaitest::detail
