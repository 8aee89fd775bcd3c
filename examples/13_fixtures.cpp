// What a test needs and does not make itself: any default-constructible type. Its hooks are awaited, on the loop of the
// test; its scope says how long it lives. It comes up at its first use, and goes down in the reverse order.
#include <awaitest/awaitest.hpp>

#include <memory>
#include <string>

#include <asio.hpp>

using namespace std::chrono_literals;
using asio::use_awaitable;
using asio::ip::tcp;

namespace {

// For the whole suite: set up once, and serving between the tests, too.
struct echo_server {
  static constexpr auto scope = awaitest::scope::suite;

  asio::awaitable<void> set_up() {
    const tcp::endpoint anywhere{asio::ip::address_v4::loopback(), 0};
    acceptor = std::make_unique<tcp::acceptor>(co_await asio::this_coro::executor, anywhere);
    awaitest::spawn_background([this] { return serve(); }, "echo server");  // its failures are the fixture's
  }
  asio::awaitable<void> tear_down() {
    acceptor->close();
    co_return;
  }

  asio::awaitable<void> serve() {
    for (;;) {
      auto socket = co_await acceptor->async_accept(use_awaitable);
      std::string line;
      const auto size =
          co_await asio::async_read_until(socket, asio::dynamic_buffer(line), '\n', use_awaitable);
      co_await asio::async_write(socket, asio::buffer(line, size), use_awaitable);
      ++served;
    }
  }

  std::unique_ptr<tcp::acceptor> acceptor;
  int served = 0;
};

// For one test, the default; it uses the server, whose scope is wider.
struct connection {
  asio::awaitable<void> set_up() {
    auto& server = co_await awaitest::use<echo_server>();
    socket = std::make_unique<tcp::socket>(co_await asio::this_coro::executor);
    co_await socket->async_connect(server.acceptor->local_endpoint(), use_awaitable);
  }
  asio::awaitable<std::string> ask(std::string line) {
    co_await asio::async_write(*socket, asio::buffer(line), use_awaitable);
    std::string answer;
    co_await asio::async_read_until(*socket, asio::dynamic_buffer(answer), '\n', use_awaitable);
    co_return answer;
  }
  std::unique_ptr<tcp::socket> socket;
};

}  // namespace

TEST_SUITE("fixtures", timeout(5s)) {
  TEST_ASYNC_F("reference parameters are fixtures", (connection & c, echo_server & server)) {
    CHECK(co_await c.ask("hello\n") == "hello\n");
    CHECK(server.served >= 1);
  }

  TEST_ASYNC_F("each test has a connection of its own, and the same server",
               (connection & c, echo_server & server)) {
    const int before = server.served;
    CHECK(co_await c.ask("again\n") == "again\n");
    CHECK_EVENTUALLY(server.served == before + 1, 1s);
  }

  TEST_ASYNC("a fixture can be asked for in the body, too") {
    auto& server = co_await awaitest::use<echo_server>();
    CHECK(server.acceptor->is_open());
  }
}
