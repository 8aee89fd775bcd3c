// Virtual time when things go wrong.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>
#include <asio/experimental/channel.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

namespace {

asio::awaitable<void> pause(std::chrono::nanoseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}
asio::awaitable<void> heartbeat() {
  for (;;) co_await pause(10ms);
}

}  // namespace

TEST_SUITE("virtual", virtual_time()) {
  TEST_ASYNC("a failure says when it was") {
    co_await pause(26h + 3min + 250ms + 7ns);
    CHECK(1 == 2);
  }

  TEST_ASYNC("the body is stuck after an hour") {
    asio::experimental::channel<void(asio::error_code, int)> nobody_sends(co_await asio::this_coro::executor);
    co_await pause(1h);
    co_await nobody_sends.async_receive(asio::use_awaitable);
  }

  TEST_ASYNC("a timer at the end of time is no reason to wait") {
    co_await pause(1h);
    co_await awaitest::sleep_for(std::chrono::nanoseconds::max());
  }

  TEST_ASYNC("a child is stuck") {
    const auto work = []() -> asio::awaitable<void> {
      awaitest::gate never;
      co_await pause(1s);
      co_await never.wait();
    };
    awaitest::spawn(work, "loader");
    co_await pause(2s);
  }

  TEST_ASYNC("a heartbeat does not hide that the body is stuck", timeout(1min)) {
    awaitest::gate never;
    awaitest::spawn_background(heartbeat(), "heartbeat");
    co_await never.wait();
  }

  TEST_ASYNC("a child that ticks for ever", timeout(1min)) {
    awaitest::spawn(pause(1s), "this one ends");
    awaitest::spawn(heartbeat(), "ticker");
    CHECK(true);
    co_return;
  }

  TEST_ASYNC("a failing body and a hanging child") {
    static awaitest::gate never;
    awaitest::spawn(never.wait(), "hangs");
    co_await pause(1s);
    CHECK(1 == 2);
  }

  TEST_ASYNC("too late by a nanosecond", timeout(1h)) { co_await pause(1h + 1ns); }

  TEST_ASYNC("with_timeout") { co_await awaitest::with_timeout(24h, awaitest::gate{}.wait()); }

  TEST_ASYNC("it never ends its work after its cancellation", timeout(1h)) {
    for (;;) try {
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        co_await pause(1min);
      } catch (const std::system_error&) {
      }
  }

  TEST_ASYNC("a cleanup that takes for ever") {
    awaitest::cleanup([]() -> asio::awaitable<void> { co_await pause(24h); });
    CHECK(true);
    co_return;
  }

  TEST_ASYNC("an operation is left behind") {
    auto* const timer = new asio::steady_timer(co_await asio::this_coro::executor, 1h);
    timer->async_wait([timer = std::unique_ptr<asio::steady_timer>(timer)](std::error_code) {});
    CHECK(true);
  }

  TEST("a plain test sleeps past its timeout", timeout(1h)) {
    std::this_thread::sleep_for(90min);  // of virtual time: the report has to say that it blocked
    CHECK(true);
  }
  TEST("a plain test sleeps, and passes") {
    for (int i = 0; i < 3; ++i) std::this_thread::sleep_for(90min);  // likewise
    CHECK(true);
  }

  TEST_ASYNC("advance needs manual") { co_await awaitest::this_test::advance(1h); }
}

TEST_SUITE("its start") {
  const auto now = [] { return fmt::format("{}", std::chrono::system_clock::now().time_since_epoch() / 1s); };
  TEST_ASYNC("nowhere") {
    CHECK(now() == "then");
    co_return;
  }
  TEST_ASYNC("in the test", virtual_time(at("2030-03-01"))) {
    CHECK(now() == "then");
    co_return;
  }
  TEST_SUITE("in the suite", virtual_time(at("2031-03-01"))) {
    TEST_ASYNC("of the test") {
      CHECK(now() == "then");
      co_return;
    }
  }
  TEST_ASYNC("not when", virtual_time()) {
    CHECK(now() == "then");
    co_return;
  }
}

TEST_SUITE("manual", virtual_time(manual)) {
  TEST_ASYNC("nobody advances") {
    co_await awaitest::this_test::advance(1h);
    co_await pause(1s);
  }
  TEST_ASYNC("a child waits for time", timeout(2h)) {
    awaitest::spawn(pause(3h), "sleeper");
    co_await awaitest::this_test::advance(1h);
  }
  TEST_ASYNC("advanced past the timeout", timeout(2h)) { co_await awaitest::this_test::advance(3h); }
  TEST_ASYNC("backwards") { co_await awaitest::this_test::advance(-1ms); }
}

// With --timeout, a limit in real time.
TEST_SUITE("real limit", virtual_time()) {
  TEST_ASYNC("a timer that is always due") {
    for (;;) co_await pause(0s);
  }
  TEST_ASYNC("time does not move at all") {
    for (;;) co_await asio::post(asio::use_awaitable);
  }
  TEST_ASYNC("a timer on the system's executor, which keeps the machine's time") {
    asio::steady_timer timer{asio::system_executor{}, 50ms};
    co_await timer.async_wait(asio::use_awaitable);
  }
  TEST_ASYNC("nothing but I/O") {
    asio::ip::tcp::acceptor acceptor(co_await asio::this_coro::executor,
                                     {asio::ip::address_v4::loopback(), 0});
    co_await acceptor.async_accept(asio::use_awaitable);
  }
  TEST_ASYNC("nothing but I/O, with a timeout in virtual time", timeout(1h)) {
    asio::ip::tcp::acceptor acceptor(co_await asio::this_coro::executor,
                                     {asio::ip::address_v4::loopback(), 0});
    co_await acceptor.async_accept(asio::use_awaitable);
  }
  TEST_ASYNC("another thread never comes to an end") {
    std::thread sleeper([until_the_end = awaitest::context::capture(), &on = *new std::atomic<bool>{true}] {
      while (on) std::this_thread::yield();  // a thread that is at work holds virtual time for good
    });
    sleeper.detach();
    co_await pause(1h);
  }
  TEST_ASYNC("held for ever") {
    const auto hold = awaitest::hold_time();
    co_await pause(1h);
  }
}
