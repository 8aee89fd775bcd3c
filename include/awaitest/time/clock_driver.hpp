// Virtual time on one io_context: when its clock moves, and how far.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include "../platform/asio_timers.hpp"
#include "../platform/bytes_in_flight.hpp"
#include "../task/wait_list.hpp"
#include "clock_readings.hpp"
#include "virtual_clock.hpp"

namespace awaitest::detail {

#ifdef AWAITEST_HAS_ASIO_TIMERS

/// The loop's thread only. Asked by the loop when nothing is ready.
class clock_driver {
 public:
  using time_point = virtual_clock::time_point;
  enum class verdict : std::uint8_t {
    moved,    ///< something has been set off, or a deadline has come
    nothing,  ///< no instant is to come, and nothing real is outstanding
    real      ///< only something real can go on
  };

  clock_driver(virtual_clock& clock, asio::io_context& of, std::shared_ptr<wait_list> advancing)
      : clock_{clock}, timers_{of}, advancing_{std::move(advancing)} {
    clock_.timer_descriptor.store(timers_.timer_descriptor(), std::memory_order_relaxed);
    clock_.epoll_descriptor.store(timers_.epoll_descriptor(), std::memory_order_relaxed);
    clock_.own_timers = {this, [](void* self) {
                           auto& driver = *static_cast<clock_driver*>(self);
                           const auto left = driver.timers_.next(driver.clock_);
                           return left == asio_timers::none ? virtual_clock::never
                                                            : driver.clock_.after(left);
                         }};
  }
  clock_driver(const clock_driver&) = delete;
  clock_driver& operator=(const clock_driver&) = delete;
  ~clock_driver() { clock_.own_timers = {}; }

  /// Completes the timers that are due. False when none was. `pick`: see asio_timers::fire.
  template <class Pick>
  bool fire(Pick pick) {
    const auto fired = timers_.fire(pick);
    explained_ += fired;
    return fired != 0;
  }
  /// After a handler.
  void mark_timers() {
    timers_.mark();
    clock_readings::begin();
  }
  /// For telling I/O from what we do ourselves: handlers that the io_context has run, and those that we have posted.
  void count_run() {
    ++run_;
    clock_readings::begin();
  }
  void count_posted() { ++explained_; }

  /// Whether anything but timers is outstanding here.
  bool has_other_work() { return timers_.other_work() != 0; }
  /// Whether I/O is outstanding, here or on another thread, that has not had its time to arrive. A while without any makes it plain
  /// that none is on its way.
  bool gives_grace(bool elsewhere) {
    const auto others = timers_.other_work();
    if (others == 0 && !elsewhere) return false;
    if (others != others_ || run_ != explained_) {
      quiet_ = 0;
      bytes_at_ = -1;
    }
    others_ = others;
    run_ = explained_ = 0;
    return ++quiet_ <= patience;
  }

  /// Whether I/O is outstanding, here or on another thread, and bytes for it are on their way within this process. So long as that
  /// is, the clock stands still; for a quarter of a second at an instant in which no I/O has come.
  bool waits_for_bytes(bool elsewhere) {
    if ((timers_.other_work() == 0 && !elsewhere) || !detail::bytes_are_in_flight()) return false;
    if (std::exchange(bytes_at_, clock_.steady()) != clock_.steady()) bytes_since_ = real_now();
    if (real_now() - bytes_since_ < std::chrono::milliseconds{250}) return true;
    clock_.remark(
        "bytes that this process has written to a TCP socket of its own have not arrived within 250 ms: "
        "virtual time has moved on");
    return false;
  }

  /// Whether something real is outstanding, and no instant is to come.
  bool only_io_is_to_come(bool by_hand) {
    if (timers_.other_work() == 0 || clock_.timerfds.is_misunderstood() || clock_.has_target()) return false;
    return by_hand ||
           (clock_.next_timer() == virtual_clock::never && timers_.next(clock_) == asio_timers::none);
  }
  /// Whether nothing is to come, also of what another thread may have begun since `move` has said so.
  bool nothing_is_to_come(bool by_hand) {
    if (is_something_real() || clock_.has_target()) return false;
    if (!by_hand && clock_.next_timer() != virtual_clock::never) return false;
    return by_hand || timers_.next(clock_) == asio_timers::none;
  }

  /// Nanoseconds until the first timer is due here; less than 0: none is set.
  std::int64_t next_timer() {
    const auto left = timers_.next(clock_);
    return left == asio_timers::none ? -1 : left;
  }

  /// To the next instant at which something is to happen.
  template <class Pick>
  verdict move(time_point deadline, bool by_hand, Pick pick) {
    const auto left = timers_.next(clock_);
    const auto timer =
        left == asio_timers::none ? time_point::max() : later(clock_.now(), std::chrono::nanoseconds{left});
    // A timerfd is of another io_context: there is no order of handlers to choose.
    const time_point elsewhere{std::chrono::nanoseconds{clock_.next_timer()}};
    const auto target = clock_.target();
    const auto next =
        by_hand && !clock_.has_target() ? time_point::max() : std::min({timer, target, elsewhere});
    if (next == time_point::max()) {
      if (!is_something_real()) return verdict::nothing;
      if (by_hand || deadline == time_point::max()) return verdict::real;
    }
    if (deadline < next) {
      clock_.move_to(deadline);
    } else {
      clock_.move_to(next);
      if (timer <= next)
        fire(pick);
      else if (target <= next)
        advancing_->release_if([now = clock_.steady()](const wait_list::waiter& one) {
          return static_cast<std::int64_t>(one.key) <= now;
        });
    }
    return verdict::moved;
  }

 private:
  static constexpr int patience = 10;

  /// I/O, or a timer that threads in the machine's time hold.
  bool is_something_real() {
    if (clock_.timerfds.is_misunderstood()) {
      clock_.remark(
          "a timer set in virtual time belongs to threads that keep the machine's time (they were there "
          "before "
          "the test, or are the system_executor's): it is never due for them");
      return true;
    }
    return timers_.other_work() != 0;
  }

  virtual_clock& clock_;
  asio_timers timers_;
  std::shared_ptr<wait_list> advancing_;
  std::size_t run_ = 0, explained_ = 0;
  long others_ = 0;
  int quiet_ = 0;
  std::int64_t bytes_at_ = -1;  // the instant at which bytes were last on their way, since I/O has come,
  time_point bytes_since_{};    // and by the machine's clock since when
};

#else

/// There is no virtual time with this flavour of Asio: none is ever made.
class clock_driver {
 public:
  using time_point = virtual_clock::time_point;
  enum class verdict : std::uint8_t { moved, nothing, real };
  clock_driver(virtual_clock&, asio::io_context&, const std::shared_ptr<wait_list>&) {}
  template <class Pick>
  bool fire(Pick) {
    return false;
  }
  void mark_timers() {}
  void count_run() {}
  void count_posted() {}
  bool has_other_work() { return false; }
  bool gives_grace(bool) { return false; }
  bool waits_for_bytes(bool) { return false; }
  template <class Pick>
  verdict move(time_point, bool, Pick) {
    return verdict::nothing;
  }
  bool nothing_is_to_come(bool) { return true; }
  std::int64_t next_timer() { return -1; }
  bool only_io_is_to_come(bool) { return false; }
};

#endif

}  // namespace awaitest::detail
