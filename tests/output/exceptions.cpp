// What escapes from a test, from each of its parts.
#include <awaitest/awaitest.hpp>

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <exception>
#include <ostream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "things.hpp"

namespace {
struct speechless_fixture {
  static void set_up() { throw things::speechless(); }
};
struct unprintable {
  friend bool operator==(unprintable, unprintable) { return false; }
  friend std::ostream& operator<<(std::ostream&, unprintable) { throw things::speechless(); }
};
}  // namespace

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
  TEST("nullptr") { throw nullptr; }
  TEST("a null const char*") { throw static_cast<const char*>(nullptr); }
  TEST("without a word at all") { throw things::speechless(); }
  TEST("an error without a word at all") { throw things::speechless_error(); }
  TEST("nested, without a word at all") {
    try {
      throw nullptr;
    } catch (...) {
      std::throw_with_nested(things::speechless());
    }
  }
  TEST_ASYNC("from a child, without a word at all") {
    awaitest::spawn([]() -> asio::awaitable<void> {
      co_await asio::post(asio::use_awaitable);
      throw things::speechless();
    }());
    co_return;
  }
  TEST_F("from a set_up, without a word at all", (speechless_fixture&)) { CHECK(true); }
  TEST("as a value") {
    CHECK(std::make_exception_ptr(nullptr) == nullptr);
    CHECK(std::make_exception_ptr(things::speechless()) == nullptr);
  }
  TEST("where something else is expected") {
    CHECK_NOTHROW(throw nullptr);
    CHECK_NOTHROW(throw things::speechless());
    CHECK_THROWS_AS(throw nullptr, std::runtime_error);
    CHECK_THROWS_WITH(throw nullptr, "a word");
    CHECK_THROWS_WITH(throw things::speechless(), "a word");
  }
  TEST("printing something throws without a word at all") { CHECK(unprintable{} == unprintable{}); }
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
