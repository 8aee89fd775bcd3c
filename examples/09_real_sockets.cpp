// Tests use real sockets, timers and resolvers. Two rules keep them free of accidents: listen on port 0 and
// ask the acceptor which port that became, and wait for the peer to say something instead of for time to
// pass.
#include <awaitest/awaitest.hpp>

#include <string>
#include <utility>

#include <asio.hpp>

using namespace std::chrono_literals;
using asio::use_awaitable;
using asio::ip::tcp;

namespace {

asio::awaitable<void> echo_one(tcp::acceptor acceptor) {
  tcp::socket socket = co_await acceptor.async_accept(use_awaitable);
  std::string line;
  co_await asio::async_read_until(socket, asio::dynamic_buffer(line), '\n', use_awaitable);
  co_await asio::async_write(socket, asio::buffer(line), use_awaitable);
}

// Older code that insists on an io_context gets the one that the test runs on.
class legacy_timer {
 public:
  explicit legacy_timer(asio::io_context& io) : timer_(io, 1ms) {}
  asio::awaitable<void> wait() { return timer_.async_wait(use_awaitable); }

 private:
  asio::steady_timer timer_;
};

}  // namespace

TEST_SUITE("sockets", tag("net"), timeout(5s)) {
  TEST_ASYNC("a line there and back") {
    tcp::acceptor acceptor{awaitest::this_test::executor(), {asio::ip::address_v4::loopback(), 0}};
    const auto where = acceptor.local_endpoint();
    awaitest::spawn_background(echo_one(std::move(acceptor)));

    tcp::socket socket{awaitest::this_test::executor()};
    co_await socket.async_connect(where, use_awaitable);
    const std::string line = "hello\n";
    co_await asio::async_write(socket, asio::buffer(line), use_awaitable);
    std::string answer;
    CHECK(co_await asio::async_read(socket, asio::dynamic_buffer(answer), asio::transfer_exactly(6),
                                    use_awaitable) == 6);
    CHECK(answer == line);
    CHECK_ERROR(co_await asio::async_read(socket, asio::dynamic_buffer(answer), use_awaitable),
                asio::error::eof);
  }

  TEST_ASYNC("names are resolved on a thread of Asio's, and the test waits for it") {
    tcp::resolver resolver{awaitest::this_test::executor()};
    const auto found = co_await resolver.async_resolve("127.0.0.1", "80", use_awaitable);
    REQUIRE(found.size() == 1);
    CHECK(found.begin()->endpoint().address().is_loopback());
  }

  TEST_ASYNC("code that takes an io_context") {
    legacy_timer timer{awaitest::this_test::io_context()};
    CHECK_NOTHROW(co_await timer.wait());
  }
}
