// What a test file has in it, in short.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <stdexcept>
#include <string>

using namespace awaitest::match;
using namespace std::chrono_literals;

namespace {
struct server {
  int port = 80;
  asio::awaitable<void> set_up() { co_return; }
};
struct service {
  MOCK_ASYNC(int, ask, (int));
};
}  // namespace

TEST("plain", tag("net")) {
  CHECK(std::string("text") == "text");
  CHECK_THAT(3, gt(2));
  CHECK_THROWS_AS(throw std::runtime_error("wrong"), std::runtime_error);
}
TEST_ASYNC("async", timeout(1min)) {
  asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
  co_await timer.async_wait(asio::use_awaitable);
  auto child = awaitest::spawn([]() -> asio::awaitable<int> { co_return 1; });
  CHECK(co_await child.join() == 1);
}
TEST_ASYNC_F("a fixture", (server & given)) {
  auto& same = co_await awaitest::use<server>();
  CHECK(&same == &given);
}
TEST_ASYNC_P("cases", (int n), cases{{1}, {2}}) {
  CHECK(n > 0);
  co_return;
}
TEST_T("types", (T), types<int, long>) { CHECK(T{} == 0); }
TEST_SUITE("a suite") {
  TEST_ASYNC("a mock") {
    service mock;
    mock.on_ask.expect(7).returns(8);
    CHECK(co_await mock.ask(7) == 8);
  }
}
