// How code behaves when it is cancelled is behaviour, and can be tested. awaitest cancels by Asio's own
// cancellation slots, so the code under test sees what it sees in a program: operation_aborted from what it
// waits for.
#include <awaitest/awaitest.hpp>

#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

using namespace std::chrono_literals;
using namespace awaitest::match;

namespace {

asio::awaitable<int> answer_after(std::chrono::milliseconds d) {
  asio::steady_timer timer{co_await asio::this_coro::executor, d};
  co_await timer.async_wait(asio::use_awaitable);
  co_return 42;
}

// Saves its work when it is cancelled. co_await is not allowed in a catch handler, so the error is taken by
// value.
asio::awaitable<void> work(bool& saved) {
  co_await asio::this_coro::throw_if_cancelled(false);
  asio::steady_timer timer{co_await asio::this_coro::executor, 1h};
  asio::error_code error;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  timer.expires_after(1ms);
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  saved = true;
}

}  // namespace

TEST_SUITE("time", timeout(5s)) {
  // The value if it comes in time; else the awaitable is cancelled, and when it has ended timed_out is
  // thrown.
  TEST_ASYNC("with_timeout") {
    CHECK(co_await awaitest::with_timeout(2s, answer_after(1ms)) == 42);
    CHECK_THROWS_AS(co_await awaitest::with_timeout(5ms, answer_after(1h)), awaitest::timed_out);
  }

  TEST_ASYNC("a cancelled child ends with operation_aborted") {
    auto child = awaitest::spawn(answer_after(1h));
    co_await awaitest::settle();  // it has begun to wait
    child.cancel();
    CHECK_ERROR(co_await child.join(), asio::error::operation_aborted);
  }

  TEST_ASYNC("what a child does on being cancelled") {
    bool saved = false;
    auto child = awaitest::spawn(work(saved));
    co_await awaitest::settle();
    child.cancel();
    CHECK_FALSE(child.done());  // it has things to do first
    CHECK_NOTHROW(co_await child.join());
    CHECK(saved);
  }

  // now() and sleep_for() use the test's clock: tests written with them do not care whether it is the real
  // one.
  TEST_ASYNC("the test's clock") {
    const auto start = awaitest::now();
    co_await awaitest::sleep_for(2ms);
    CHECK_THAT(awaitest::now() - start, ge(2ms));
  }
}
