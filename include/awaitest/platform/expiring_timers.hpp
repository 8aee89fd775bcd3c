// Whether a timerfd that reads zero may be about to wake a thread up.
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

namespace awaitest::detail {

#if defined(__linux__)

/// The timerfds that have been seen armed, by their descriptors. The kernel tells zero of one that is disarmed or has fired,
/// and also of one that is due while its interrupt has not been delivered: for milliseconds, where a virtual machine is not
/// given the processor that is to deliver it. The two are told apart by what follows: who sleeps on a timer that is due wakes
/// up. A timer that was armed for the first time and became due between two looks is not known here, and taken for disarmed.
/// Not synchronised: each thread that looks has its own.
class expiring_timers {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  /// Longer than a hypervisor withholds a processor.
  static constexpr std::chrono::milliseconds patience{50};

  /// `sleeps`: how often the thread has gone to sleep.
  void see_armed(int timer, long thread, long sleeps, time_point now) {
    const seen one{timer, thread, sleeps, now};
    if (auto* known = find(timer))
      *known = one;
    else
      seen_.push_back(one);
  }

  /// The timer reads zero. False after one sleep of that length: it is forgotten then, until it is seen armed again.
  bool may_fire(int timer, long thread, long sleeps, time_point now) {
    auto* known = find(timer);
    if (!known) return false;
    if (known->thread != thread || known->sleeps != sleeps) {
      *known = {timer, thread, sleeps, now};
      return true;
    }
    if (now - known->since <= patience) return true;
    *known = seen_.back();
    seen_.pop_back();
    return false;
  }

 private:
  struct seen {
    int timer;
    long thread, sleeps;
    time_point since;
  };
  seen* find(int timer) {
    const auto at =
        std::find_if(seen_.begin(), seen_.end(), [&](const seen& one) { return one.timer == timer; });
    return at == seen_.end() ? nullptr : &*at;
  }

  std::vector<seen> seen_;
};

#endif

}  // namespace awaitest::detail
