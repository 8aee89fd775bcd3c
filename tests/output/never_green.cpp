// What must not pass by accident.
#include <awaitest/awaitest.hpp>

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <exception>
#include <optional>
#include <thread>

TEST_SUITE("nothing") {
  TEST("evaluates no assertion") {}
  TEST_ASYNC("evaluates none, asynchronously") { co_return; }
  TEST("evaluates one") { CHECK(true); }
}

TEST_SUITE("swallowed") {
  TEST("the next assertion throws again") {
    try {
      REQUIRE(1 == 2);
    } catch (...) {
    }
    CHECK(true);
    FAIL("not reached");
  }
  TEST("by a loop") {
    for (int i = 0; i < 3; ++i) {
      try {
        REQUIRE(i == 7);
      } catch (...) {
      }
    }
  }
  TEST("by an assertion about exceptions") {
    const auto one_is_two = [] { REQUIRE(1 == 2); };
    CHECK_THROWS(one_is_two());
    FAIL("not reached");
  }
  TEST("by a catch of std::exception, which lets it pass") {
    try {
      REQUIRE(1 == 2);
    } catch (const std::exception&) {
      FAIL("not reached");
    }
    FAIL("not reached");
  }
  TEST_ASYNC("by a task that nobody joins") {
    auto child = awaitest::spawn([]() -> asio::awaitable<void> {
      try {
        REQUIRE(1 == 2);
      } catch (...) {
      }
      co_await asio::post(asio::use_awaitable);
      CHECK(true);
      FAIL("not reached");
    });
    co_await awaitest::settle();
    CHECK(child.done());
  }
}
