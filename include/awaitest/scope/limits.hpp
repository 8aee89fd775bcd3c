// How long a test or a suite may still take.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "../model/wait.hpp"
#include "../platform/limits.hpp"
#include "../platform/process_stops.hpp"
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
  /// Whether it is over, at an instant of the scope's clock. A deadline by the machine's clock is put off by the time for which the process
  /// was stopped, and a timeout for as long as a debugger has it.
  bool passed(time_point now) { return now >= deadline_ && (virtual_ || !put_off(deadline_, now)); }
  /// The same by the machine's clock, in virtual time.
  bool passed_by_the_machine(time_point real) {
    return real >= real_deadline_ && !put_off(real_deadline_, real);
  }
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
  void start(time_point now) {
    set(now, or_none(timeout_), or_none(real_timeout_));
    is_timeout_ = true;
  }
  /// Winding down begins, which has a time of its own where the scope has any.
  void start_closing(time_point now) {
    (virtual_ ? real_timeout_ : timeout_) > 0 ? set(now, lenient(limits::closing), limits::closing)
                                              : set(now, none);
  }
  void start_draining(time_point now) { set(now, lenient(limits::drain), limits::drain); }
  void set(time_point now, span limit) { set(now, limit, limit); }

  /// The limit that such a conclusion rests on, in nanoseconds.
  std::int64_t told(conclusion why, test_phase in) const noexcept {
    if (is_by_the_machine(why)) return real_timeout_;
    const bool closing = in == test_phase::cleanups || in == test_phase::tear_down;
    return closing ? lenient(limits::closing).count() : timeout_;
  }

 private:
  static span or_none(std::int64_t timeout) noexcept { return timeout > 0 ? span{timeout} : none; }
  /// Virtual time costs nothing: winding down may take more of it.
  span lenient(span limit) const noexcept { return virtual_ ? limit * 60 : limit; }
  void set(time_point now, span limit, span real_limit) {
    is_timeout_ = false;
    lost_ = stops.lost();
    deadline_ = detail::later(now, limit);
    if (virtual_) real_deadline_ = detail::later(real_now(), real_limit);
  }

  bool put_off(time_point& deadline, time_point now) {
    stops.look(real_now());
    if (const auto lost = stops.lost(); lost != lost_) {
      deadline = detail::later(deadline, lost - std::exchange(lost_, lost));
      if (now < deadline) return true;
    }
    if (!is_timeout_ || !is_traced()) return false;
    deadline = detail::later(now, limits::watched_every);
    return true;
  }

  bool virtual_;
  bool is_timeout_ = false;  // the user's, not one of winding down
  span lost_{};              // of stops, when the deadline was set
  std::int64_t timeout_, real_timeout_;
  time_point deadline_ = time_point::max();
  time_point real_deadline_ = time_point::max();
};

}  // namespace awaitest::detail
