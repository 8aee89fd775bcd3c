// The time that a thread sees: the machine's, or that of the virtual test which its loop is running.
#pragma once

#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../model/options.hpp"
#include "../platform/real_clock.hpp"

namespace awaitest::detail {

/// The time of virtual tests, in nanoseconds of each clock's own epoch. Moved by its loop's thread; read from any.
class virtual_clock {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// The start of steady_clock: twenty years of 365 days. Later than the real one of any machine, so that a limit which
  /// waits in real time all the same (std::future::wait_for) is too long rather than over at once.
  static constexpr std::int64_t steady_start = std::int64_t{20} * 365 * 86'400 * 1'000'000'000;

  std::int64_t steady() const noexcept { return steady_.load(std::memory_order_relaxed); }
  std::int64_t system() const noexcept { return add(steady(), offset_.load(std::memory_order_relaxed)); }
  time_point now() const noexcept { return time_point{std::chrono::nanoseconds{steady()}}; }

  /// A test begins. Where something lives on from the one before, steady_clock only goes on.
  void begin(std::int64_t system_start, bool goes_on) noexcept {
    if (!goes_on) steady_.store(steady_start, std::memory_order_relaxed);
    offset_.store(system_start - steady(), std::memory_order_relaxed);
    targets_.clear();
  }
  void move_to(time_point when) noexcept {
    const auto to = when.time_since_epoch().count();
    if (to > steady()) steady_.store(to, std::memory_order_relaxed);
  }
  /// For a question that depends on the time; put back right after it.
  void look_from(time_point when) noexcept {
    steady_.store(when.time_since_epoch().count(), std::memory_order_relaxed);
  }
  void move_by(std::int64_t span) noexcept { steady_.store(add(steady(), span), std::memory_order_relaxed); }

  /// Something on the loop's thread has slept: the clock moves, and the calls are kept for the report.
  struct blocking_call {
    const char* function;
    std::uint64_t calls;
    std::int64_t span;  ///< of all calls
  };
  void blocked(const char* function, std::int64_t span) {
    if (span > 0) move_by(span);
    const auto same = [&](const blocking_call& one) { return one.function == function; };
    auto found = std::find_if(blocking_.begin(), blocking_.end(), same);
    if (found == blocking_.end()) found = blocking_.insert(found, {function, 0, 0});
    ++found->calls;
    found->span = add(found->span, span);
  }
  std::vector<blocking_call> take_blocking_calls() { return std::exchange(blocking_, {}); }

  // this_test::advance: instants that somebody waits for, the earliest first.
  void add_target(time_point when) {
    targets_.insert(std::upper_bound(targets_.begin(), targets_.end(), when), when);
  }
  void remove_target(time_point when) {
    const auto found = std::find(targets_.begin(), targets_.end(), when);
    if (found != targets_.end()) targets_.erase(found);
  }
  bool has_target() const noexcept { return !targets_.empty(); }
  time_point target() const noexcept { return targets_.empty() ? time_point::max() : targets_.front(); }

  // Descriptors of the loop's io_context:
  std::atomic<int> timer_descriptor{-1};  ///< never armed: the loop itself looks at the timers
  std::atomic<int> epoll_descriptor{-1};  ///< where the loop itself waits

 private:
  static std::int64_t add(std::int64_t a, std::int64_t b) noexcept {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) return b > 0 ? INT64_MAX : INT64_MIN;
    return sum;
  }

  std::atomic<std::int64_t> steady_{steady_start};
  std::atomic<std::int64_t> offset_{default_start - steady_start};
  std::vector<blocking_call> blocking_;
  std::vector<time_point> targets_;
};

/// Why there is no virtual time in this program; empty: there is. Set where time/libc_clocks.hpp is, or is not.
inline std::string (*why_no_virtual_time)() = nullptr;

}  // namespace awaitest::detail
