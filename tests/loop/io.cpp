// Real sockets, timers, signals, the resolver and processes under a test's executor: code as a user of Asio
// writes it.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/experimental/channel.hpp>
#include <asio/experimental/concurrent_channel.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

using namespace std::chrono_literals;
using namespace awaitest::match;
using namespace asio::experimental::awaitable_operators;
using asio::ip::tcp;
using asio::ip::udp;

namespace {

asio::awaitable<void> echo(tcp::socket peer) {
  std::array<char, 64> buffer;
  for (;;) {
    std::error_code error;
    const auto size =
        co_await peer.async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    co_await asio::async_write(peer, asio::buffer(buffer, size), asio::use_awaitable);
  }
}

asio::awaitable<std::string> ask(tcp::socket& socket, std::string text) {
  co_await asio::async_write(socket, asio::buffer(text), asio::use_awaitable);
  std::string answer(text.size(), '\0');
  co_await asio::async_read(socket, asio::buffer(answer), asio::use_awaitable);
  co_return answer;
}

tcp::acceptor listen(const asio::any_io_executor& on) { return {on, {asio::ip::address_v4::loopback(), 0}}; }

}  // namespace

TEST_SUITE("loop: io") {
  TEST_ASYNC("tcp: several clients of one server") {
    auto acceptor = listen(co_await asio::this_coro::executor);
    const auto where = acceptor.local_endpoint();
    awaitest::spawn_background([&]() -> asio::awaitable<void> {
      for (;;) awaitest::spawn_background(echo(co_await acceptor.async_accept(asio::use_awaitable)));
    });
    std::vector<awaitest::task<std::string>> clients;
    for (int i = 0; i < 5; ++i)
      clients.push_back(awaitest::spawn([where, i]() -> asio::awaitable<std::string> {
        tcp::socket socket(co_await asio::this_coro::executor);
        co_await socket.async_connect(where, asio::use_awaitable);
        const auto first = co_await ask(socket, "hello");
        const auto second = co_await ask(socket, std::to_string(i));
        co_return first + second;
      }));
    for (std::size_t i = 0; i < clients.size(); ++i)
      CHECK(co_await clients[i].join() == "hello" + std::to_string(i));
  }

  TEST_ASYNC("tcp: errors arrive as exceptions") {
    auto acceptor = listen(co_await asio::this_coro::executor);
    tcp::socket client(co_await asio::this_coro::executor);
    co_await client.async_connect(acceptor.local_endpoint(), asio::use_awaitable);
    {
      auto gone = co_await acceptor.async_accept(asio::use_awaitable);
    }
    char byte;
    CHECK_ERROR(co_await asio::async_read(client, asio::buffer(&byte, 1), asio::use_awaitable),
                asio::error::eof);
    const auto closed = acceptor.local_endpoint();
    acceptor.close();
    tcp::socket late(co_await asio::this_coro::executor);
    CHECK_ERROR(co_await late.async_connect(closed, asio::use_awaitable), asio::error::connection_refused);
  }

  TEST_ASYNC("udp: there and back") {
    const udp::endpoint any{asio::ip::address_v4::loopback(), 0};
    udp::socket a(co_await asio::this_coro::executor, any), b(co_await asio::this_coro::executor, any);
    co_await a.async_send_to(asio::buffer("ping", 4), b.local_endpoint(), asio::use_awaitable);
    std::string text(16, '\0');
    udp::endpoint from;
    text.resize(co_await b.async_receive_from(asio::buffer(text), from, asio::use_awaitable));
    CHECK(text == "ping");
    CHECK(from == a.local_endpoint());
  }

  TEST_ASYNC("timers: in the order of their expiry, and cancelled") {
    std::string order;
    asio::steady_timer late(co_await asio::this_coro::executor, 4ms), early(late.get_executor(), 1ms),
        never(late.get_executor(), 1h);
    late.async_wait([&](std::error_code) { order += 'l'; });
    early.async_wait([&](std::error_code) {
      order += 'e';
      never.cancel();
    });
    CHECK_ERROR(co_await never.async_wait(asio::use_awaitable), asio::error::operation_aborted);
    CHECK(order.front() == 'e');  // on a busy machine both have expired by now
    CHECK_EVENTUALLY(order == "el", 5s);
  }

  TEST_ASYNC("signals") {
    asio::signal_set signals(co_await asio::this_coro::executor, SIGUSR1, SIGUSR2);
    std::raise(SIGUSR2);
    CHECK(co_await signals.async_wait(asio::use_awaitable) == SIGUSR2);
    std::thread([] { ::kill(::getpid(), SIGUSR1); }).join();
    CHECK(co_await signals.async_wait(asio::use_awaitable) == SIGUSR1);
  }

  TEST_ASYNC("the resolver") {
    tcp::resolver resolver(co_await asio::this_coro::executor);
    const auto found = co_await resolver.async_resolve("127.0.0.1", "80", asio::use_awaitable);
    REQUIRE_FALSE(found.empty());
    for (const auto& entry : found) {
      CHECK(entry.endpoint().address().is_loopback());
      CHECK(entry.endpoint().port() == 80);
    }
    CHECK_THROWS_AS(co_await resolver.async_resolve("127.0.0.1", "no-such-service", asio::use_awaitable),
                    std::system_error);
  }

  TEST_ASYNC("a child process, by fork and SIGCHLD") {
    asio::signal_set ended(co_await asio::this_coro::executor, SIGCHLD);
    const auto child = ::fork();
    if (child == 0) {  // where only this thread is: locks may be held by those that are not
      ::execlp("true", "true", static_cast<char*>(nullptr));
      ::_exit(127);
    }
    REQUIRE(child >= 0);
    CHECK(co_await ended.async_wait(asio::use_awaitable) == SIGCHLD);
    int status = -1;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }

  TEST_ASYNC("a pipe that a thread writes to") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    asio::posix::stream_descriptor reading(co_await asio::this_coro::executor, ends[0]);
    std::thread writer([fd = ends[1]] {
      [[maybe_unused]] const auto written = ::write(fd, "abc", 3);
      ::close(fd);
    });
    std::string all;
    std::error_code error;
    const auto size = co_await asio::async_read(reading, asio::dynamic_buffer(all),
                                                asio::redirect_error(asio::use_awaitable, error));
    writer.join();
    CHECK(error == asio::error::eof);
    CHECK(size == 3u);
    CHECK(all == "abc");
  }

  TEST_ASYNC("awaitable operators: both, and the first") {
    const auto after = [](auto time, int value) -> asio::awaitable<int> {
      co_await awaitest::sleep_for(time);
      co_return value;
    };
    auto pair = after(2ms, 1) && after(1ms, 2);
    const auto [a, b] = co_await std::move(pair);
    CHECK(a == 1);
    CHECK(b == 2);
    auto either = after(1h, 3) || after(1ms, 4);
    const auto first = co_await std::move(either);
    REQUIRE(first.index() == 1);
    CHECK(std::get<1>(first) == 4);
  }

  TEST_ASYNC("channels") {
    asio::experimental::channel<void(asio::error_code, int)> channel(co_await asio::this_coro::executor, 1);
    awaitest::spawn([&]() -> asio::awaitable<void> {
      for (int i = 0; i < 3; ++i) co_await channel.async_send({}, i, asio::use_awaitable);
      channel.close();
    });
    for (int i = 0; i < 3; ++i) CHECK(co_await channel.async_receive(asio::use_awaitable) == i);
    CHECK_ERROR(co_await channel.async_receive(asio::use_awaitable),
                asio::experimental::error::channel_closed);
  }

  TEST_ASYNC("a concurrent channel that a thread sends into") {
    asio::experimental::concurrent_channel<void(asio::error_code, int)> channel(
        co_await asio::this_coro::executor, 100);
    std::thread sender([&] {
      for (int i = 1; i <= 100; ++i) channel.try_send(asio::error_code{}, i);
    });
    int sum = 0;
    for (int i = 0; i < 100; ++i) sum += co_await channel.async_receive(asio::use_awaitable);
    sender.join();
    CHECK(sum == 5050);
  }
}
