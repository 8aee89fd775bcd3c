// How tests and fixtures end that do not want to, or whose fixtures nobody waits for any more.
#include <awaitest/awaitest.hpp>

#include <cstdio>
#include <stdexcept>
#include <string>

#include <asio.hpp>

using namespace std::chrono_literals;
using asio::awaitable;

namespace {

struct good {
  awaitable<void> tear_down() {
    std::puts("good is taken down");
    co_return;
  }
};
struct hangs_in_tear_down {
  awaitable<void> tear_down() { co_await awaitest::sleep_for(1h); }
};
struct never_ends_in_tear_down {
  std::string name = "a name that is longer than a short one";
  ~never_ends_in_tear_down() { std::puts(name.c_str()); }
  awaitable<void> tear_down() {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    const struct last_look {
      const std::string& name;
      ~last_look() { std::printf("%s is still there\n", name.c_str()); }
    } look{name};
    co_await awaitest::sleep_for(1h);
  }
};
struct throws_in_tear_down {
  awaitable<void> tear_down() {
    co_await asio::post(asio::use_awaitable);
    throw std::runtime_error("cannot close");
  }
};
struct throws_too {
  void tear_down() { throw std::runtime_error("cannot close either"); }
};
struct cannot_be_made {
  cannot_be_made() { throw std::runtime_error("no memory"); }
};
struct slow {
  int value = 1;
  ~slow() {
    value = 0;
    std::puts("slow is destroyed");
  }
  awaitable<void> set_up() {
    co_await awaitest::sleep_for(1h);
    value = 2;
  }
};
struct slow_and_deaf {
  awaitable<void> set_up() {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await awaitest::sleep_for(1h);
  }
};
template <class Tag>
struct slow_suite {
  static constexpr auto scope = awaitest::scope::suite;
  awaitable<void> set_up() {
    co_await awaitest::sleep_for(1h);
    CHECK(false);
  }
};
awaitest::gate slow_gate, later_gate;
struct fails_slowly {
  static constexpr auto scope = awaitest::scope::suite;
  awaitable<void> set_up() {
    co_await slow_gate.wait();
    throw std::runtime_error("no route");
  }
};
struct fails_after_the_test {
  static constexpr auto scope = awaitest::scope::suite;
  awaitable<void> set_up() {
    co_await later_gate.wait();
    throw std::runtime_error("no route either");
  }
};
struct left_behind {
  static constexpr auto scope = awaitest::scope::suite;
  awaitable<void> set_up() { co_await awaitest::sleep_for(1h); }
};
struct first_down {
  int value = 7;
};
struct needs_first_down {
  awaitable<void> tear_down() { co_await awaitest::use<first_down>(); }
};

}  // namespace

TEST_SUITE("together", tag("quick")) {
  TEST_ASYNC_F("the body, a child, a cleanup and two fixtures", (good&, throws_in_tear_down&, throws_too&)) {
    awaitest::cleanup([] { throw std::runtime_error("the cleanup"); });
    awaitest::spawn(
        []() -> awaitable<void> {
          co_await asio::post(asio::use_awaitable);
          throw std::runtime_error("the child");
        }(),
        "worker");
    CHECK(1 == 2);
    co_await asio::post(asio::use_awaitable);
    co_await asio::post(asio::use_awaitable);
    throw std::runtime_error("the body");
  }
  TEST_ASYNC_F("a cleanup and a tear_down after a timeout", (good&), timeout(10ms)) {
    awaitest::cleanup([]() -> awaitable<void> {
      co_await asio::post(asio::use_awaitable);
      std::puts("cleaned up");
    });
    co_await awaitest::sleep_for(1h);
  }
  TEST_F("a constructor throws, and what came up is taken down", (good&, cannot_be_made&)) { CHECK(false); }
  TEST_F("a tear_down uses what is down", (needs_first_down&, first_down&)) { CHECK(true); }
}

TEST_SUITE("asked for and left", tag("quick")) {
  TEST_ASYNC("in the body, until the timeout", timeout(10ms)) {
    co_await awaitest::use<slow>();
    CHECK(false);
  }
  TEST_ASYNC_F("by a parameter, until the timeout", (slow_and_deaf&), timeout(10ms)) {
    CHECK(false);
    co_return;
  }
  TEST_ASYNC("by a body that cannot be cancelled", timeout(10ms)) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await awaitest::use<slow_and_deaf>();
    CHECK(false);
  }
  TEST_ASYNC("in a wait that was cancelled") {
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, awaitest::use<slow>()), awaitest::timed_out);
  }
  TEST_ASYNC("a wider one, until the timeout", timeout(10ms)) {
    co_await awaitest::use<slow_suite<int>>();
    CHECK(false);
  }
  TEST_ASYNC("and the next test asks for it") {
    co_await awaitest::use<slow_suite<int>>();
    CHECK(false);
  }
  TEST_ASYNC("it fails when nobody waits") {
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, awaitest::use<fails_slowly>()), awaitest::timed_out);
    slow_gate.open();
    co_await awaitest::settle();
  }
  TEST_ASYNC("a wider one goes on after the test") {
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, awaitest::use<fails_after_the_test>()),
                    awaitest::timed_out);
  }
  TEST_ASYNC("and fails in the next") {
    CHECK(true);
    later_gate.open();
    co_await awaitest::settle();
  }
  TEST_ASYNC("a wider one that is still coming up at the end") {
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, awaitest::use<left_behind>()), awaitest::timed_out);
  }
}

// Ten seconds each, and one more after it was cancelled: all in flight at once.
TEST_SUITE("hangs", tag("slow")) {
  TEST_ASYNC_F("a cleanup", (good&)) {
    awaitest::cleanup([]() -> awaitable<void> { co_await awaitest::sleep_for(1h); });
    CHECK(true);
    co_return;
  }
}
TEST_SUITE("hangs too", tag("slow")) {
  TEST_ASYNC_F("a tear_down", (good&, hangs_in_tear_down&)) {
    CHECK(true);
    co_return;
  }
}
TEST_SUITE("never ends", tag("slow")) {
  TEST_ASYNC_F("a tear_down, whatever is asked of it", (good&, never_ends_in_tear_down&)) {
    CHECK(true);
    co_return;
  }
}
