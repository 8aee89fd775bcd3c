// Every assertion, failing.
#include <awaitest/awaitest.hpp>

#include <asio/error.hpp>
#include <asio/this_coro.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "things.hpp"

using namespace std::chrono_literals;
using namespace awaitest::match;

TEST_SUITE("check") {
  TEST("each relation") {
    const int two = 2, three = 3;
    CHECK(two == three);
    CHECK(two != 2);
    CHECK(three < two);
    CHECK(three <= two);
    CHECK(two > three);
    CHECK(two >= three);
    CHECK(two & 4);
    CHECK((two ^ 2) == 4);
  }
  TEST("a single value") {
    const bool no = false;
    const std::unique_ptr<int> nothing;
    CHECK(no);
    CHECK(!true);
    CHECK(nothing);
    CHECK(std::vector<int>{}.size());
  }
  TEST("and, or") {
    const int one = 1;
    CHECK(one == 1 && one == 2);
    CHECK(one == 0 || one == 2);
  }
  TEST("false") {
    const int one = 1;
    CHECK_FALSE(true);
    CHECK_FALSE(one == 1);
  }
  TEST("goes on after a failure") {
    CHECK(1 == 2);
    CHECK(3 == 4);
    CHECK(5 == 5);
  }
  TEST("what the expression throws") { CHECK(things::throws() == 1); }
  TEST_ASYNC("on both sides of a co_await") {
    CHECK(co_await things::number(2) == co_await things::number(3));
    CHECK(co_await things::number(2) > 7);
  }
  TEST("in a macro") {
#define LESS(a, b) CHECK((a) < (b))
    LESS(2, 1);
  }
}

TEST_SUITE("require") {
  TEST("ends the test") {
    REQUIRE(1 == 2);
    CHECK("never" == std::string("reached"));
  }
  TEST("false") {
    REQUIRE_FALSE(1 == 1);
    CHECK(false);
  }
  TEST("that") {
    REQUIRE_THAT(1, gt(1));
    CHECK(false);
  }
  TEST("throws") {
    REQUIRE_THROWS(things::returns());
    CHECK(false);
  }
  TEST("throws as") {
    REQUIRE_THROWS_AS(things::throws(), std::logic_error);
    CHECK(false);
  }
  TEST("throws with") {
    REQUIRE_THROWS_WITH(things::throws(), "another text");
    CHECK(false);
  }
  TEST("nothrow") {
    REQUIRE_NOTHROW(things::throws());
    CHECK(false);
  }
  TEST("error") {
    REQUIRE_ERROR(things::eof(), asio::error::not_found);
    CHECK(false);
  }
  TEST_ASYNC("eventually") {
    REQUIRE_EVENTUALLY(1 == 2, 1ms);
    CHECK(false);
  }
  TEST_ASYNC("in a nested coroutine ends the test") {
    co_await []() -> asio::awaitable<void> { REQUIRE(co_await things::number(1) == 2); }();
    CHECK(false);
  }
}

TEST_SUITE("throws") {
  TEST("nothing is thrown") {
    CHECK_THROWS(things::returns());
    CHECK_THROWS_AS(things::returns(), std::runtime_error);
    CHECK_THROWS_WITH(things::returns(), "text");
    CHECK_ERROR(things::returns(), asio::error::eof);
  }
  TEST("something else is thrown") {
    CHECK_THROWS_AS(things::throws(), std::invalid_argument);
    CHECK_THROWS_AS(things::throws_int(), std::runtime_error);
    CHECK_THROWS_WITH(things::throws(), "a text");
    CHECK_THROWS_WITH(things::throws(), starts_with("no such"));
    CHECK_ERROR(things::throws(), asio::error::eof);
    CHECK_ERROR(things::eof(), asio::error::connection_reset);
    CHECK_ERROR(things::eof(), std::errc::timed_out);
  }
  TEST("something is thrown all the same") {
    CHECK_NOTHROW(things::throws());
    CHECK_NOTHROW(things::throws_int());
  }
  TEST_ASYNC("awaited") {
    CHECK_THROWS(co_await things::number(1));
    CHECK_THROWS_AS(co_await things::async_throws(), std::logic_error);
    CHECK_ERROR(co_await things::async_throws(), asio::error::eof);
    CHECK_NOTHROW(co_await things::async_throws());
  }
}

TEST_SUITE("eventually") {
  TEST_ASYNC("never") { CHECK_EVENTUALLY(things::returns() == 2, 5ms); }
}

TEST_SUITE("explicitly") {
  TEST("fail") {
    FAIL("{} of {} rows are missing", 3, 7);
    CHECK(false);
  }
  TEST("fail without a word") { FAIL(); }
  TEST("fail with several lines") { FAIL("the answer was\n  {}\nand not\n  {}", "yes", "no"); }
  TEST("skip") {
    SKIP("needs {} GiB", 64);
    CHECK(false);
  }
  TEST("skip after a failure is a failure") {
    CHECK(1 == 2);
    SKIP("too late");
  }
  TEST("skip without a word") { SKIP(); }
}

TEST_SUITE("context") {
  TEST("info and capture") {
    const int row = 7;
    const std::string name = "ada";
    INFO("row {}", row);
    CAPTURE(name, row + 1, things::pair(1, 2));
    CHECK(row == 8);
    {
      INFO("in a block");
      CHECK(row == 9);
    }
    CHECK(row == 10);
  }
  TEST_ASYNC("belongs to its task") {
    INFO("of the body");
    auto child = awaitest::spawn([]() -> asio::awaitable<void> {
      INFO("of the child");
      co_await awaitest::sleep_for(1ms);
      CHECK(1 == 2);
    });
    co_await child.join();
    CHECK(3 == 4);
  }
  TEST("multi-line") {
    INFO("first line\nsecond line");
    CHECK(false);
  }
}
