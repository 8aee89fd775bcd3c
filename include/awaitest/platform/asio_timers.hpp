// The timers of an io_context, looked at and completed from outside: all that we know of Asio's insides for virtual time.
// Asio tells a reactor the next due time in whole microseconds, and a heap forgets who came first; both are too little.
//
// Private to Asio: members of epoll_reactor, timer_queue, timer_queue_set and deadline_timer_service (1.22 to 1.38). Where Asio waits
// without epoll, and with AWAITEST_NO_INTERPOSITION, AWAITEST_HAS_ASIO_TIMERS is not defined: there is no virtual time, and a timer set
// to the end of time hides a stuck test from all but its timeout.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO_DETAIL(chrono_time_traits.hpp)
#include AWAITEST_ASIO_DETAIL(deadline_timer_service.hpp)
#include AWAITEST_ASIO(io_context.hpp)
#include AWAITEST_ASIO(wait_traits.hpp)

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(ASIO_HAS_EPOLL) && !defined(ASIO_HAS_IO_URING_AS_DEFAULT) && !defined(AWAITEST_NO_INTERPOSITION)
#define AWAITEST_HAS_ASIO_TIMERS 1
#endif

#ifdef AWAITEST_HAS_ASIO_TIMERS

#include "asio_scheduler.hpp"
#include "private_member.hpp"
#include "real_clock.hpp"
#include "timers_of.hpp"

namespace awaitest::detail {

AWAITEST_PRIVATE_(reactor_queues, &asio::detail::epoll_reactor::timer_queues_)
AWAITEST_PRIVATE_(reactor_mutex, &asio::detail::epoll_reactor::mutex_)
AWAITEST_PRIVATE_(reactor_timer_descriptor, &asio::detail::epoll_reactor::timer_fd_)
AWAITEST_PRIVATE_(reactor_epoll_descriptor, &asio::detail::epoll_reactor::epoll_fd_)
AWAITEST_PRIVATE_(timer_queues_first, &asio::detail::timer_queue_set::first_)
AWAITEST_PRIVATE_(timer_queues_next, &asio::detail::timer_queue_base::next_)

class asio_timers {
 public:
  static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();

  explicit asio_timers(asio::io_context& of)
      : scheduler_{asio::use_service<asio::detail::scheduler>(of)},
        queue_{of},
        reactor_{asio::use_service<asio::detail::epoll_reactor>(of)},
        steady_{of},
        own_{of},
        system_{of} {}

  /// The reactor's descriptors: the one that it sets for its next timer, and the one that it waits with.
  int timer_descriptor() const { return reactor_.*member_of(reactor_timer_descriptor{}); }
  int epoll_descriptor() const { return reactor_.*member_of(reactor_epoll_descriptor{}); }

  /// Nanoseconds from now until the next timer is due, 0 or less when one is; `none`, also when it is a hundred years away:
  /// a timer set to the end of time is a way to wait for its cancellation. The clock is what the calling thread sees: it tells
  /// `now()`, and can be looked at from another instant, `look_from(when)`.
  template <class Clock>
  std::int64_t next(Clock& clock) {
    const lock guard{reactor_.*member_of(reactor_mutex{})};
    auto known = system_.next(own_.next(steady_.next(none)));
    if (known > longest) known = none;
    return known <= 0 ? known : std::min(known, next_of_all(clock, known));
  }

  /// Completes what is due now. Returns the number of handlers. Of several timers due at one instant, in the order in which they
  /// were set, `pick(number)` says which is next.
  template <class Pick>
  std::size_t fire(Pick pick) {
    asio::detail::op_queue<asio::detail::operation> ready;
    std::size_t count = 0;
    {
      const lock guard{reactor_.*member_of(reactor_mutex{})};
      due_.clear();
      mark_all();
      steady_.collect(due_);
      const auto own = due_.size();
      own_.collect(due_);
      const auto system = due_.size();
      system_.collect(due_);
      if (due_.size() > 1) put_in_order(own, system);
      for (auto at = due_.begin(); at != due_.end(); ++at) {
        const auto& one = *at;
        const auto same =
            std::find_if(at, due_.end(), [&](const due& other) { return other.when != one.when; });
        if (same - at > 1)
          if (const auto next = static_cast<std::ptrdiff_t>(pick(static_cast<std::size_t>(same - at)));
              next != 0)
            std::rotate(at, at + next, at + next + 1);
        asio::detail::op_queue<asio::detail::operation> waits;
        one.take(one.queue, one.timer, waits);
        while (auto* wait = waits.front()) {
          waits.pop();
          static_cast<asio::detail::wait_op*>(wait)->ec_ = {};
          ready.push(wait);
          ++count;
        }
      }
      asio::detail::op_queue<asio::detail::operation> others;  // of clocks that we do not know
      (reactor_.*member_of(reactor_queues{})).get_ready_timers(others);
      while (auto* wait = others.front()) {
        others.pop();
        ready.push(wait);
        ++count;
      }
    }
    if (count != 0) scheduler_.post_deferred_completions(ready);
    return count;
  }

  /// Between two handlers: tells the timers of different clocks apart by when they were set.
  void mark() {
    const lock guard{reactor_.*member_of(reactor_mutex{})};
    mark_all();
  }

  /// Between two handlers, while no test is in flight: the timers that are set now are left over.
  void leave() {
    const lock guard{reactor_.*member_of(reactor_mutex{})};
    steady_.leave();
    own_.leave();
    system_.leave();
  }
  /// Whether all that is outstanding on the io_context is timers that are a hundred years away or more, or left over and not due within
  /// so many nanoseconds.
  bool none_but_endless(std::int64_t within = none) {
    const lock guard{reactor_.*member_of(reactor_mutex{})};
    return other_work_now() == 0 && known_are_beyond(within);
  }

  /// The same, whatever else is outstanding. Of clocks that are not known a timer is endless in 32 bits after half an hour.
  bool no_timer_but_endless(std::int64_t within = none) {
    const lock guard{reactor_.*member_of(reactor_mutex{})};
    if (!known_are_beyond(within)) return false;
    constexpr auto microseconds =
        static_cast<long>(std::min<std::int64_t>(longest / 1000, std::numeric_limits<long>::max()));
    for (auto* queue = (reactor_.*member_of(reactor_queues{})).*member_of(timer_queues_first{}); queue;
         queue = queue->*member_of(timer_queues_next{}))
      if (!steady_.is_in(*queue) && !own_.is_in(*queue) && !system_.is_in(*queue) &&
          queue->wait_duration_usec(microseconds) != microseconds)
        return false;
    return true;
  }

  /// The work that is outstanding on the io_context besides timers: I/O, resolving, signals. Called where no handler is running.
  long other_work() {
    const lock guard{reactor_.*member_of(reactor_mutex{})};
    return other_work_now();
  }

 private:
  using mutex = std::remove_reference_t<decltype(std::declval<asio::detail::epoll_reactor&>().*
                                                 member_of(reactor_mutex{}))>;
  using lock = typename mutex::scoped_lock;

  struct due {
    std::int64_t when;  // 0 or less: that long ago
    int turn;           // in which it was set
    std::int64_t rank;  // of its clock's, by the order of setting
    void* timer;
    void* queue;
    void (*take)(void*, void*, asio::detail::op_queue<asio::detail::operation>&);
  };

  bool known_are_beyond(std::int64_t within) const {
    return steady_.are_all_beyond(longest, within) && own_.are_all_beyond(longest, within) &&
           system_.are_all_beyond(longest, within);
  }
  long other_work_now() {
    const auto all = static_cast<long>(queue_.outstanding());
    const auto timers = static_cast<long>(steady_.size() + own_.size() + system_.size());
    if (all == timers) return 0;  // each with one wait, as nearly always
    return all - static_cast<long>(steady_.waits() + own_.waits() + system_.waits());
  }
  void mark_all() {
    turn_ = turn_ == std::numeric_limits<int>::max() ? 1 : turn_ + 1;
    steady_.mark(turn_);
    own_.mark(turn_);
    system_.mark(turn_);
  }

  void put_in_order(std::size_t own, std::size_t system) {
    const auto rank = [&](auto& timers, std::size_t from, std::size_t to) {
      if (to - from < 2) return;
      const auto first = due_.begin() + static_cast<std::ptrdiff_t>(from);
      const auto last = due_.begin() + static_cast<std::ptrdiff_t>(to);
      std::sort(first, last, [](const due& a, const due& b) { return std::less<>{}(a.timer, b.timer); });
      timers.rank(first, last);
    };
    rank(steady_, 0, own);
    rank(own_, own, system);
    rank(system_, system, due_.size());
    std::sort(due_.begin(), due_.end(), [](const due& a, const due& b) {
      if (a.when != b.when) return a.when < b.when;
      if (a.turn != b.turn) return a.turn < b.turn;
      if (a.queue != b.queue) return std::less<>{}(a.queue, b.queue);
      return a.rank < b.rank;
    });
  }

  /// The next timer of every clock, unknown ones included, to the nanosecond: Asio only says whether something is due, which
  /// is asked at other times until it is known when.
  template <class Clock>
  std::int64_t next_of_all(Clock& clock, std::int64_t known) {
    const auto& queues = reactor_.*member_of(reactor_queues{});
    const auto start = clock.now();
    const auto any_due_in = [&](std::int64_t span) {
      clock.look_from(later(start, std::chrono::nanoseconds{span}));
      const bool any = queues.wait_duration_usec(1) == 0;
      clock.look_from(start);
      return any;
    };
    const auto horizon = known == none ? longest : known - 1;
    if (!any_due_in(horizon)) return known;
    std::int64_t before = -1, until = horizon;
    while (until - before > 1) {
      const auto middle = before + (until - before) / 2;
      (any_due_in(middle) ? until : before) = middle;
    }
    return until;
  }
  static constexpr std::int64_t longest = std::int64_t{100} * 365 * 86'400 * 1'000'000'000;

  asio::detail::scheduler& scheduler_;
  asio_scheduler queue_;
  asio::detail::epoll_reactor& reactor_;
  timers_of<steady_timers> steady_;
  timers_of<own_timers> own_;
  timers_of<system_timers> system_;
  std::vector<due> due_;
  int turn_ = 0;
};

}  // namespace awaitest::detail

#endif
