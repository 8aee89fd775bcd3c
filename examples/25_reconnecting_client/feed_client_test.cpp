// A day in the life of a client that reconnects, over real sockets, in milliseconds.
#include "feed_client.hpp"

#include <awaitest/awaitest.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <asio.hpp>

using namespace std::chrono_literals;
using namespace awaitest::match;
using asio::use_awaitable;
using asio::ip::tcp;
using std::chrono::steady_clock;

namespace {

// A client of a server on this machine, and what it has told.
struct connection {
  tcp::acceptor acceptor{awaitest::this_test::executor(), tcp::v4()};
  std::optional<feed::client> client;
  std::vector<std::string> lines;
  std::vector<std::chrono::nanoseconds> delays;
  std::vector<std::error_code> reasons;

  connection() { acceptor.bind({asio::ip::address_v4::loopback(), 0}); }

  void run(feed::policy how) {
    client.emplace(acceptor.local_endpoint(), how, awaitest::this_test::seed());
    client->on_line = [this](std::string line) { lines.push_back(std::move(line)); };
    client->on_lost = [this](const std::error_code& why, feed::policy::duration delay) {
      reasons.push_back(why);
      delays.emplace_back(delay);
    };
    awaitest::spawn_background(client->run(), "client");
  }
  asio::awaitable<tcp::socket> accepted() { return acceptor.async_accept(use_awaitable); }
};

feed::policy without_jitter() {
  feed::policy policy;
  policy.jitter = 0;
  return policy;
}

asio::awaitable<void> say(tcp::socket& socket, std::string text) {
  co_await asio::async_write(socket, asio::buffer(text), use_awaitable);
}

}  // namespace

TEST_SUITE("feed client", virtual_time(), tag("net")) {
  TEST_ASYNC_F("lines come through", (connection & c)) {
    c.acceptor.listen();
    c.run({});
    auto server = co_await c.accepted();
    co_await say(server, "one\ntw");
    co_await say(server, "o\n");
    CHECK_EVENTUALLY(c.lines.size() == 2u, 1s);
    CHECK_THAT(c.lines, elements_are("one", "two"));
  }

  TEST_ASYNC_F("the delays double up to five minutes", (connection & c)) {
    c.run(without_jitter());  // nobody listens
    co_await awaitest::sleep_for(24h);
    REQUIRE(c.delays.size() > 10u);
    c.delays.resize(11);
    CHECK_THAT(c.delays, elements_are(1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 300s, 300s));
    CHECK_THAT(c.reasons, each(eq(std::error_code(asio::error::connection_refused))));
    CHECK(c.reasons.size() == 9u + (24 * 3600 - 511) / 300 + 1);
  }

  TEST_ASYNC_F("jitter shortens a delay by up to its share, and makes no two alike", (connection & c)) {
    feed::policy policy;
    policy.max_delay = policy.first_delay = 1min;
    c.run(policy);
    co_await awaitest::sleep_for(10h);
    CHECK_THAT(c.delays, each(all_of(ge(45s), le(1min))));
    CHECK_THAT(c.delays, any_of(contains(lt(50s))));
    CHECK_THAT(c.delays, any_of(contains(gt(55s))));
    CHECK(c.delays.size() > 600u);
  }

  TEST_ASYNC_F("a silent server is given up after thirty seconds", (connection & c)) {
    c.acceptor.listen();
    c.run(without_jitter());
    auto server = co_await c.accepted();
    const auto begun = steady_clock::now();
    for (int i = 0; i < 10; ++i) {  // as long as it says something all is well
      co_await awaitest::sleep_for(29s);
      co_await say(server, ".\n");
    }
    CHECK_EVENTUALLY(c.lines.size() == 10u, 1s);
    CHECK(c.reasons.empty());
    auto again = co_await c.accepted();
    CHECK(steady_clock::now() - begun == 290s + 30s + 1s);
    CHECK_THAT(c.reasons, elements_are(asio::error::timed_out));
  }

  TEST_ASYNC_F("a connection that lasted makes the delays short again", (connection & c)) {
    c.acceptor.listen();
    c.run(without_jitter());
    for (int i = 0; i < 3; ++i) {
      auto server = co_await c.accepted();
      server.close();
    }
    auto server = co_await c.accepted();
    for (int i = 0; i < 3; ++i) {
      co_await say(server, "still here\n");
      co_await awaitest::sleep_for(20s);
    }
    server.close();
    co_await c.accepted();
    CHECK_THAT(c.delays, elements_are(1s, 2s, 4s, 1s));
  }
}
