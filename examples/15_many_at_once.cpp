// Two hundred tests that each wait on a real timer. One after the other they take four seconds; with
// `--concurrency 200` all of them are in flight on one loop, and the run takes as long as the slowest.
#include <awaitest/awaitest.hpp>

#include <numeric>
#include <vector>

#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

using namespace std::chrono_literals;

namespace {

std::vector<int> numbers(std::size_t count) {
  std::vector<int> all(count);
  std::iota(all.begin(), all.end(), 1);
  return all;
}

}  // namespace

TEST_ASYNC_P("waits", (int n), cases::from(numbers(200))) {
  INFO("case {} of 200", n);  // belongs to this test, whatever runs in between
  const auto before = std::chrono::steady_clock::now();
  asio::steady_timer timer{co_await asio::this_coro::executor, 20ms};
  co_await timer.async_wait(asio::use_awaitable);
  CHECK(std::chrono::steady_clock::now() - before >= 20ms);
}

// Those that name one resource never overlap, whatever else is in flight.
TEST_ASYNC_P("has the only licence", (int n), cases{1, 2, 3}, resource("licence")) {
  static int holders = 0;
  CHECK(++holders == 1);
  co_await awaitest::sleep_for(1ms);
  --holders;
  CHECK(n > 0);
}
