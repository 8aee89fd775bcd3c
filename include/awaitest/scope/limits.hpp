// How long a test or a suite may still take.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "../model/wait.hpp"
#include "../platform/limits.hpp"
#include "../platform/real_clock.hpp"

namespace awaitest::detail {

/// A deadline by the scope's own clock; in virtual time one by the machine's as well: what is awaited may not move the clock at
/// all. The loop's thread only.
class scope_limits {
 public:
  using clock = std::chrono::steady_clock;
  using time_point = clock::time_point;
  using span = std::chrono::nanoseconds;

  static constexpr auto none = span::max();

  /// Nanoseconds; 0: none. Without virtual time the second one is not looked at.
  scope_limits(bool in_virtual_time, std::int64_t timeout, std::int64_t real_timeout) noexcept
      : virtual_{in_virtual_time}, timeout_{timeout}, real_timeout_{real_timeout} {}

  time_point deadline() const noexcept { return deadline_; }
  time_point real_deadline() const noexcept { return real_deadline_; }
  /// The one by the machine's clock, whichever that is.
  time_point by_the_machine() const noexcept { return virtual_ ? real_deadline_ : deadline_; }
  /// The moment after which the loop itself must be blocked: everything that a deadline can bring has had its time.
  /// By the machine's clock.
  time_point blocked_after() const {
    const span timeout{virtual_ ? real_timeout_ : timeout_};
    if (timeout <= span{} || by_the_machine() == time_point::max()) return time_point::max();
    return detail::later(detail::later(by_the_machine(), std::max<span>(timeout, limits::blocked)),
                         limits::drain);
  }

  /// The timeout begins.
  void start(time_point now) { set(now, or_none(timeout_), or_none(real_timeout_)); }
  /// Winding down begins, which has a time of its own where the scope has any.
  void start_closing(time_point now) {
    (virtual_ ? real_timeout_ : timeout_) > 0 ? set(now, lenient(limits::closing), limits::closing)
                                              : set(now, none);
  }
  void start_draining(time_point now) { set(now, lenient(limits::drain), limits::drain); }
  void set(time_point now, span limit) { set(now, limit, limit); }

  /// The limit that such a conclusion rests on, in nanoseconds.
  std::int64_t told(conclusion why, test_phase in) const noexcept {
    if (why == conclusion::real_timeout || why == conclusion::held_timeout) return real_timeout_;
    const bool closing = in == test_phase::cleanups || in == test_phase::tear_down;
    return closing ? lenient(limits::closing).count() : timeout_;
  }

 private:
  static span or_none(std::int64_t timeout) noexcept { return timeout > 0 ? span{timeout} : none; }
  /// Virtual time costs nothing: winding down may take more of it.
  span lenient(span limit) const noexcept { return virtual_ ? limit * 60 : limit; }
  void set(time_point now, span limit, span real_limit) {
    deadline_ = detail::later(now, limit);
    if (virtual_) real_deadline_ = detail::later(real_now(), real_limit);
  }

  bool virtual_;
  std::int64_t timeout_, real_timeout_;
  time_point deadline_ = time_point::max();
  time_point real_deadline_ = time_point::max();
};

}  // namespace awaitest::detail
