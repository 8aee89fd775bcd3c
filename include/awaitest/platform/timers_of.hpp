// The timers of one clock in an io_context. Included where AWAITEST_HAS_ASIO_TIMERS is defined only: see asio_timers.hpp.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO_DETAIL(config.hpp)

#if defined(ASIO_HAS_EPOLL) && !defined(ASIO_HAS_IO_URING_AS_DEFAULT) && !defined(AWAITEST_NO_INTERPOSITION)

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

#include "../author/async/time.hpp"
#include "private_member.hpp"

namespace awaitest::detail {

template <class Clock>
using timer_service_of =
    asio::detail::deadline_timer_service<asio::detail::chrono_time_traits<Clock, asio::wait_traits<Clock>>>;
template <class Clock>
using timer_data_of = decltype(timer_service_of<Clock>::implementation_type::timer_data);

#define AWAITEST_PRIVATE_TIMERS_(clock, name)                                                           \
  AWAITEST_PRIVATE_(name##_queue, &timer_service_of<clock>::timer_queue_)                               \
  using name##_queue_type = std::remove_reference_t<decltype(std::declval<timer_service_of<clock>&>().* \
                                                             member_of(name##_queue{}))>;               \
  AWAITEST_PRIVATE_(name##_heap, &name##_queue_type::heap_)                                             \
  AWAITEST_PRIVATE_(name##_list, &name##_queue_type::timers_)                                           \
  AWAITEST_PRIVATE_(name##_next, &timer_data_of<clock>::next_)                                          \
  AWAITEST_PRIVATE_(name##_waits, &timer_data_of<clock>::op_queue_)                                     \
  struct name {                                                                                         \
    using clock_type = clock;                                                                           \
    static constexpr auto queue = member_of(name##_queue{});                                            \
    static constexpr auto heap = member_of(name##_heap{});                                              \
    static constexpr auto list = member_of(name##_list{});                                              \
    static constexpr auto next = member_of(name##_next{});                                              \
    static constexpr auto waits = member_of(name##_waits{});                                            \
  };

AWAITEST_PRIVATE_TIMERS_(std::chrono::steady_clock, steady_timers)
AWAITEST_PRIVATE_TIMERS_(std::chrono::system_clock, system_timers)
AWAITEST_PRIVATE_TIMERS_(::awaitest::clock, own_timers)

/// The timers of one clock.
template <class Insides>
class timers_of {
  using clock_type = typename Insides::clock_type;

 public:
  explicit timers_of(asio::io_context& of)
      : queue_{asio::use_service<timer_service_of<clock_type>>(of).*Insides::queue} {}

  /// Nanoseconds from now to the first one; `otherwise` when there is none before that.
  std::int64_t next(std::int64_t otherwise) const {
    const auto& heap = queue_.*Insides::heap;
    if (heap.empty()) return otherwise;
    return std::min(otherwise, until(heap.front().time_, clock_type::now()));
  }
  /// Marks those that were set since the last time, in a field of theirs that nobody reads before they have fired.
  void mark(int turn) {
    for (auto* one = queue_.*Insides::list; one && mark_of(*one) == 0; one = one->*Insides::next)
      (one->*Insides::waits).front()->ec_.assign(turn, asio::system_category());
  }
  /// Marks all that are set now as left over; one that is set again is none.
  void leave() {
    for (auto* one = queue_.*Insides::list; one; one = one->*Insides::next)
      (one->*Insides::waits).front()->ec_.assign(left_over, asio::system_category());
  }
  /// Whether each is further away than `horizon`, or left over and further away than `within`; both in nanoseconds.
  bool are_all_beyond(std::int64_t horizon, std::int64_t within) const {
    const auto& heap = queue_.*Insides::heap;
    if (heap.empty()) return true;
    const auto now = clock_type::now();
    if (until(heap.front().time_, now) > horizon) return true;  // the first of them
    return std::all_of(heap.begin(), heap.end(), [&](const auto& one) {
      const auto left = until(one.time_, now);
      return left > horizon || (left > within && mark_of(*one.timer_) == left_over);
    });
  }
  bool is_in(const asio::detail::timer_queue_base& queue) const { return &queue == &queue_; }
  std::size_t size() const { return (queue_.*Insides::heap).size(); }
  /// The waits: one timer may have several.
  std::size_t waits() const {
    std::size_t number = 0;
    for (auto* one = queue_.*Insides::list; one; one = one->*Insides::next)
      for (auto* wait = (one->*Insides::waits).front(); wait;
           wait = static_cast<decltype(wait)>(asio::detail::op_queue_access::next(wait)))
        ++number;
    return number;
  }

  /// Appends those that are due, by time, and those of one time in the order in which they were set.
  template <class To>
  void collect(To& to) {
    if (!(queue_.*Insides::heap).empty()) collect(to, 0, clock_type::now());
  }
  template <class To>
  void collect(To& to, std::size_t at, typename clock_type::time_point now) {
    const auto& heap = queue_.*Insides::heap;
    if (at >= heap.size() || now < heap[at].time_) return;
    to.push_back(
        {until(heap[at].time_, now), mark_of(*heap[at].timer_), 0, heap[at].timer_, this, &timers_of::take});
    collect(to, 2 * at + 1, now);
    collect(to, 2 * at + 2, now);
  }
  /// Gives the timers in [first, last), all of this clock, their place in the order of setting.
  template <class Iterator>
  void rank(Iterator first, Iterator last) {
    auto left = last - first;
    std::int64_t place = std::numeric_limits<std::int64_t>::max();
    for (auto* one = queue_.*Insides::list; one && left > 0; one = one->*Insides::next, --place) {
      const auto found = std::lower_bound(first, last, static_cast<void*>(one),
                                          [](const auto& a, void* b) { return std::less<>{}(a.timer, b); });
      if (found == last || found->timer != one) continue;
      found->rank = place;
      --left;
    }
  }

 private:
  static constexpr int left_over = -1;  // a mark that no turn has
  using timer_data = std::remove_pointer_t<
      decltype(std::declval<typename timer_service_of<clock_type>::implementation_type&>().timer_data)>;

  static int mark_of(timer_data& timer) { return (timer.*Insides::waits).front()->ec_.value(); }
  static std::int64_t until(typename clock_type::time_point when, typename clock_type::time_point now) {
    const auto span =
        asio::detail::chrono_time_traits<clock_type, asio::wait_traits<clock_type>>::subtract(when, now);
    return std::chrono::duration_cast<std::chrono::nanoseconds>(span).count();
  }
  static void take(void* self, void* timer, asio::detail::op_queue<asio::detail::operation>& to) {
    static_cast<timers_of*>(self)->queue_.cancel_timer(*static_cast<timer_data*>(timer), to);
  }

  std::remove_reference_t<decltype(std::declval<timer_service_of<clock_type>&>().*Insides::queue)>& queue_;
};

}  // namespace awaitest::detail

#endif
