// Timeouts: they cancel, drain, and the run goes on.
#include <awaitest/awaitest.hpp>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <thread>

using namespace std::chrono_literals;
using asio::ip::tcp;

TEST_SUITE("timeouts", timeout(20ms)) {
  TEST_ASYNC("asleep") {
    co_await awaitest::sleep_for(1h);
    CHECK(false);
  }
  TEST_ASYNC("in a timer of Asio") {
    asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
    co_await timer.async_wait(asio::use_awaitable);
  }
  TEST_ASYNC("in a loop that fails in each turn once it is cancelled") {
    for (int i = 0; i < 1000; ++i) CHECK_NOTHROW(co_await awaitest::sleep_for(1h));
  }
  TEST_ASYNC("in an accept that nobody connects to") {
    tcp::acceptor acceptor(co_await asio::this_coro::executor, {asio::ip::address_v4::loopback(), 0});
    co_await acceptor.async_accept(asio::use_awaitable);
  }
  TEST_ASYNC("a child") {
    awaitest::spawn(awaitest::sleep_for(1h), "sleeper");
    CHECK(true);
    co_return;
  }
  TEST_ASYNC("a child on a gate, the body asleep") {
    awaitest::gate gate;
    awaitest::spawn(gate.wait(), "waiter");
    co_await awaitest::sleep_for(1h);
  }
  TEST_ASYNC("caught, the body goes on") {
    CHECK_THROWS(co_await awaitest::sleep_for(1h));
    CHECK(1 == 2);
  }
  TEST_ASYNC("with cleanups, which still run") {
    awaitest::cleanup([] { CHECK(1 == 2); });
    co_await awaitest::sleep_for(1h);
  }
  TEST("a plain test is late") {
    const auto end = std::chrono::steady_clock::now() + 30ms;
    while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
    CHECK(true);
  }
  TEST_ASYNC("none, on its own", timeout(0s)) {
    co_await awaitest::sleep_for(25ms);
    CHECK(true);
  }
  TEST_ASYNC("the next one has nothing to do with it", timeout(1min)) {
    CHECK(true);
    co_return;
  }
}

TEST_SUITE("deaf", timeout(20ms)) {
  TEST_ASYNC("to cancellation") {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (;;) {
      timer.expires_after(1ms);
      try {
        co_await timer.async_wait(asio::use_awaitable);
      } catch (const std::exception&) {
      }
      co_await asio::this_coro::reset_cancellation_state();
    }
  }
}
TEST_ASYNC("after the deaf one", timeout(1min)) {
  co_await awaitest::sleep_for(1ms);
  CHECK(true);
}
TEST_ASYNC("without a limit of its own") { co_await awaitest::sleep_for(1h); }
