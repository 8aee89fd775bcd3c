// Somebody ends the process: what waits is cancelled, and everything is taken down before the run ends.
#include <awaitest/awaitest.hpp>

#include <asio/signal_set.hpp>
#include <asio/use_awaitable.hpp>

#include <csignal>
#include <cstdio>
#include <thread>

using namespace std::chrono_literals;

namespace {

struct database {
  static constexpr auto scope = awaitest::scope::suite;
  asio::awaitable<void> set_up() { co_return; }
  asio::awaitable<void> tear_down() {
    co_await awaitest::sleep_for(1ms);
    std::puts("the database is down");
  }
};
volatile bool for_ever = true;
[[gnu::noinline]] void wait_in_a_function() {
  while (for_ever) std::this_thread::sleep_for(1h);  // what is tested: a thread that does not come back
  for_ever = true;                                   // no tail call
}
asio::awaitable<void> wait_for_ever() { co_await awaitest::sleep_for(1h); }

}  // namespace

TEST_SUITE("in a suite") {
  TEST_ASYNC_F("waits", (database&), tag("waits")) {
    awaitest::cleanup([] { std::puts("cleaned up"); });
    awaitest::spawn(wait_for_ever());
    std::raise(SIGINT);
    co_await awaitest::sleep_for(1h);
  }
}
TEST_ASYNC("is tried again", tag("retried"), retries(3)) {
  std::raise(SIGTERM);
  co_await awaitest::sleep_for(1h);
}
// Between two attempts: there is no other.
TEST("has just failed", tag("between"), retries(3)) {
  static int attempt = 0;
  CHECK(++attempt > 3);
  if (attempt == 2) std::raise(SIGTERM);
}
TEST_ASYNC("is to fail", tag("expected"), should_fail("of its own accord")) {
  std::raise(SIGHUP);
  co_await awaitest::sleep_for(1h);
}
TEST_ASYNC("in virtual time", tag("virtual"), virtual_time()) {
  std::raise(SIGINT);
  awaitest::gate never;
  co_await never.wait();
}
TEST_ASYNC("asked twice", tag("twice")) {
  std::raise(SIGINT);
  std::raise(SIGINT);
  co_await awaitest::sleep_for(1h);
}
TEST_ASYNC("does not heed it", tag("stubborn")) {
  std::raise(SIGINT);
  for (;;) {
    try {
      co_await awaitest::sleep_for(1h);
    } catch (...) {
    }
  }
}
// The place of its thread is told.
TEST("never gives its thread back", tag("blocked_plain")) {
  std::raise(SIGINT);
  wait_in_a_function();
}
TEST_ASYNC("never gives its thread back, in a child", tag("blocked")) {
  awaitest::spawn(
      []() -> asio::awaitable<void> {
        co_await awaitest::sleep_for(1ms);
        std::raise(SIGTERM);
        wait_in_a_function();
      },
      "child");
  co_await awaitest::sleep_for(1h);
}
// The signal is the test's, as long as it waits for it, and the run's after that.
TEST_ASYNC("takes it", tag("taken")) {
  asio::signal_set signals{co_await asio::this_coro::executor, SIGINT};
  std::raise(SIGINT);
  CHECK(co_await signals.async_wait(asio::use_awaitable) == SIGINT);
}
TEST_ASYNC("the next one", tag("taken")) {
  std::raise(SIGINT);
  co_await awaitest::sleep_for(1h);
}
TEST_ASYNC("not run", tag("waits"), tag("retried"), tag("taken"), tag("virtual")) {
  CHECK(true);
  co_return;
}
