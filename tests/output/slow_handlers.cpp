// Handlers that hold the loop's thread: --slow-handler.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <chrono>

using namespace std::chrono_literals;

namespace {

/// By the machine's clock, also in virtual time; longer than any limit that a case asks for.
void block() {
  const timespec span{0, 310'000'000};
  ::syscall(SYS_nanosleep, &span,
            nullptr);  // blocking is what is tested; the system call itself has no virtual time
}
asio::awaitable<void> blocks(int times) {
  for (int i = 0; i < times; ++i) {
    co_await asio::post(asio::use_awaitable);
    block();
  }
}
struct blocking_fixture {
  void set_up() { block(); }
};
struct blocking_suite_fixture {
  static constexpr auto scope = awaitest::scope::suite;
  asio::awaitable<void> set_up() {
    co_await asio::post(asio::use_awaitable);
    block();
  }
};

}  // namespace

TEST_SUITE("slow") {
  TEST_ASYNC("a handler of the body") {
    CHECK(true);
    co_await blocks(1);
  }
  TEST_ASYNC("the body before it first waits") {
    CHECK(true);
    block();
    co_await asio::post(asio::use_awaitable);
  }
  TEST("a plain body") {
    CHECK(true);
    block();
  }
  TEST_ASYNC("a child, several times") {
    CHECK(true);
    awaitest::spawn(blocks(3), "loader");
    co_return;
  }
  TEST_ASYNC("a handler of the io_context") {
    CHECK(true);
    asio::post(awaitest::this_test::io_context(), block);
    co_await awaitest::sleep_for(1ms);
  }
  TEST_ASYNC("a timer of the io_context, after a wait") {
    CHECK(true);
    asio::steady_timer timer(awaitest::this_test::io_context(), 500ms);
    timer.async_wait([](asio::error_code) { block(); });
    co_await awaitest::sleep_for(600ms);
  }
  TEST_ASYNC("a wait is none") {
    CHECK(true);
    asio::steady_timer timer(awaitest::this_test::io_context(), 400ms);
    timer.async_wait([](asio::error_code) {});
    co_await awaitest::sleep_for(400ms);
  }
  TEST_ASYNC("a cleanup") {
    CHECK(true);
    awaitest::cleanup(block);
    co_return;
  }
  TEST_F("a fixture", (blocking_fixture&)) { CHECK(true); }
  TEST_ASYNC_F("a fixture of the suite", (blocking_suite_fixture&)) {
    CHECK(true);
    co_return;
  }
  TEST_ASYNC("a failure") {
    CHECK(1 == 2);
    co_await blocks(1);
  }
}
TEST_SUITE("attempts", repeat(2)) {
  TEST_ASYNC("count together") {
    CHECK(true);
    co_await blocks(1);
  }
}
TEST_SUITE("together") {
  TEST_ASYNC("first") {
    CHECK(true);
    co_await blocks(2);
  }
  TEST_ASYNC("second") {
    CHECK(true);
    for (int i = 0; i < 10; ++i) co_await asio::post(asio::use_awaitable);
  }
}
