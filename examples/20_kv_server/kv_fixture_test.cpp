// The server as a fixture of the suite: it comes up once, serves ten tests, and goes down gracefully after the last.
#include "kv_client.hpp"
#include "kv_server.hpp"

#include <awaitest/awaitest.hpp>

#include <memory>
#include <optional>
#include <string>

#include <asio.hpp>

using namespace std::chrono_literals;

namespace {

struct running_server {
  static constexpr auto scope = awaitest::scope::suite;

  asio::awaitable<void> set_up() {
    const asio::ip::tcp::endpoint anywhere{asio::ip::address_v4::loopback(), 0};
    server = std::make_unique<kv::server>(co_await asio::this_coro::executor, anywhere);
    serving = std::make_unique<awaitest::task<void>>(awaitest::spawn_background(server->run(), "kv server"));
  }
  asio::awaitable<void> tear_down() {
    server->stop();
    co_await serving->join();
  }

  std::unique_ptr<kv::server> server;
  std::unique_ptr<awaitest::task<void>> serving;
};

struct connected_client {
  asio::awaitable<void> set_up() {
    auto& running = co_await awaitest::use<running_server>();
    client.emplace(co_await kv::client::connect(running.server->local_endpoint()));
  }
  asio::awaitable<void> tear_down() { co_await client->quit(); }

  kv::client* operator->() { return &*client; }
  std::optional<kv::client> client;
};

}  // namespace

TEST_SUITE("kv fixture", tag("net"), timeout(5s)) {
  TEST_ASYNC_F("answers a ping", (connected_client & c)) { CHECK_NOTHROW(co_await c->ping()); }

  TEST_ASYNC_F("has no key at first", (connected_client & c)) {
    CHECK(co_await c->get("nothing") == std::nullopt);
  }

  TEST_ASYNC_F("keeps a value", (connected_client & c)) {
    co_await c->set("kept", "yes");
    CHECK(co_await c->get("kept") == "yes");
  }

  TEST_ASYNC_F("keeps an empty value, too", (connected_client & c)) {
    co_await c->set("empty", " ");
    CHECK_FALSE(co_await c->get("empty") == std::nullopt);
  }

  TEST_ASYNC_F("replaces a value", (connected_client & c)) {
    co_await c->set("replaced", "yes");
    co_await c->set("replaced", "no");
    CHECK(co_await c->get("replaced") == "no");
  }

  TEST_ASYNC_F("removes a key once", (connected_client & c)) {
    co_await c->set("passing", "yes");
    CHECK(co_await c->remove("passing"));
    CHECK_FALSE(co_await c->remove("passing"));
  }

  TEST_ASYNC_F("adds up", (connected_client & c)) {
    CHECK(co_await c->add("sum", 40) == 40);
    CHECK(co_await c->add("sum", 2) == 42);
  }

  TEST_ASYNC_F("two clients see one store", (connected_client & first, running_server & running)) {
    auto second = co_await kv::client::connect(running.server->local_endpoint());
    co_await first->set("shared", "by both");
    CHECK(co_await second.get("shared") == "by both");
    co_await second.quit();
  }

  TEST_ASYNC_P("a value comes back as it was", (connected_client & c, std::string value),
               cases{"plain", "with spaces in it", "ümläute"}) {
    co_await c->set("text", value);
    CHECK(co_await c->get("text") == value);
  }

  TEST_ASYNC_F("a client that goes away is forgotten", (running_server & running)) {
    {
      auto passing = co_await kv::client::connect(running.server->local_endpoint());
      co_await passing.ping();
    }
    CHECK_EVENTUALLY(running.server->clients() == 0u, 2s);
  }
}
