// Timers that are set to the end of time: a way to wait for their cancellation, and no event that is to come.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(io_context.hpp)

#include <memory>

#include "asio_timers.hpp"

namespace awaitest::detail {

/// The endless timers of one io_context, in real time. The loop's thread only.
class endless_timers {
 public:
  explicit endless_timers(asio::io_context& of) : of_{of} {}

  /// Whether there is nothing outstanding but them: then no I/O and no timer will ever wake anybody.
  bool are_all() {
#ifdef AWAITEST_HAS_ASIO_TIMERS
    return find() && timers_->none_but_endless();
#else
    return false;
#endif
  }
  /// Whether there is no other timer, while I/O may be outstanding.
  bool are_all_timers() {
#ifdef AWAITEST_HAS_ASIO_TIMERS
    return find() && timers_->no_timer_but_endless();
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
