// Tests that wait for nothing but sockets and pipes, of which nobody is at the other end, or nobody in this process.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <utility>

#include "../loop/connected.hpp"

using namespace std::chrono_literals;
using asio::use_awaitable;
using asio::ip::tcp;

namespace {

asio::awaitable<void> read_from(auto& socket) {
  std::array<char, 16> answer;
  co_await asio::async_read(socket, asio::buffer(answer), use_awaitable);
}

asio::awaitable<void> a_reply_that_is_never_sent() {
  auto [client, server] = co_await connected();
  co_await asio::async_write(client, asio::buffer("request", 7), use_awaitable);
  co_await read_from(client);
}

asio::awaitable<void> nobody_connects() {
  tcp::acceptor acceptor{co_await asio::this_coro::executor, {asio::ip::address_v4::loopback(), 0}};
  co_await acceptor.async_accept(use_awaitable);
}

}  // namespace

TEST_SUITE("connected to itself") {
  TEST_ASYNC("a reply that is never sent") { co_await a_reply_that_is_never_sent(); }
  TEST_ASYNC("in virtual time", virtual_time()) { co_await a_reply_that_is_never_sent(); }
  TEST_ASYNC("in virtual time, with a timeout", virtual_time(), timeout(1h)) {
    co_await awaitest::sleep_for(5min);
    co_await a_reply_that_is_never_sent();
  }
  TEST_ASYNC("client and server each wait for the other") {
    auto [client, server] = co_await connected();
    auto serving = awaitest::spawn(read_from(server), "server");
    co_await read_from(client);
  }
  TEST_ASYNC("nobody accepts") {
    const auto executor = co_await asio::this_coro::executor;
    tcp::acceptor acceptor{executor, {asio::ip::address_v4::any(), 0}};
    tcp::socket client{executor};
    co_await client.async_connect({asio::ip::address_v4::loopback(), acceptor.local_endpoint().port()},
                                  use_awaitable);
    co_await read_from(client);
  }
  TEST_ASYNC("nobody accepts, by a name in the file system") {
    const auto executor = co_await asio::this_coro::executor;
    asio::local::stream_protocol::acceptor acceptor{executor, "name"};
    asio::local::stream_protocol::socket client{executor};
    co_await client.async_connect("name", use_awaitable);
    co_await read_from(client);
  }
  TEST_ASYNC("a pair") {
    const auto executor = co_await asio::this_coro::executor;
    asio::local::stream_protocol::socket one{executor}, other{executor};
    asio::local::connect_pair(one, other);
    co_await read_from(one);
  }
  TEST_ASYNC("a pipe") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const auto executor = co_await asio::this_coro::executor;
    asio::posix::stream_descriptor reads{executor, ends[0]}, writes{executor, ends[1]};
    co_await read_from(reads);
  }
  TEST_ASYNC("a server on a thread of its own") {
    auto [client, accepted] = co_await connected();
    asio::io_context service;
    tcp::socket server{service, tcp::v4(), accepted.release()};
    std::array<char, 16> request;
    asio::async_read(server, asio::buffer(request), [](asio::error_code, std::size_t) {});
    std::thread thread{[&] { service.run(); }};
    const struct at_end {
      asio::io_context& service;
      std::thread& runs;
      ~at_end() {
        service.stop();
        runs.join();
      }
    } ends{service, thread};
    co_await read_from(client);
  }
}

TEST_SUITE("outsiders") {
  TEST_ASYNC("nobody connects", timeout(100ms)) { co_await nobody_connects(); }
  TEST_ASYNC("nobody connects, in virtual time", virtual_time(), timeout(1h)) { co_await nobody_connects(); }
  TEST_ASYNC("nobody sends a datagram", timeout(100ms)) {
    asio::ip::udp::socket socket{co_await asio::this_coro::executor, {asio::ip::address_v4::loopback(), 0}};
    std::array<char, 16> datagram;
    co_await socket.async_receive(asio::buffer(datagram), use_awaitable);
  }
  TEST_ASYNC("nobody raises the signal", timeout(100ms)) {
    asio::signal_set signals{co_await asio::this_coro::executor, SIGUSR1};
    co_await signals.async_wait(use_awaitable);
  }
  TEST_ASYNC("a thread is at work: it may connect", timeout(100ms)) {
    std::atomic<bool> is_over{false};
    std::thread works{[&] {
      while (!is_over) std::this_thread::sleep_for(1ms);  // at work, as far as can be seen
    }};
    const struct at_end {
      std::atomic<bool>& is_over;
      std::thread& works;
      ~at_end() {
        is_over = true;
        works.join();
      }
    } ends{is_over, works};
    co_await nobody_connects();
  }
}

TEST_SUITE("closed world", closed_world()) {
  TEST_ASYNC("nobody connects") { co_await nobody_connects(); }
  TEST_ASYNC("nobody connects, in virtual time", virtual_time(), timeout(1h)) { co_await nobody_connects(); }
}
