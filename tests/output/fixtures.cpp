// Fixtures that cannot be had, or cannot be left: each failure with the fixture's name, and none hiding another.
#include <awaitest/awaitest.hpp>

#include <stdexcept>

#include <asio.hpp>

using namespace std::chrono_literals;
using asio::awaitable;

namespace {

struct good {
  awaitable<void> set_up() { co_await awaitest::sleep_for(1ms); }
  awaitable<void> tear_down() {
    std::puts("good is taken down");
    co_return;
  }
};
struct throws_in_set_up {
  awaitable<void> set_up() {
    co_await awaitest::sleep_for(1ms);
    throw std::runtime_error("no database");
  }
};
struct fails_in_set_up {
  awaitable<void> set_up() {
    co_await awaitest::sleep_for(1ms);
    REQUIRE(1 == 2);
  }
};
struct plain_hooks {
  void set_up() { throw std::runtime_error("no file"); }
};
struct slow {
  awaitable<void> set_up() { co_await awaitest::sleep_for(1h); }
};
struct stuck {
  awaitable<void> set_up() {
    awaitest::gate never;
    co_await never.wait();
  }
};
struct skips {
  awaitable<void> set_up() {
    SKIP("no {} here", "docker");
    co_return;
  }
};
struct throws_in_tear_down {
  awaitable<void> tear_down() {
    co_await awaitest::sleep_for(1ms);
    throw std::runtime_error("cannot close");
  }
};
struct stuck_in_tear_down {
  awaitable<void> tear_down() {
    awaitest::gate never;
    co_await never.wait();
  }
};
struct broker {
  static constexpr auto scope = awaitest::scope::run;
  awaitable<void> set_up() {
    co_await awaitest::sleep_for(1ms);
    throw std::runtime_error("no broker");
  }
};
struct absent {
  static constexpr auto scope = awaitest::scope::run;
  awaitable<void> set_up() {
    SKIP("not on this machine");
    co_return;
  }
};
struct second;
struct first {
  awaitable<void> set_up();
};
struct second {
  awaitable<void> set_up() { co_await awaitest::use<first>(); }
};
awaitable<void> first::set_up() { co_await awaitest::use<second>(); }

struct too_wide {
  static constexpr auto scope = awaitest::scope::run;
  awaitable<void> set_up() { co_await awaitest::use<good>(); }
};
struct dies_later {
  static constexpr auto scope = awaitest::scope::suite;
  awaitable<void> set_up() {
    awaitest::spawn_background(
        []() -> awaitable<void> {
          co_await asio::post(asio::use_awaitable);
          throw std::runtime_error("connection lost");
        },
        "server");
    co_return;
  }
};
struct bad_suite_tear_down {
  static constexpr auto scope = awaitest::scope::suite;
  awaitable<void> tear_down() {
    co_await asio::post(asio::use_awaitable);
    throw std::runtime_error("still in use");
  }
};

}  // namespace

TEST_SUITE("set_up") {
  TEST_ASYNC_F("throws, and what came up is taken down", (good&, throws_in_set_up&)) {
    CHECK(false);
    co_return;
  }
  TEST_ASYNC_F("fails an assertion", (fails_in_set_up&)) {
    CHECK(false);
    co_return;
  }
  TEST_F("is no coroutine and throws", (plain_hooks&)) { CHECK(false); }
  TEST_ASYNC_F("takes too long", (slow&), timeout(20ms)) {
    CHECK(false);
    co_return;
  }
  TEST_ASYNC_F("is stuck", (stuck&)) {
    CHECK(false);
    co_return;
  }
  TEST_ASYNC_F("skips", (skips&)) {
    CHECK(false);
    co_return;
  }
  TEST_ASYNC("fails for use() in the body") {
    co_await awaitest::use<throws_in_set_up>();
    CHECK(false);
  }
  TEST("fails for uses<>()", uses<plain_hooks>()) { CHECK(false); }
}

TEST_SUITE("tear_down") {
  TEST_ASYNC_F("throws, after the body has failed, and the other one is taken down",
               (good&, throws_in_tear_down&)) {
    CHECK(1 == 2);
    co_return;
  }
  TEST_ASYNC_F("is stuck", (good&, stuck_in_tear_down&)) {
    CHECK(true);
    co_return;
  }
  TEST_ASYNC_F("runs after a timeout", (good&), timeout(20ms)) {
    co_await awaitest::sleep_for(1h);
    CHECK(false);
  }
  TEST_ASYNC_F("comes after a cleanup that throws", (good&)) {
    awaitest::cleanup([] { throw std::runtime_error("the cleanup"); });
    CHECK(true);
    co_return;
  }
}

TEST_SUITE("the run's") {
  TEST_ASYNC_F("fixture fails", (broker&)) {
    CHECK(false);
    co_return;
  }
  TEST_ASYNC_F("fixture fails again", (broker&)) {
    CHECK(false);
    co_return;
  }
  TEST("other tests run") { CHECK(true); }
  TEST_F("fixture skips", (absent&)) { CHECK(false); }
  TEST_F("fixture skips again", (absent&)) { CHECK(false); }
}

TEST_SUITE("use") {
  TEST_F("goes in a circle", (first&)) { CHECK(false); }
  TEST_F("reaches for a narrower scope", (too_wide&)) { CHECK(false); }
}

TEST_SUITE("later") {
  TEST_ASYNC_F("a child of the fixture fails", (dies_later&)) {
    co_await awaitest::settle();
    CHECK(true);
  }
  TEST_ASYNC_F("the suite's tear_down fails", (bad_suite_tear_down&)) {
    CHECK(true);
    co_return;
  }
}
