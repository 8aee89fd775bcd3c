// Pending operations of Asio, in a program that links awaitest::tracking.
#include <awaitest/awaitest.hpp>

#include <asio/bind_executor.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/experimental/channel.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/read.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <array>
#include <csignal>
#include <memory>
#include <string>
#include <system_error>

using namespace std::chrono_literals;
using namespace asio::experimental::awaitable_operators;
using asio::ip::tcp;
using channel = asio::experimental::channel<void(std::error_code, int)>;

namespace {

struct loopback {
  tcp::socket near, far;
};
asio::awaitable<loopback> connect() {
  const auto executor = co_await asio::this_coro::executor;
  tcp::acceptor acceptor(executor, {asio::ip::address_v4::loopback(), 0});
  tcp::socket near(executor);
  near.connect(acceptor.local_endpoint());
  co_return loopback{std::move(near), acceptor.accept()};
}

}  // namespace

TEST_SUITE("stuck") {
  TEST_ASYNC("at a channel") {
    channel empty(co_await asio::this_coro::executor);
    co_await empty.async_receive(asio::use_awaitable);
  }
  TEST_ASYNC("at a channel, and the place is known") {
    channel empty(co_await asio::this_coro::executor);
    co_await empty.async_receive(asio::use_awaitable_t<>());
  }
  TEST_ASYNC("fifty children at one channel") {
    const auto empty = std::make_shared<channel>(co_await asio::this_coro::executor);
    for (int i = 0; i < 50; ++i)
      awaitest::spawn(
          [empty]() -> asio::awaitable<void> {
            int received = co_await empty->async_receive(asio::use_awaitable_t<>());
            static_cast<void>(received);
          },
          "reader " + std::to_string(i));
    CHECK(true);
  }
}

TEST_SUITE("timeout", timeout(20ms)) {
  TEST_ASYNC("two at once") {
    const auto executor = co_await asio::this_coro::executor;
    auto pair = co_await connect();
    asio::steady_timer timer(executor, 1h);
    std::array<char, 8> bytes{};
    co_await (asio::async_read(pair.near, asio::buffer(bytes), asio::use_awaitable) ||
              timer.async_wait(asio::use_awaitable));
  }
  TEST_ASYNC("in the middle of a read, where nobody writes any more", timeout(30s)) {
    auto pair = co_await connect();
    std::array<char, 8> bytes{};
    co_await asio::async_write(pair.far, asio::buffer("abc", 3), asio::use_awaitable);
    co_await asio::async_read(pair.near, asio::buffer(bytes), asio::use_awaitable);
  }
  TEST_ASYNC("own waits are told in their own words") {
    awaitest::spawn([]() -> asio::awaitable<void> { co_await awaitest::sleep_for(1h); }, "sleeper");
    co_await awaitest::with_timeout(1h, awaitest::sleep_for(2h));
  }
  TEST_ASYNC("a signal") {
    asio::signal_set signals(co_await asio::this_coro::executor, SIGUSR1);
    co_await asio::post(asio::use_awaitable);
    co_await signals.async_wait(asio::use_awaitable);
  }
}

TEST_SUITE("leaks") {
  TEST_ASYNC("two timers and a socket") {
    const auto executor = co_await asio::this_coro::executor;
    auto first = std::make_shared<asio::steady_timer>(executor, 1h);
    first->async_wait([first](std::error_code) {});
    auto second = std::make_shared<asio::steady_timer>(awaitest::this_test::io_context(), 1h);
    second->async_wait([second](std::error_code) {});
    auto pair = std::make_shared<loopback>(co_await connect());
    pair->near.async_wait(tcp::socket::wait_read, [pair](std::error_code) {});
    CHECK(true);
  }
  TEST_ASYNC("the next one has nothing to do with it") {
    asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
    co_await timer.async_wait(asio::use_awaitable);
    CHECK(true);
  }
}

namespace app {

struct session {
  channel& from;

  asio::awaitable<int> next() { co_return co_await from.async_receive(asio::use_awaitable); }
  asio::awaitable<void> run() {
    const auto twice = [this]() -> asio::awaitable<int> { co_return 2 * co_await next(); };
    co_await twice();
  }
};

}  // namespace app

TEST_SUITE("coroutines that wait for one another") {
  TEST_ASYNC("are named") {
    channel empty(co_await asio::this_coro::executor);
    app::session session{empty};
    co_await session.run();
  }
  TEST_ASYNC("of children, too") {
    const auto empty = std::make_shared<channel>(co_await asio::this_coro::executor);
    for (int i = 0; i < 3; ++i)
      awaitest::spawn([empty]() -> asio::awaitable<void> {
        app::session session{*empty};
        co_await session.run();
      });
    CHECK(true);
  }
}

namespace app {

asio::awaitable<void> read_frame(tcp::socket& from) {
  std::array<char, 8> bytes{};
  co_await asio::async_read(from, asio::buffer(bytes), asio::use_awaitable_t<>());
}
asio::awaitable<void> read_all(tcp::socket& from) {
  for (;;) co_await read_frame(from);
}

}  // namespace app

TEST_SUITE("a composed operation in its later steps", virtual_time(), timeout(20ms)) {
  TEST_ASYNC("is where it was begun") {
    auto pair = co_await connect();
    auto& near = pair.near;
    awaitest::spawn([&]() -> asio::awaitable<void> { co_await app::read_all(near); }, "reader");
    co_await asio::async_write(pair.far, asio::buffer("12345678abc", 11), asio::use_awaitable);
    co_await awaitest::sleep_for(1ms);
    co_await asio::async_write(pair.far, asio::buffer("de", 2), asio::use_awaitable);
    co_await awaitest::sleep_for(1h);
  }
}
