// Assertions on threads that the test has made.
#include <awaitest/awaitest.hpp>

#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <string>
#include <thread>

namespace {

std::unique_ptr<awaitest::context>& kept() {
  static std::unique_ptr<awaitest::context> one;
  return one;
}

}  // namespace

TEST_SUITE("orphans") {
  TEST("that fails") {
    CHECK(true);
    std::thread([] { CHECK(1 == 2); }).join();
  }
  TEST("that passes") {
    CHECK(true);
    std::thread([] { CHECK(1 == 1); }).join();
  }
  TEST("of all kinds") {
    CHECK(true);
    std::thread([] {
      CHECK_THROWS(throw 1);
      CHECK_NOTHROW(throw 1);
      CHECK_THAT(1, awaitest::match::_);
      try {
        REQUIRE(1 == 2);
      } catch (...) {
      }
      try {
        FAIL("nobody's");
      } catch (...) {
      }
      try {
        SKIP("nobody's");
      } catch (...) {
      }
      std::string why;
      try {
        static_cast<void>(awaitest::this_test::name());
      } catch (const std::exception& e) {
        why = e.what();
      }
      CHECK(why == "");
    }).join();
  }
}

TEST_SUITE("carried") {
  TEST("failing, it is the test's") {
    INFO("of the body");
    std::thread([context = awaitest::context::capture()] {
      auto in = context.enter();
      CHECK(1 == 2);
    }).join();
  }
  TEST("passing, it is the test's") {
    std::thread([context = awaitest::context::capture()] {
      auto in = context.enter();
      CHECK(1 == 1);
    }).join();
  }
  TEST("a context of no test") {
    CHECK(true);
    std::thread([] {
      const auto context = awaitest::context::capture();
      auto in = context.enter();
      CHECK(1 == 1);
    }).join();
  }
  TEST("used after its test, kept") {
    CHECK(true);
    kept() = std::make_unique<awaitest::context>(awaitest::context::capture());
  }
  TEST("used after its test, entered") {
    CHECK(true);
    auto in = kept()->enter();
    CHECK(1 == 2);
  }
}

TEST_SUITE("misused") {
  TEST_ASYNC("a scope that lives across a co_await to another thread") {
    asio::thread_pool pool(1);
    const std::unique_ptr<const awaitest::context::scope> in{new auto(awaitest::context::capture().enter())};
    co_await asio::post(pool, asio::use_awaitable);
    CHECK(true);
  }
}
