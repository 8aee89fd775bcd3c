// What escapes from a test, from each of its parts.
#include <awaitest/awaitest.hpp>

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <stdexcept>
#include <string>
#include <system_error>

#include "things.hpp"

TEST_SUITE("exceptions") {
  TEST("a std::exception") { throw std::runtime_error("from the body"); }
  TEST("a std::system_error") {
    throw std::system_error(asio::error::make_error_code(asio::error::eof), "read");
  }
  TEST("an int") { throw 42; }
  TEST("a string") { throw std::string("text"); }
  TEST("a literal") { throw "text"; }
  TEST("with several lines") { throw std::runtime_error("first\nsecond"); }
  TEST("without a word") { throw std::runtime_error(""); }
  TEST("with context") {
    INFO("row {}", 7);
    things::throws();
  }
  TEST("after a failed assertion") {
    CHECK(1 == 2);
    things::throws();
  }
  TEST_ASYNC("after a suspension") {
    co_await asio::post(asio::use_awaitable);
    throw std::runtime_error("from the body");
  }
  TEST_ASYNC("from a posted handler") {
    asio::post(awaitest::this_test::executor(), [] { throw std::runtime_error("from a handler"); });
    co_await awaitest::settle();
    CHECK(true);
  }
  TEST_ASYNC("from a handler on the io_context") {
    asio::post(awaitest::this_test::io_context(), [] { throw std::runtime_error("from a handler"); });
    co_await awaitest::settle();
    CHECK(true);
  }
  TEST("from cleanups, each of them") {
    awaitest::cleanup([] { throw std::runtime_error("from the first"); });
    awaitest::cleanup([] { CHECK(1 == 2); });
    awaitest::cleanup([]() -> asio::awaitable<void> {
      co_await asio::post(asio::use_awaitable);
      throw std::runtime_error("from the third");
    });
    FAIL("in the body");
  }
  TEST("one that wraps others") {
    try {
      try {
        INFO("inside");
        throw std::logic_error("the cause");
      } catch (...) {
        std::throw_with_nested(std::runtime_error("of the middle"));
      }
    } catch (...) {
      INFO("further out");
      std::throw_with_nested(std::system_error(asio::error::make_error_code(asio::error::eof), "read"));
    }
  }
  TEST("one that wraps an int, as a value and where none is wanted") {
    const auto wraps = [] {
      try {
        throw 42;
      } catch (...) {
        std::throw_with_nested(std::runtime_error("no number"));
      }
    };
    CHECK_NOTHROW(wraps());
    CHECK_THROWS_AS(wraps(), std::logic_error);
    try {
      wraps();
    } catch (...) {
      CHECK_FALSE(std::current_exception());
    }
  }
  TEST("the next one has nothing to do with it") { CHECK(true); }
}
