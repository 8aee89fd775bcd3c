#include <awaitest/awaitest.hpp>

#include <asio/post.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <string>

using namespace std::chrono_literals;
using namespace awaitest::match;

TEST("plain") { CHECK(1 + 1 == 2); }

TEST_SUITE("account", tag("money")) {
  TEST_ASYNC("opens; closes [at once]", timeout(10s)) {
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    const std::string owner = "ada";
    CHECK_THAT(owner, contains("d"));
  }
}
