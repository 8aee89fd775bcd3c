// A test case is a function or, where it awaits something, a coroutine: its body is an asio::awaitable<void>
// that runs on an executor of its own. The test is over when the body has returned and all it started is
// done. One file of the program includes <awaitest/main.hpp>, or the target links awaitest::main.
#include <awaitest/awaitest.hpp>

#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

using namespace std::chrono_literals;

namespace {

// The code under test is ordinary Asio. It finds its executor as it does in a program.
asio::awaitable<int> slow_sum(int a, int b) {
  asio::steady_timer timer{co_await asio::this_coro::executor, 1ms};
  co_await timer.async_wait(asio::use_awaitable);
  co_return a + b;
}

}  // namespace

TEST("a plain test is a function") { CHECK(1 + 1 == 2); }

TEST_ASYNC("a test that awaits is a coroutine") {
  CHECK(co_await slow_sum(1, 1) == 2);  // goes on after a failure

  const int sum = co_await slow_sum(20, 22);
  REQUIRE(sum > 0);  // ends the test after one
  CHECK(100 / sum == 2);
}

// Run one of them by its name, or all that a pattern fits:   program "a plain test"   program "a test*"
