// What is known of Asio's own queue and timers: one test for each Asio that the suites are compiled with.
#include <awaitest/awaitest.hpp>
#include <awaitest/platform/asio_scheduler.hpp>
#include <awaitest/platform/asio_timers.hpp>
#include <awaitest/time/virtual_clock.hpp>
#include <awaitest/timer.hpp>

#include <asio.hpp>

#include <chrono>
#include <cstdint>
#include <ratio>
#include <string>

using namespace std::chrono_literals;
using awaitest::detail::asio_scheduler;

namespace {

/// A clock that the library does not know.
struct clock_of_theirs {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<clock_of_theirs>;
  [[maybe_unused]] static constexpr bool is_steady = true;
  static time_point now() { return time_point{std::chrono::steady_clock::now().time_since_epoch()}; }
};

}  // namespace

TEST_SUITE("platform: asio") {
  TEST("handlers in the queue are counted, and any of them can be next") {
    asio::io_context io(1);
    asio_scheduler queue{io};
    CHECK(queue.queued() == 0u);
    std::string order;
    for (const char name : {'a', 'b', 'c'}) asio::post(io, [&order, name] { order += name; });
    CHECK(queue.queued() == 3u);
    queue.bring_to_front(2);
    io.poll_one();
    CHECK(order == "c");
    CHECK(queue.queued() == 2u);
    queue.bring_to_front(0);
    queue.bring_to_front(7);  // there is none
    io.poll();
    CHECK(order == "cab");
    CHECK(queue.queued() == 0u);
  }
  TEST("operations are counted, from inside a handler with its own") {
    asio::io_context io(1);
    asio_scheduler queue{io};
    asio::steady_timer timer(io, 1h);
    timer.async_wait([](asio::error_code) {});
    asio::post(io, [] {});
    std::size_t inside = 0;
    asio::post(io, [&] { inside = queue.outstanding(); });
    CHECK(queue.outstanding() == 3u);
    io.poll();
    CHECK(inside == 2u);
    CHECK(queue.outstanding() == 1u);
    timer.cancel();
    io.poll();
    CHECK(queue.outstanding() == 0u);
  }
  TEST("the look at the reactor is no handler, and stays in the queue") {
    asio::io_context io(1);
    asio_scheduler queue{io};
    bool fired = false;
    asio::steady_timer timer(io, 0s);
    timer.async_wait([&](asio::error_code) { fired = true; });
    CHECK(queue.queued() == 0u);
    std::string order;
    for (const char name : {'a', 'b'}) asio::post(io, [&order, name] { order += name; });
    CHECK(queue.queued() == 2u);
    queue.bring_to_front(1);
    io.run();
    CHECK(order == "ba");
    CHECK(fired);
  }

#ifdef AWAITEST_HAS_ASIO_TIMERS
  TEST("timers of three clocks: the next one, and those that are due in their order") {
    awaitest::detail::virtual_clock clock;
    const awaitest::detail::time_scope see{&clock};
    asio::io_context io(1);
    awaitest::detail::asio_timers timers{io};
    CHECK(timers.next(clock) == timers.none);
    CHECK(timers.none_but_endless());
    std::string order;
    asio::steady_timer a(io, 2s), b(io, 1s), c(io, 1s), never(io, asio::steady_timer::time_point::max());
    asio::system_timer d(io, 1s);
    awaitest::timer e(io, 3s);
    a.async_wait([&](asio::error_code) { order += 'a'; });
    b.async_wait([&](asio::error_code) { order += 'b'; });
    c.async_wait([&](asio::error_code) { order += 'c'; });
    d.async_wait([&](asio::error_code) { order += 'd'; });
    e.async_wait([&](asio::error_code) { order += 'e'; });
    never.async_wait([&](asio::error_code) { order += '!'; });
    CHECK(timers.next(clock) == std::chrono::nanoseconds{1s}.count());
    CHECK_FALSE(timers.none_but_endless());
    CHECK(timers.other_work() == 0);
    const auto in_order = [](std::size_t) { return std::size_t{0}; };
    CHECK(timers.fire(in_order) == 0u);
    clock.move_by(std::chrono::nanoseconds{1s}.count());
    std::size_t asked = 0;
    CHECK(timers.fire([&](std::size_t number) {
      asked = std::max(asked, number);
      return std::size_t{0};
    }) == 3u);
    CHECK(asked == 3u);
    io.poll();
    CHECK(order == "bcd");
    clock.move_by(std::chrono::nanoseconds{2s}.count());
    CHECK(timers.fire(in_order) == 2u);
    io.restart();
    io.poll();
    CHECK(order == "bcdae");
    CHECK(timers.none_but_endless());
    never.cancel();
  }
  TEST("timers that were left over are nobody's, until they are due or set again") {
    asio::io_context io(1);
    awaitest::detail::asio_timers timers{io};
    const auto within = [](std::chrono::nanoseconds span) { return span.count(); };
    asio::steady_timer one(io, 1h);
    awaitest::timer other(io, 2h);
    one.async_wait([](asio::error_code) {});
    other.async_wait([](asio::error_code) {});
    CHECK_FALSE(timers.none_but_endless(within(30s)));
    timers.leave();
    CHECK(timers.none_but_endless(within(30s)));
    CHECK(timers.no_timer_but_endless(within(30s)));
    CHECK_FALSE(timers.no_timer_but_endless(within(90min)));
    asio::basic_waitable_timer<clock_of_theirs> unknown(io, 1h);
    unknown.async_wait([](asio::error_code) {});
    CHECK_FALSE(timers.no_timer_but_endless(within(30s)));
    unknown.expires_at(clock_of_theirs::time_point::max());
    unknown.async_wait([](asio::error_code) {});
    CHECK(timers.no_timer_but_endless(within(30s)));
    unknown.cancel();
    CHECK_FALSE(timers.none_but_endless(within(90min)));
    CHECK_FALSE(timers.none_but_endless());
    asio::steady_timer next(io, 3h);
    next.async_wait([](asio::error_code) {});
    CHECK_FALSE(timers.none_but_endless(within(30s)));
    next.cancel();
    io.poll();
    CHECK(timers.none_but_endless(within(30s)));
    one.expires_after(1h);
    one.async_wait([](asio::error_code) {});
    io.restart();
    io.poll();
    CHECK_FALSE(timers.none_but_endless(within(30s)));
    CHECK_FALSE(timers.no_timer_but_endless(within(30s)));
    one.cancel();
    other.cancel();
  }
  TEST("timers of one instant in the order that is picked") {
    awaitest::detail::virtual_clock clock;
    const awaitest::detail::time_scope see{&clock};
    asio::io_context io(1);
    awaitest::detail::asio_timers timers{io};
    std::string order;
    asio::steady_timer a(io, 1s), b(io, 1s), c(io, 1s);
    a.async_wait([&](asio::error_code) { order += 'a'; });
    b.async_wait([&](asio::error_code) { order += 'b'; });
    c.async_wait([&](asio::error_code) { order += 'c'; });
    clock.move_by(std::chrono::nanoseconds{1s}.count());
    CHECK(timers.fire([](std::size_t number) { return number - 1; }) == 3u);
    io.poll();
    CHECK(order == "cba");
  }
#endif
}
