// Timers that are set to the end of time: a way to wait for their cancellation, and no event that is to come.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(io_context.hpp)

#include <chrono>
#include <memory>

#include "asio_timers.hpp"

namespace awaitest::detail {

/// The endless timers of one io_context, in real time. The loop's thread only.
class endless_timers {
 public:
  explicit endless_timers(asio::io_context& of) : of_{of} {}

  /// Whether there is nothing outstanding but them, and what was left over and is not due within that time: then no I/O and no timer will
  /// wake anybody whose time is over by then.
  bool are_all([[maybe_unused]] std::chrono::nanoseconds within) {
#ifdef AWAITEST_HAS_ASIO_TIMERS
    return find() && timers_->none_but_endless(within.count());
#else
    return false;
#endif
  }
  /// While no test is in flight: the timers that are set now were left over by tests that are over, or belong to their suites.
  void leave() {
#ifdef AWAITEST_HAS_ASIO_TIMERS
    if (find()) timers_->leave();
#endif
  }
  /// The same of the timers alone, while I/O may be outstanding.
  bool are_all_timers([[maybe_unused]] std::chrono::nanoseconds within) {
#ifdef AWAITEST_HAS_ASIO_TIMERS
    return find() && timers_->no_timer_but_endless(within.count());
#else
    return false;
#endif
  }

 private:
  asio::io_context& of_;
#ifdef AWAITEST_HAS_ASIO_TIMERS
  bool find() {
    if (timers_) return true;
    if (!asio::has_service<asio::detail::epoll_reactor>(of_)) return false;
    timers_ = std::make_unique<asio_timers>(of_);
    return true;
  }
  std::unique_ptr<asio_timers> timers_;
#endif
};

}  // namespace awaitest::detail
