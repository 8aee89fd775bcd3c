// Bytes on their way between two sockets of the process hold virtual time; bytes that nobody reads do not.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <string>
#include <thread>
#include <vector>

#include "connected.hpp"

using namespace std::chrono_literals;
using asio::use_awaitable;
using asio::ip::tcp;
using std::chrono::steady_clock;

namespace {

asio::awaitable<char> read_one(tcp::socket& from) {
  char got = 0;
  co_await asio::async_read(from, asio::buffer(&got, 1), use_awaitable);
  co_return got;
}
asio::awaitable<void> write_one(tcp::socket& to, char what) {
  co_await asio::async_write(to, asio::buffer(&what, 1), use_awaitable);
}

asio::awaitable<void> reply_and_notification(tcp::socket& client, tcp::socket& server) {
  const auto begun = steady_clock::now();
  auto serving = awaitest::spawn([](tcp::socket& at) -> asio::awaitable<void> {
    CHECK(co_await read_one(at) == 'q');
    co_await write_one(at, 'r');
    co_await write_one(at, 'n');
  }(server));
  co_await write_one(client, 'q');
  CHECK(co_await read_one(client) == 'r');
  CHECK(co_await awaitest::with_timeout(5s, read_one(client)) == 'n');
  CHECK(steady_clock::now() == begun);
  co_await serving.join();
}

/// More than once: the first packets of a connection are acknowledged at once.
asio::awaitable<void> replies_and_notifications(tcp::socket& client, tcp::socket& server) {
  for (int i = 0; i < 3; ++i) co_await reply_and_notification(client, server);
}

}  // namespace

TEST_SUITE("virtual time, bytes on their way", virtual_time()) {
  // The second write is held back until the first is acknowledged, which takes 40 ms.
  TEST_ASYNC("a reply and then a notification", repeat(600)) {
    auto [client, server] = co_await connected();
    co_await replies_and_notifications(client, server);
  }

  TEST_ASYNC("to a server that listens on IPv6, from a client of IPv4", repeat(100)) {
    asio::ip::tcp::acceptor probe(co_await asio::this_coro::executor);
    asio::error_code missing;
    probe.open(tcp::v6(), missing);
    if (missing) SKIP("there is no IPv6 here: {}", missing.message());
    auto [client, server] = co_await connected(asio::ip::address_v6::any());
    co_await replies_and_notifications(client, server);
  }

  TEST_ASYNC("many small writes, read after a pause of the reader", repeat(100)) {
    auto [client, server] = co_await connected();
    const auto begun = steady_clock::now();
    for (int turn = 0; turn < 5; ++turn) {
      for (char part = 'a'; part < 'f'; ++part) co_await write_one(server, part);
      co_await awaitest::sleep_for(1s);
      std::string got(5, ' ');
      co_await awaitest::with_timeout(1ns, asio::async_read(client, asio::buffer(got), use_awaitable));
      CHECK(got == "abcde");
    }
    CHECK(steady_clock::now() - begun == 5s);
  }

  TEST_ASYNC("written in a handler, without waiting", repeat(200)) {
    auto [client, server] = co_await connected();
    auto at_once = [](tcp::socket& to, std::string what) { asio::write(to, asio::buffer(what)); };
    const auto begun = steady_clock::now();
    auto read = [](tcp::socket& from, std::size_t size) -> asio::awaitable<std::string> {
      std::string got(size, ' ');
      co_await asio::async_read(from, asio::buffer(got), use_awaitable);
      co_return got;
    };
    at_once(server, "header");
    at_once(server, "body");
    CHECK(co_await awaitest::with_timeout(1ms, read(client, 10)) == "headerbody");
    CHECK(steady_clock::now() == begun);
  }

  TEST_ASYNC("a reader that does not read: the writer's limit is over in its time", repeat(20)) {
    auto [client, server] = co_await connected();
    const std::vector<char> much(64 << 20);
    const auto begun = steady_clock::now();
    CHECK_THROWS_AS(
        co_await awaitest::with_timeout(30s, asio::async_write(server, asio::buffer(much), use_awaitable)),
        awaitest::timed_out);
    CHECK(steady_clock::now() - begun == 30s);
  }

  TEST_ASYNC("what nobody reads holds no other timer", repeat(100)) {
    auto [client, server] = co_await connected();
    co_await write_one(server, 'x');
    co_await write_one(server, 'y');
    awaitest::spawn_background(
        [](tcp::socket& at) -> asio::awaitable<void> { co_await read_one(at); }(server));
    const auto begun = steady_clock::now();
    co_await awaitest::sleep_for(24h);
    CHECK(steady_clock::now() - begun == 24h);
  }
}
