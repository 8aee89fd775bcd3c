// The server under test is the one that main() runs: real sockets on the loopback interface, a free port a
// test.
#include "kv_server.hpp"
#include "kv_client.hpp"

#include <awaitest/awaitest.hpp>

#include <csignal>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <asio.hpp>

using namespace std::chrono_literals;
using namespace awaitest::match;
using asio::use_awaitable;
using asio::ip::tcp;

namespace {

const tcp::endpoint free_port{asio::ip::address_v4::loopback(), 0};

kv::server make_server(kv::options o = {}) { return {awaitest::this_test::executor(), free_port, o}; }

// Served until the test is over: then run() is cancelled, which stops the server.
kv::server start_server(kv::options o = {}) {
  auto server = make_server(o);
  awaitest::spawn_background(server.run());
  return server;
}

// A client that says what it likes, whatever the protocol has to say about it.
class raw_client {
 public:
  explicit raw_client(tcp::socket connected) : socket(std::move(connected)) {}

  static asio::awaitable<raw_client> connect(tcp::endpoint where) {
    tcp::socket socket{co_await asio::this_coro::executor};
    co_await socket.async_connect(where, use_awaitable);
    co_return raw_client{std::move(socket)};
  }

  asio::awaitable<void> send(std::string bytes) {
    co_await asio::async_write(socket, asio::buffer(bytes), use_awaitable);
  }

  asio::awaitable<std::string> line() {
    const auto size =
        co_await asio::async_read_until(socket, asio::dynamic_buffer(buffer), '\n', use_awaitable);
    std::string text = buffer.substr(0, size - 1);
    buffer.erase(0, size);
    co_return text;
  }

  tcp::socket socket;
  std::string buffer;
};

}  // namespace

TEST_SUITE("kv", tag("net"), timeout(5s)) {
  TEST_ASYNC("a value is kept until it is removed") {
    auto server = start_server();
    auto client = co_await kv::client::connect(server.local_endpoint());

    CHECK(co_await client.get("city") == std::nullopt);
    co_await client.set("city", "San Salvador de Jujuy");
    CHECK(co_await client.get("city") == "San Salvador de Jujuy");
    CHECK(co_await client.remove("city"));
    CHECK_FALSE(co_await client.remove("city"));
    CHECK(co_await client.get("city") == std::nullopt);
  }

  TEST_ASYNC("a sum starts at zero and refuses what it cannot hold") {
    auto server = start_server();
    auto client = co_await kv::client::connect(server.local_endpoint());

    CHECK(co_await client.add("n", 40) == 40);
    CHECK(co_await client.add("n", -42) == -2);
    co_await client.set("n", "9223372036854775807");
    CHECK_THROWS_WITH(co_await client.add("n", 1), "out of range: n");
    co_await client.set("n", "many");
    CHECK_THROWS_WITH(co_await client.add("n", 1), "not a number: n");
    CHECK_NOTHROW(co_await client.ping());  // the connection is none the worse for it
  }

  TEST_ASYNC("a malformed request is answered and the connection goes on") {
    auto server = start_server();
    auto client = co_await raw_client::connect(server.local_endpoint());
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", "ERR unknown command: "},
        {"get a", "ERR unknown command: get"},
        {"GET", "ERR usage: GET key"},
        {"GET a b", "ERR usage: GET key"},
        {"SET a", "ERR usage: SET key value"},
        {"SET  a", "ERR usage: SET key value"},
        {"ADD a", "ERR usage: ADD key number"},
        {"ADD a 1x", "ERR usage: ADD key number"},
        {"ADD a 9223372036854775808", "ERR usage: ADD key number"},
        {"WATCH", "ERR usage: WATCH key"},
    };
    for (const auto& [request, reply] : cases) {
      CAPTURE(request);
      co_await client.send(request + "\r\n");
      CHECK(co_await client.line() == reply);
    }
    co_await client.send("PING\n");
    CHECK(co_await client.line() == "PONG");
  }

  TEST_ASYNC("the client refuses what would be two requests") {
    auto server = start_server();
    auto client = co_await kv::client::connect(server.local_endpoint());

    CHECK_THROWS_AS(co_await client.get("a b"), std::invalid_argument);
    CHECK_THROWS_AS(co_await client.set("a", "1\nDEL b"), std::invalid_argument);
    CHECK_THROWS_AS(co_await client.set("a", ""), std::invalid_argument);
    CHECK_NOTHROW(co_await client.ping());
  }

  TEST_ASYNC("requests are found wherever the packets end") {
    auto server = start_server();
    auto client = co_await raw_client::connect(server.local_endpoint());

    co_await client.send("SET a 1\nGET a\nPI");
    CHECK(co_await client.line() == "OK");
    CHECK(co_await client.line() == "VALUE 1");
    co_await client.send("NG\n");
    CHECK(co_await client.line() == "PONG");
  }

  TEST_ASYNC("a line of the greatest length is served, a longer one ends the connection") {
    kv::options few_bytes;
    few_bytes.max_line = 16;
    auto server = start_server(few_bytes);

    auto exact = co_await raw_client::connect(server.local_endpoint());
    co_await exact.send("SET a 123456789\n");
    CHECK(co_await exact.line() == "OK");

    auto longer = co_await raw_client::connect(server.local_endpoint());
    co_await longer.send("SET a " + std::string(5000, 'x') + "\n");
    CHECK(co_await longer.line() == "ERR line too long");
    CHECK_ERROR(co_await longer.line(), asio::error::eof);
    co_await exact.send("GET a\n");
    CHECK(co_await exact.line() == "VALUE 123456789");
  }

  TEST_ASYNC("a client that leaves in mid-line changes nothing") {
    auto server = start_server();
    auto leaving = co_await raw_client::connect(server.local_endpoint());
    co_await leaving.send("SET a 1\nSET a 2");
    CHECK(co_await leaving.line() == "OK");
    leaving.socket.shutdown(tcp::socket::shutdown_send);
    CHECK_ERROR(co_await leaving.line(), asio::error::eof);  // the server has seen the end

    auto other = co_await kv::client::connect(server.local_endpoint());
    CHECK(co_await other.get("a") == "1");
  }

  TEST_ASYNC("a client that resets the connection harms nobody else") {
    auto server = start_server();
    auto other = co_await kv::client::connect(server.local_endpoint());
    {
      auto crashing = co_await raw_client::connect(server.local_endpoint());
      co_await crashing.send("WATCH a\n");
      CHECK(co_await crashing.line() == "OK");
      crashing.socket.set_option(asio::socket_base::linger{true, 0});  // so that closing it is a reset
    }
    CHECK_NOTHROW(co_await other.set("a", "1"));
    CHECK_EVENTUALLY(server.clients() == 1, 2s);
  }

  TEST_ASYNC("several clients at once lose no update") {
    constexpr int clients = 8;
    constexpr int rounds = 20;
    auto server = start_server();
    awaitest::barrier connected{clients};
    const auto work = [](tcp::endpoint where, awaitest::barrier& start) -> asio::awaitable<void> {
      auto client = co_await kv::client::connect(where);
      co_await start.arrive();
      for (int n = 0; n != rounds; ++n) co_await client.add("n", 1);
    };

    std::vector<awaitest::task<void>> tasks;
    for (int n = 0; n != clients; ++n)
      tasks.push_back(awaitest::spawn(work(server.local_endpoint(), connected)));
    for (auto& t : tasks) co_await t.join();

    auto client = co_await kv::client::connect(server.local_endpoint());
    CHECK(co_await client.add("n", 0) == clients * rounds);
  }

  TEST_ASYNC("who watches a key hears of each change, in order") {
    auto server = start_server();
    auto watcher = co_await kv::client::connect(server.local_endpoint());
    auto writer = co_await kv::client::connect(server.local_endpoint());
    awaitest::gate watching;
    const auto listen = [](kv::client& c, awaitest::gate& ready) -> asio::awaitable<std::vector<kv::event>> {
      co_await c.watch("a");
      ready.open();
      std::vector<kv::event> events;
      while (events.size() < 3) events.push_back(co_await c.next_event());
      co_return events;
    };

    auto heard = awaitest::spawn(listen(watcher, watching));
    co_await watching.wait();
    co_await writer.set("a", "1");
    co_await writer.set("b", "not watched");
    co_await writer.add("a", 1);
    co_await writer.remove("a");

    const std::vector<kv::event> expected{{"a", "1"}, {"a", "2"}, {"a", std::nullopt}};
    CHECK(co_await heard.join() == expected);
  }

  TEST_ASYNC("an event that comes while a reply is awaited is kept") {
    auto server = start_server();
    auto client = co_await kv::client::connect(server.local_endpoint());
    co_await client.watch("a");
    co_await client.set("a", "1");  // the event is on the wire before the next reply
    CHECK(co_await client.get("a") == "1");
    CHECK_THAT(co_await client.next_event(), field(&kv::event::value, eq("1")));
  }

  TEST_ASYNC("waiting for an event may be given up and taken up again") {
    auto server = start_server();
    auto client = co_await kv::client::connect(server.local_endpoint());
    co_await client.watch("a");
    CHECK_THROWS_AS(co_await awaitest::with_timeout(10ms, client.next_event()), awaitest::timed_out);
    co_await client.set("a", "1");
    CHECK_THAT(co_await client.next_event(), field(&kv::event::key, eq("a")));
  }

  TEST_ASYNC("an idle client is sent away, one that watches is not", virtual_time(), timeout(10min)) {
    auto server = start_server();  // with the five minutes of a real one
    auto watcher = co_await kv::client::connect(server.local_endpoint());
    co_await watcher.watch("a");
    auto silent = co_await raw_client::connect(server.local_endpoint());
    co_await silent.send("PI");  // half a request is no sign of life

    CHECK(co_await silent.line() == "ERR idle");
    CHECK_ERROR(co_await silent.line(), asio::error::eof);
    CHECK_NOTHROW(co_await watcher.ping());
  }

  TEST_ASYNC("a client too many is told so; the place is free again when one leaves") {
    kv::options two;
    two.max_clients = 2;
    auto server = start_server(two);
    auto first = co_await kv::client::connect(server.local_endpoint());
    auto second = co_await kv::client::connect(server.local_endpoint());
    co_await first.ping();
    co_await second.ping();

    auto third = co_await raw_client::connect(server.local_endpoint());
    CHECK(co_await third.line() == "ERR server is full");
    CHECK_ERROR(co_await third.line(), asio::error::eof);

    co_await first.quit();
    CHECK_EVENTUALLY(server.clients() == 1, 2s);
    auto fourth = co_await kv::client::connect(server.local_endpoint());
    CHECK_NOTHROW(co_await fourth.ping());
  }
}

TEST_SUITE("kv shutdown", tag("net"), timeout(5s)) {
  TEST_ASYNC("stop() says goodbye to each client and run() returns when the last is gone") {
    kv::options patient;
    patient.linger = 1min;
    auto server = make_server(patient);
    const auto where = server.local_endpoint();
    auto run = awaitest::spawn(server.run());
    auto raw = co_await raw_client::connect(where);
    auto client = std::make_unique<kv::client>(co_await kv::client::connect(where));
    co_await client->ping();
    co_await raw.send("SET a 1\n");
    CHECK(co_await raw.line() == "OK");

    server.stop();
    CHECK(co_await raw.line() == "BYE");
    CHECK_ERROR(co_await raw.line(), asio::error::eof);
    CHECK_ERROR(co_await client->next_event(), asio::error::eof);
    CHECK_FALSE(run.done());  // both clients still have their end open

    raw.socket.close();
    client.reset();
    co_await run.join();
    CHECK(server.clients() == 0);
    CHECK_ERROR(co_await kv::client::connect(where), asio::error::connection_refused);
  }

  TEST_ASYNC("a client that does not close its end holds the shutdown up for so long only") {
    kv::options brief;
    brief.linger = 10ms;
    auto server = make_server(brief);
    auto run = awaitest::spawn(server.run());
    auto client = co_await raw_client::connect(server.local_endpoint());
    co_await client.send("PING\n");
    CHECK(co_await client.line() == "PONG");

    server.stop();
    CHECK_NOTHROW(co_await awaitest::with_timeout(4s, run.join()));
    CHECK(client.socket.is_open());
  }

  TEST_ASYNC("cancelling run() stops the server") {
    auto server = make_server();
    auto run = awaitest::spawn(server.run());
    auto client = co_await kv::client::connect(server.local_endpoint());
    co_await client.ping();

    run.cancel();
    CHECK_ERROR(co_await client.next_event(), asio::error::eof);
  }

  // Signals belong to the whole process: two tests that raise one must not overlap.
  TEST_ASYNC("SIGTERM ends the server gracefully", resource("signals")) {
    auto server = make_server();
    auto life = awaitest::spawn(kv::serve_until_signal(server));
    auto client = std::make_unique<kv::client>(co_await kv::client::connect(server.local_endpoint()));
    co_await client->ping();  // an answer: so the signal handler is in place

    std::raise(SIGTERM);
    CHECK_ERROR(co_await client->next_event(), asio::error::eof);
    client.reset();
    CHECK_NOTHROW(co_await life.join());
  }
}
