// Where exceptions come from that no test catches.
#include <awaitest/awaitest.hpp>

#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <exception>
#include <future>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace app {

int calls = 0;

[[gnu::noinline]] void parse(const std::string& text) {
  if (text.empty()) throw std::invalid_argument("nothing to parse");
  ++calls;
}
[[gnu::noinline]] void load(const std::string& text) {
  parse(text);
  ++calls;
}
[[gnu::noinline]] void load_or_say_why(const std::string& text) {
  try {
    load(text);
  } catch (const std::exception&) {
    std::throw_with_nested(std::runtime_error("cannot load"));
  }
}

class session {
 public:
  asio::awaitable<int> read(std::size_t index) {
    co_await asio::post(asio::use_awaitable);
    co_return std::vector<int>(2).at(index);
  }
  asio::awaitable<int> call(std::size_t index) {
    const auto value = co_await read(index);
    co_return value + 1;
  }
  asio::awaitable<void> connect() {
    asio::ip::tcp::socket socket{co_await asio::this_coro::executor};
    co_await socket.async_connect({asio::ip::address_v4::loopback(), 1}, asio::use_awaitable);
  }
};

}  // namespace app

TEST_ASYNC("from a coroutine, in a CHECK") {
  app::session session;
  CHECK(1 == 1);
  CHECK(co_await session.call(1) == 1);
  CHECK(co_await session.call(3) == 1);
}
TEST_ASYNC("from Asio") {
  app::session session;
  co_await session.connect();
}
TEST_ASYNC("in a child") {
  app::session session;
  awaitest::spawn([&]() -> asio::awaitable<void> { co_await session.connect(); }, "client");
  co_return;
}
TEST("from a function, in a plain test") { app::load(""); }
// The assertion that saw it is told, and the way of the exception to it.
TEST("of another type than the wanted one") {
  CHECK_THROWS_AS(app::load(""), std::out_of_range);
  CHECK_THROWS_AS(app::load_or_say_why(""), std::out_of_range);
  CHECK_THROWS_AS(throw std::runtime_error("here"), std::out_of_range);
}
TEST_ASYNC("where none, another code or another message is wanted") {
  app::session session;
  CHECK_NOTHROW(co_await session.call(3));
  CHECK_ERROR(co_await session.connect(), asio::error::eof);
  CHECK_THROWS_WITH(app::load(""), "nothing");
}
TEST("on another thread, by its future") { std::async(std::launch::async, app::load, std::string{}).get(); }
TEST("the innermost") { app::load_or_say_why(""); }
TEST_ASYNC("again, after another one was caught") {
  app::session session;
  try {
    app::load("");
  } catch (const std::exception&) {
    ++app::calls;
  }
  CHECK(co_await session.call(3) == 1);
}
TEST_ASYNC("a limit, and what it was for", virtual_time()) {
  asio::ip::tcp::acceptor acceptor{co_await asio::this_coro::executor, {asio::ip::address_v4::loopback(), 0}};
  const auto accept = [&]() -> asio::awaitable<void> { co_await acceptor.async_accept(asio::use_awaitable); };
  co_await awaitest::with_timeout(1h, accept());
}
TEST_ASYNC("a limit, for a wait of awaitest", virtual_time()) {
  co_await awaitest::with_timeout(1h, awaitest::gate{}.wait());
}
