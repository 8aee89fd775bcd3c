// What awaitest puts in front of libc is there whatever the linker leaves out.
#include <awaitest/awaitest.hpp>

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

TEST_ASYNC("an hour of virtual time", virtual_time()) {
  const auto before = std::chrono::steady_clock::now();
  asio::steady_timer timer{co_await asio::this_coro::executor, std::chrono::hours{1}};
  co_await timer.async_wait(asio::use_awaitable);
  CHECK(std::chrono::steady_clock::now() - before == std::chrono::hours{1});
}
