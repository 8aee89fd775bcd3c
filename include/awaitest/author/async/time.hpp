// Time and rest, as the running test sees them.
#pragma once

#include "../../config.hpp"
#include "../../model/asio_names.hpp"

#include AWAITEST_CHRONO_HEADER
#include AWAITEST_ASIO(awaitable.hpp)

#include <concepts>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "../../model/location.hpp"
#include "awaitable_reference.hpp"
#include "result.hpp"
#include "time_span.hpp"

namespace awaitest {

/// Thrown by `with_timeout` once what it waited for has been cancelled and has ended.
class timed_out : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Waits until everything else in this test is blocked: no handler of it is ready and the poll for I/O found nothing.
/// Time does not move. Only in a coroutine of a test.
asio::awaitable<void> settle(location where = location::current());

/// Waits, in the test's clock.
asio::awaitable<void> sleep_for(time_span duration, location where = location::current());

/// The test's clock.
std::chrono::steady_clock::time_point now();

/// The test's clock as a type, for code that is told its clock: steady_clock's time, also in a virtual test. It works on every
/// platform; on a thread that is not the test's it is the machine's. `awaitest::timer` is a timer of it: <awaitest/timer.hpp>.
struct clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<clock>;
  static constexpr bool is_steady = true;
  static time_point now() noexcept;
};

namespace this_test {

/// In a test with `virtual_time(manual)`: moves its clocks forward. Timers on the way fire in their order, each at its own time,
/// and time goes on when all that they have set off is blocked. Throws std::logic_error in any other test,
/// std::invalid_argument when the time is negative.
asio::awaitable<void> advance(time_span time, location where = location::current());

}  // namespace this_test

namespace detail {
/// Runs `work` as a part of the calling task; false when the time was over first and the work has been cancelled.
/// Rethrows what the work throws, unless that is how it ended after the cancellation.
asio::awaitable<bool> bounded(std::chrono::nanoseconds limit, asio::awaitable<void> work, location where);
[[noreturn]] void throw_timed_out(std::chrono::nanoseconds limit, location where);

template <class T>
struct limited {
  static asio::awaitable<T> start(std::chrono::nanoseconds limit, asio::awaitable<T> work, location where) {
    if constexpr (std::is_void_v<T>) {
      const bool in_time = co_await bounded(limit, std::move(work), where);  // not inside the `if`: g++ 12
      if (!in_time) throw_timed_out(limit, where);
    } else {
      auto value = std::make_shared<result<T>>();
      auto filled = deliver(std::move(work), value);
      const bool in_time = co_await bounded(limit, std::move(filled), where);
      if (!in_time) throw_timed_out(limit, where);
      co_return value->take();
    }
  }
};
template <class T>
struct limited<reference<T>> {
  using made = asio::awaitable<reference<T>>;
  static made start(std::chrono::nanoseconds limit, made work, location where) {
    return made{limited<void*>::start(limit, std::move(work).address(), where)};
  }
};
}  // namespace detail

/// The value of `work`; or, when it takes longer, `timed_out` after `work` was cancelled (terminal) and has ended.
template <class T>
asio::awaitable<T> with_timeout(time_span limit, asio::awaitable<T> work,
                                location where = location::current()) {
  return detail::limited<T>::start(limit, std::move(work), where);
}

/// The same for a callable that makes the awaitable; it is kept alive as long as the work runs.
template <class F>
  requires detail::makes_awaitable<F>
auto with_timeout(time_span limit, F make, location where = location::current()) {
  return with_timeout(limit, detail::run(std::move(make)), where);
}
template <detail::of_other_executor A>
void with_timeout(time_span, A&&, location = location::current()) {
  detail::refuse_other_executor<A>();
}

}  // namespace awaitest
