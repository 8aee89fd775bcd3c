// A test that waits for a socket or a pipe of its own process is not stuck while somebody may still write: a child, the child of one that has
// ended, a thread, a timer of another io_context or of the process. They take longer about it (by sleeping: that is what is looked at) than the verdict does.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <utility>

#include "connected.hpp"

using namespace std::chrono_literals;
using asio::use_awaitable;
using asio::ip::tcp;
using local = asio::local::stream_protocol;

namespace {

constexpr auto longer_than_the_verdict = 70ms;

std::pair<local::socket, local::socket> pair_on(const asio::any_io_executor& executor) {
  local::socket one{executor}, other{executor};
  asio::local::connect_pair(one, other);
  return {std::move(one), std::move(other)};
}
asio::awaitable<char> a_byte_from(auto& socket) {
  std::array<char, 1> byte;
  co_await asio::async_read(socket, asio::buffer(byte), use_awaitable);
  co_return byte[0];
}

/// In a process that was forked: writes a byte, late, and ends.
[[noreturn]] void write_late(int descriptor) {
  ::usleep(70'000);  // what is tested: a writer that takes longer than the verdict
  const auto written = ::write(descriptor, "x", 1);
  ::_exit(written == 1 ? 0 : 1);
}
void wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  CHECK(status == 0);
}

}  // namespace

TEST_SUITE("never wrong with sockets") {
  TEST_ASYNC("a child process writes", repeat(5)) {
    auto [here, there] = pair_on(co_await asio::this_coro::executor);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) write_late(there.native_handle());
    const char got = co_await a_byte_from(here);
    CHECK(got == 'x');
    wait_for(child);
  }

  TEST_ASYNC("the child of a child that has ended writes", repeat(5)) {
    auto [here, there] = pair_on(co_await asio::this_coro::executor);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      if (::fork() == 0) write_late(there.native_handle());
      ::_exit(0);
    }
    wait_for(child);
    const char got = co_await a_byte_from(here);
    CHECK(got == 'x');
  }

  TEST_ASYNC("the same through tcp, where the end here is closed", repeat(5)) {
    auto [here, there] = co_await connected();
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      if (::fork() == 0) write_late(there.native_handle());
      ::_exit(0);
    }
    there.close();
    wait_for(child);
    const char got = co_await a_byte_from(here);
    CHECK(got == 'x');
  }

  TEST_ASYNC("a child raises a signal", repeat(5)) {
    asio::signal_set signals{co_await asio::this_coro::executor, SIGUSR1};
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      ::usleep(70'000);  // likewise
      ::_exit(::kill(::getppid(), SIGUSR1));
    }
    co_await signals.async_wait(use_awaitable);
    wait_for(child);
  }

  TEST_ASYNC("a handler of a signal writes, which a timer of the process raises", repeat(5)) {
    auto [here, there] = pair_on(co_await asio::this_coro::executor);
    static int end = -1;
    end = there.native_handle();
    struct sigaction writes{}, before{};
    writes.sa_handler = [](int) { static_cast<void>(!::write(end, "x", 1)); };
    ::sigaction(SIGALRM, &writes, &before);
    const itimerval late{{}, {0, 70'000}};
    ::setitimer(ITIMER_REAL, &late, nullptr);
    const char got = co_await a_byte_from(here);
    CHECK(got == 'x');
    ::sigaction(SIGALRM, &before, nullptr);
  }

  TEST_ASYNC("a thread writes when the limit of its own read is over", repeat(5)) {
    auto [here, there] = co_await connected();
    std::thread writes{[&, &server = there] {
      const timeval limit{0, 70'000};
      ::setsockopt(server.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
      std::array<char, 1> never;
      server.native_non_blocking(false);
      static_cast<void>(!::recv(server.native_handle(), never.data(), never.size(), 0));
      static_cast<void>(!::write(server.native_handle(), "x", 1));
    }};
    const char got = co_await a_byte_from(here);
    CHECK(got == 'x');
    writes.join();
  }

  TEST_ASYNC("a thread writes that has slept", repeat(5)) {
    auto [here, there] = co_await connected();
    std::thread writes{[&, &server = there] {
      std::this_thread::sleep_for(longer_than_the_verdict);  // likewise
      asio::write(server, asio::buffer("x", 1));
    }};
    const char got = co_await a_byte_from(here);
    CHECK(got == 'x');
    writes.join();
  }

  TEST_ASYNC("a thread writes once its own timer is due", repeat(5)) {
    auto [here, accepted] = co_await connected();
    asio::io_context service;
    tcp::socket there{service, tcp::v4(), accepted.release()};
    asio::steady_timer timer{service, longer_than_the_verdict};
    timer.async_wait([&](asio::error_code) { asio::write(there, asio::buffer("x", 1)); });
    std::thread runs{[&] { service.run(); }};
    const char got = co_await a_byte_from(here);
    CHECK(got == 'x');
    runs.join();
  }

  TEST_ASYNC("a thread answers after its work", repeat(500)) {
    auto [here, accepted] = co_await connected();
    asio::io_context service;
    tcp::socket there{service, tcp::v4(), accepted.release()};
    const auto work = awaitest::this_test::random() % 3'000'000;
    std::thread answers{[&] {
      std::array<char, 1> request;
      asio::read(there, asio::buffer(request));
      for (auto left = work; left > 0; --left) asm volatile("");
      asio::write(there, asio::buffer("y", 1));
    }};
    co_await asio::async_write(here, asio::buffer("x", 1), use_awaitable);
    const char got = co_await a_byte_from(here);
    CHECK(got == 'y');
    answers.join();
  }
}

TEST_SUITE("never wrong in a closed world", closed_world()) {
  TEST_ASYNC("a thread accepts after its work", repeat(500)) {
    const auto executor = co_await asio::this_coro::executor;
    const local::endpoint where{'\0' + ("awaitest " + std::to_string(::getpid()))};  // in no file system
    local::acceptor acceptor{executor, where};
    local::socket client{executor};
    co_await client.async_connect(where, use_awaitable);
    const auto work = awaitest::this_test::random() % 3'000'000;
    ssize_t written = 0;
    std::thread accepts{[listener = acceptor.native_handle(), work, &written] {
      for (auto left = work; left > 0; --left) asm volatile("");
      const int accepted = ::accept(listener, nullptr, nullptr);
      written = ::write(accepted, "x", 1);
      ::close(accepted);
    }};
    const char got = co_await a_byte_from(client);
    CHECK(got == 'x');
    accepts.join();
    CHECK(written == 1);
  }

  TEST_ASYNC("a thread connects", repeat(500)) {
    tcp::acceptor acceptor{co_await asio::this_coro::executor, {asio::ip::address_v4::loopback(), 0}};
    std::thread connects{[where = acceptor.local_endpoint()] {
      asio::io_context own;
      tcp::socket socket{own};
      socket.connect(where);
    }};
    const auto accepted = co_await acceptor.async_accept(use_awaitable);
    CHECK(accepted.is_open());
    connects.join();
  }

  TEST_ASYNC("a thread sends a datagram", repeat(500)) {
    asio::ip::udp::socket socket{co_await asio::this_coro::executor, {asio::ip::address_v4::loopback(), 0}};
    std::thread sends{[where = socket.local_endpoint()] {
      asio::io_context own;
      asio::ip::udp::socket{own, asio::ip::udp::v4()}.send_to(asio::buffer("x", 1), where);
    }};
    std::array<char, 1> byte;
    co_await socket.async_receive(asio::buffer(byte), use_awaitable);
    CHECK(byte[0] == 'x');
    sends.join();
  }

  TEST_ASYNC("a client of this loop connects, and is answered", repeat(500)) {
    const auto executor = co_await asio::this_coro::executor;
    tcp::acceptor acceptor{executor, {asio::ip::address_v4::loopback(), 0}};
    auto serving = awaitest::spawn(
        [](tcp::acceptor& from) -> asio::awaitable<void> {
          auto accepted = co_await from.async_accept(use_awaitable);
          const char got = co_await a_byte_from(accepted);
          co_await asio::async_write(accepted, asio::buffer(&got, 1), use_awaitable);
        }(acceptor),
        "server");
    tcp::socket client{executor};
    co_await client.async_connect(acceptor.local_endpoint(), use_awaitable);
    co_await asio::async_write(client, asio::buffer("z", 1), use_awaitable);
    const char got = co_await a_byte_from(client);
    CHECK(got == 'z');
    co_await serving.join();
  }

  TEST_ASYNC("a timer of the process raises a signal", repeat(5)) {
    asio::signal_set signals{co_await asio::this_coro::executor, SIGALRM};
    const itimerval late{{}, {0, 90'000}};
    ::setitimer(ITIMER_REAL, &late, nullptr);
    const int got = co_await signals.async_wait(use_awaitable);
    CHECK(got == SIGALRM);
  }

  TEST_ASYNC("a child process is waited for all the same", repeat(5)) {
    auto [here, there] = pair_on(co_await asio::this_coro::executor);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) write_late(there.native_handle());
    const char got = co_await a_byte_from(here);
    CHECK(got == 'x');
    wait_for(child);
  }
}
