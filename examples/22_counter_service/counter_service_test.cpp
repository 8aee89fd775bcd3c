// The service with its own client, and each of the two against a peer played by the test.
#include "counter_client.hpp"
#include "counter_server.hpp"

#include <awaitest/awaitest.hpp>

#include <string>
#include <utility>
#include <vector>

#include <asio.hpp>

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace awaitest::match;
using asio::use_awaitable;
using asio::ip::udp;

namespace {

const udp::endpoint free_port{asio::ip::address_v4::loopback(), 0};

counter::server start_server() {
  counter::server server{awaitest::this_test::executor(), free_port};
  awaitest::spawn_background(server.run());
  return server;
}

const counter::client_options from_1{1min, 5, 1};  // ids 1, 2, ...; by default they begin anywhere

counter::client make_client(const udp::endpoint& server, counter::client_options o = {1min, 5}) {
  return {awaitest::this_test::executor(), server, o};
}

// On the wire. Not written as braced aggregates inside of co_await: see 12_coroutine_traps.cpp.
std::string add_request(std::uint32_t id, std::uint32_t amount, std::string name) {
  return encode(counter::request{counter::operation::add, id, amount, std::move(name)});
}
std::string read_request(std::uint32_t id, std::string name) {
  return encode(counter::request{counter::operation::read, id, 0, std::move(name)});
}
std::string reply(std::uint32_t id, std::uint64_t value) { return encode(counter::reply{id, value}); }

// A plain socket for the side that the test plays.
struct peer {
  udp::socket socket{awaitest::this_test::executor(), free_port};
  udp::endpoint other;  // who sent last

  asio::awaitable<std::string> receive() {
    std::string bytes(512, '\0');
    const auto size = co_await socket.async_receive_from(asio::buffer(bytes), other, use_awaitable);
    bytes.resize(size);
    co_return bytes;
  }

  asio::awaitable<void> send(std::string bytes) {
    co_await socket.async_send_to(asio::buffer(bytes), other, use_awaitable);
  }
};

}  // namespace

TEST_SUITE("counter wire") {
  TEST("what is encoded is decoded") {
    const counter::request request{counter::operation::add, 0x01020304, 0xfffffffe, "visits"};
    CHECK(encode(request) == "CQ\x01\x01\x02\x03\x04\xff\xff\xff\xfevisits");
    CHECK(counter::decode_request(encode(request)) == request);
    const counter::reply reply{7, 0x8000000000000001};
    CHECK(counter::decode_reply(encode(reply)) == reply);
  }

  TEST("what is no request is not taken for one") {
    const auto good = encode(counter::request{counter::operation::add, 1, 2, "n"});
    std::vector<std::string> bad{
        "",
        good.substr(0, 11),  // no name
        "XQ" + good.substr(2),
        good + std::string(64, 'n'),                                    // too long a name
        "CQ\x02"s + good.substr(3),                                     // no such operation
        encode(counter::request{counter::operation::read, 1, 2, "n"}),  // a read has no amount
        encode(counter::reply{1, 2}),
    };
    REQUIRE(counter::decode_request(good));
    for (const auto& datagram : bad) {
      CAPTURE(datagram.size());
      CHECK_FALSE(counter::decode_request(datagram));
    }
  }
}

TEST_SUITE("counter server", tag("net"), timeout(5s)) {
  TEST_ASYNC("each name counts for itself") {
    auto server = start_server();
    auto client = make_client(server.local_endpoint());
    CHECK(co_await client.add("visits", 3) == 3);
    CHECK(co_await client.add("visits", 4) == 7);
    CHECK(co_await client.add("errors", 1) == 1);
    CHECK(co_await client.read("visits") == 7);
    CHECK(co_await client.read("never heard of") == 0);
  }

  TEST_ASYNC("a request sent twice counts once and is answered twice") {
    auto server = start_server();
    peer client;
    client.other = server.local_endpoint();
    const auto request = add_request(7, 10, "n");

    co_await client.send(request);
    CHECK(co_await client.receive() == reply(7, 10));
    co_await client.send(request);
    CHECK(co_await client.receive() == reply(7, 10));
    CHECK(server.stats().served == 1);
    CHECK(server.stats().repeated == 1);
  }

  TEST_ASYNC("the same id from another client is another request") {
    auto server = start_server();
    auto one = make_client(server.local_endpoint(), from_1);
    auto two = make_client(server.local_endpoint(), from_1);
    CHECK(co_await one.add("n", 1) == 1);
    CHECK(co_await two.add("n", 1) == 2);
    CHECK(server.stats().repeated == 0);
  }

  TEST_ASYNC("a malformed datagram is dropped and the next request served") {
    auto server = start_server();
    peer client;
    client.other = server.local_endpoint();
    co_await client.send("");
    co_await client.send("hello");
    co_await client.send(std::string(400, 'C'));
    co_await client.send(read_request(1, "n"));
    // Loopback keeps the order: had the server answered one of the others, that would come first.
    CHECK(co_await client.receive() == reply(1, 0));
    CHECK(server.stats().malformed == 3);
  }

  TEST_ASYNC("clients at once lose no count") {
    constexpr int clients = 5;
    auto server = start_server();
    awaitest::barrier ready{clients};
    const auto count = [](counter::client c, awaitest::barrier& start) -> asio::awaitable<void> {
      co_await start.arrive();
      for (int n = 0; n != 20; ++n) co_await c.add("n", 1);
    };
    std::vector<awaitest::task<void>> tasks;
    for (int n = 0; n != clients; ++n) {
      tasks.push_back(awaitest::spawn(count(make_client(server.local_endpoint()), ready)));
    }
    for (auto& t : tasks) co_await t.join();
    auto client = make_client(server.local_endpoint());
    CHECK(co_await client.read("n") == 20 * clients);
  }

  TEST_ASYNC("stop() ends run()") {
    counter::server server{awaitest::this_test::executor(), free_port};
    auto run = awaitest::spawn(server.run());
    auto client = make_client(server.local_endpoint());
    co_await client.add("n", 1);
    server.stop();
    CHECK_NOTHROW(co_await run.join());
  }
}

TEST_SUITE("counter client", tag("net"), timeout(5s)) {
  TEST_ASYNC("an unanswered request is sent again, unchanged") {
    peer server;
    auto client = make_client(server.socket.local_endpoint(), {20ms, 100, 1});
    auto sum = awaitest::spawn(client.add("n", 5));

    const auto first = co_await server.receive();  // lost on the way, so to speak
    const auto second = co_await server.receive();
    CHECK(first == second);
    co_await server.send(reply(1, 5));
    CHECK(co_await sum.join() == 5);
  }

  TEST_ASYNC("only the reply to the request counts") {
    peer server;
    auto client = make_client(server.socket.local_endpoint());
    auto sum = awaitest::spawn(client.add("n", 5));

    const auto request = counter::decode_request(co_await server.receive());
    REQUIRE(request);
    co_await server.send("no reply at all");
    co_await server.send(reply(request->id - 1, 111));
    co_await server.send(reply(request->id, 5));
    CHECK(co_await sum.join() == 5);
  }

  TEST_ASYNC("a late reply is not taken for the next one") {
    peer server;
    auto client = make_client(server.socket.local_endpoint(), from_1);
    auto first = awaitest::spawn(client.add("n", 5));
    co_await server.receive();
    co_await server.send(reply(1, 5));
    co_await server.send(reply(1, 5));  // the network made two of it
    CHECK(co_await first.join() == 5);

    auto second = awaitest::spawn(client.read("n"));
    co_await server.receive();
    co_await server.send(reply(2, 6));
    CHECK(co_await second.join() == 6);
  }

  TEST_ASYNC("silence ends in timed_out after so many attempts") {
    peer server;
    auto client = make_client(server.socket.local_endpoint(), {10ms, 3});
    CHECK_ERROR(co_await client.read("n"), asio::error::timed_out);
    std::vector<std::string> sent;
    while (server.socket.available() > 0) sent.push_back(co_await server.receive());
    CHECK_THAT(sent, all_of(size_is(3), each(eq(sent.front()))));
  }

  TEST_ASYNC("nobody listening is no different from silence") {
    udp::endpoint where;
    {
      peer gone;
      where = gone.socket.local_endpoint();
    }
    auto client = make_client(where, {10ms, 3});
    CHECK_ERROR(co_await client.read("n"), asio::error::timed_out);
  }

  TEST_ASYNC("cancelling ends the wait for a reply") {
    peer server;
    auto client = make_client(server.socket.local_endpoint());
    auto value = awaitest::spawn(client.read("n"));
    co_await server.receive();  // the request is out
    value.cancel();
    CHECK_ERROR(co_await value.join(), asio::error::operation_aborted);
  }

  TEST_ASYNC("a name that does not fit is refused before anything is sent") {
    peer server;
    auto client = make_client(server.socket.local_endpoint());
    CHECK_THROWS_AS(co_await client.read(""), std::invalid_argument);
    CHECK_THROWS_WITH(co_await client.read(std::string(65, 'n')), contains("not 65"));
    CHECK(server.socket.available() == 0);
  }
}
