// Children of a test: their failures are the test's.
#include <awaitest/awaitest.hpp>

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <stdexcept>

#include "things.hpp"

using namespace std::chrono_literals;

namespace {

asio::awaitable<void> throws_later() {
  co_await asio::post(asio::use_awaitable);
  things::throws();
}
asio::awaitable<int> value_later() {
  co_await asio::post(asio::use_awaitable);
  co_return things::throws();
}

}  // namespace

TEST_SUITE("children") {
  TEST_ASYNC("throws") {
    awaitest::spawn(throws_later());
    CHECK(true);
    co_return;
  }
  TEST_ASYNC("throws, and has a name") {
    awaitest::spawn(throws_later(), "reader");
    CHECK(true);
    co_return;
  }
  TEST_ASYNC("each of two throws") {
    awaitest::spawn(throws_later(), "first");
    awaitest::spawn(value_later(), "second");
    CHECK(true);
    co_return;
  }
  TEST_ASYNC("joined, throws in the body") {
    auto child = awaitest::spawn(value_later());
    CHECK(co_await child.join() == 1);
  }
  TEST_ASYNC("joined and caught, is no failure") {
    auto child = awaitest::spawn(throws_later());
    CHECK_THROWS_AS(co_await child.join(), std::runtime_error);
  }
  TEST_ASYNC("cancelled, is no failure") {
    auto child = awaitest::spawn(awaitest::sleep_for(1h));
    co_await awaitest::settle();
    child.cancel();
    CHECK_FALSE(child.done());
  }
  TEST_ASYNC("in the background, throws") {
    awaitest::spawn_background(throws_later(), "server");
    co_await awaitest::settle();
    CHECK(true);
  }
  TEST_ASYNC("in the background, is cancelled and throws something else") {
    awaitest::spawn_background(
        []() -> asio::awaitable<void> {
          CHECK_NOTHROW(co_await awaitest::sleep_for(1h));
          things::throws();
        },
        "server");
    co_await awaitest::settle();
  }
  TEST_ASYNC("a REQUIRE ends the child, not the body") {
    auto child = awaitest::spawn([]() -> asio::awaitable<void> {
      REQUIRE(1 == 2);
      CHECK(false);
      co_return;
    });
    co_await awaitest::settle();
    CHECK(child.done());
    CHECK(3 == 4);
  }
  TEST_ASYNC("after the body has failed, children are cancelled") {
    awaitest::spawn(awaitest::sleep_for(1h), "sleeper");
    REQUIRE(1 == 2);
    co_return;
  }
  TEST_ASYNC("a grandchild fails") {
    awaitest::spawn(
        []() -> asio::awaitable<void> {
          awaitest::spawn(throws_later(), "grandchild");
          co_return;
        },
        "child");
    CHECK(true);
    co_return;
  }
  TEST("spawned by a plain test") {
    awaitest::spawn(throws_later());
    CHECK(true);
  }
  TEST_ASYNC("with_timeout throws") { co_await awaitest::with_timeout(1ms, awaitest::sleep_for(1h)); }
}
