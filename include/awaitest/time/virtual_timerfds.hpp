// The timerfds that are set in virtual time: the kernel's clock is not theirs, so that they are made to fire when the virtual one
// comes to their time. Asio's reactors wait for their timers in that way, those of io_contexts that a test runs itself included.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <iterator>
#include <limits>
#include <mutex>
#include <vector>

namespace awaitest::detail {

/// The timerfds that were set off last, by any clock: those live as long as the process. Any thread.
class set_off_timerfds {
 public:
  static void remember(int descriptor, std::atomic<bool>& set_elsewhere) noexcept {
    auto& place = last_[static_cast<unsigned>(descriptor) % std::size(last_)];
    place.descriptor.store(descriptor, std::memory_order_relaxed);
    place.set_elsewhere.store(&set_elsewhere, std::memory_order_release);
    any_.store(true, std::memory_order_release);
  }
  /// A thread that sees the clock sets that one.
  static void forget(int descriptor) noexcept {
    auto& place = last_[static_cast<unsigned>(descriptor) % std::size(last_)];
    if (place.descriptor.load(std::memory_order_relaxed) == descriptor)
      place.set_elsewhere.store(nullptr, std::memory_order_relaxed);
  }
  /// A thread that keeps the machine's time sets that one.
  static void is_set_elsewhere(int descriptor) noexcept {
    if (!any_.load(std::memory_order_acquire)) return;
    auto& place = last_[static_cast<unsigned>(descriptor) % std::size(last_)];
    if (place.descriptor.load(std::memory_order_relaxed) != descriptor) return;
    if (auto* const told = place.set_elsewhere.exchange(nullptr, std::memory_order_acq_rel))
      told->store(true, std::memory_order_release);
  }

 private:
  struct one {
    std::atomic<int> descriptor{-1};
    std::atomic<std::atomic<bool>*> set_elsewhere{nullptr};
  };
  inline static constinit std::atomic<bool> any_{false};
  static one last_[64];
};
inline set_off_timerfds::one set_off_timerfds::last_[64]{};

/// Any thread.
class virtual_timerfds {
 public:
  static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();

  struct setting {
    std::int64_t when = none;   ///< nanoseconds of the steady clock
    std::int64_t interval = 0;  ///< nanoseconds; 0: once
  };

  /// In place of the setting before, which is returned. `none` disarms it.
  setting set(int descriptor, setting to) {
    return set(descriptor, to, [] {});
  }
  /// `stop()` takes away what has been set off and not been read: not while one is being set off.
  template <class Stop>
  setting set(int descriptor, setting to, Stop stop) {
    const std::lock_guard lock{guard_};
    set_off_timerfds::forget(descriptor);
    stop();
    setting before;
    const auto known = find(descriptor);
    if (known != armed_.end()) {
      before = known->to;
      armed_.erase(known);
    }
    if (to.when != none) armed_.push_back({descriptor, to});
    publish();
    return before;
  }
  setting get(int descriptor) {
    const std::lock_guard lock{guard_};
    const auto known = find(descriptor);
    return known == armed_.end() ? setting{} : known->to;
  }
  /// The first instant at which one is due; `none`: never.
  std::int64_t next() const noexcept { return next_.load(std::memory_order_relaxed); }

  /// Sets off those that are due.
  void fire(std::int64_t now) {
    if (now < next()) return;
    const std::lock_guard lock{guard_};
    std::erase_if(armed_, [&](armed& one) {
      if (one.to.when > now) return false;
      set_off_timerfds::remember(one.descriptor, misunderstood_);
      if (!set_off || !set_off(one.descriptor) || one.to.interval <= 0) return true;
      // The reader is told of one expiry, however many periods have passed.
      const auto periods = (now - one.to.when) / one.to.interval + 1;
      return __builtin_add_overflow(one.to.when, periods * one.to.interval, &one.to.when);
    });
    publish();
  }
  /// Makes the real one readable now; false when the descriptor is no timerfd any more. Where timers are not replaced none is set.
  using set_off_function = bool (*)(int descriptor) noexcept;
  inline static constinit set_off_function set_off = nullptr;

  void clear() {
    const std::lock_guard lock{guard_};
    armed_.clear();
    publish();
  }

  /// Whether a thread that keeps the machine's time has set one that had been set off for it: it takes the timer for one that is not due.
  bool is_misunderstood() const noexcept { return misunderstood_.load(std::memory_order_acquire); }
  void forget_misunderstood() noexcept { misunderstood_.store(false, std::memory_order_relaxed); }

 private:
  struct armed {
    int descriptor;
    setting to;
  };

  std::vector<armed>::iterator find(int descriptor) {
    return std::find_if(armed_.begin(), armed_.end(),
                        [&](const armed& one) { return one.descriptor == descriptor; });
  }
  void publish() {
    auto first = none;
    for (const auto& one : armed_) first = std::min(first, one.to.when);
    next_.store(first, std::memory_order_relaxed);
  }

  std::atomic<bool> misunderstood_{false};
  std::mutex guard_;
  std::vector<armed> armed_;
  std::atomic<std::int64_t> next_{none};  // read without the lock
};

}  // namespace awaitest::detail
