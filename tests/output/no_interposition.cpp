// A program whose clocks are not replaced, and one whose Asio has no epoll: virtual time is skipped, the rest runs.
#include <awaitest/awaitest.hpp>
#include <awaitest/timer.hpp>

#include <asio.hpp>

using namespace std::chrono_literals;

TEST_ASYNC("virtual", virtual_time()) {
  co_await awaitest::sleep_for(1h);
  CHECK(true);
}
TEST("real", real_time()) { CHECK(true); }
TEST_ASYNC("awaitest's timer is there") {
  awaitest::timer timer(co_await asio::this_coro::executor, 1ms);
  co_await timer.async_wait(asio::use_awaitable);
  CHECK(timer.expiry() <= awaitest::clock::now());
}
