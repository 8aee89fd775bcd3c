// A REQUIRE, a FAIL or a SKIP has ended its task, whatever becomes of the exception: what was reached shows
// it.
#include <asio.hpp>

#include <string>
#include <thread>

#include "inner_run.hpp"

using namespace std::chrono_literals;
using namespace awaitest::match;
using awaitest::outcome;

namespace {

std::string reached;

void swallow(void (*what)()) {
  try {
    what();
  } catch (...) {
    reached += "swallowed,";
  }
}

}  // namespace

TEST_SUITE("run: ended tasks") {
  TEST("REQUIRE ends a plain test") {
    reached.clear();
    const auto got = inner::run(inner::plain("plain", [] {
      awaitest::cleanup([] {
        CHECK(true);  // a cleanup is a task of its own
        reached += "cleanup";
      });
      REQUIRE(1 == 2);
      reached += "after";
    }));
    CHECK(reached == "cleanup");
    CHECK_THAT(got.failures(), elements_are("assertion failed: 1 == 2"));
  }

  TEST("every twin ends the test") {
    const std::vector<void (*)()> bodies{
        [] { REQUIRE(1 == 2); },
        [] { REQUIRE_FALSE(1 == 1); },
        [] { REQUIRE_THAT(1, eq(2)); },
        [] { REQUIRE_THROWS(1); },
        [] { REQUIRE_THROWS_AS(throw 1, std::exception); },
        [] { REQUIRE_THROWS_WITH(throw std::runtime_error("x"), "y"); },
        [] { REQUIRE_NOTHROW(throw 1); },
        [] { REQUIRE_ERROR(throw 1, asio::error::eof); },
        [] { FAIL("so"); },
        [] { FAIL(); },
    };
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      CAPTURE(i);
      static void (*body)();
      body = bodies[i];
      reached.clear();
      const auto got = inner::run(inner::plain("one", [] {
        body();
        reached += "after";
      }));
      CHECK(reached.empty());
      CHECK(got.tests.at(0).failures.size() == 1u);
      CHECK(got.tests.at(0).checks == 1u);
    }
  }

  TEST("swallowed by catch (...): the next assertion ends the task") {
    reached.clear();
    const auto got = inner::run(inner::plain("swallowed", [] {
      swallow([] { REQUIRE(1 == 2); });
      CHECK(true);
      reached += "after";
    }));
    CHECK(reached == "swallowed,");
    CHECK_THAT(got.failures(), elements_are("assertion failed: 1 == 2"));
  }

  TEST("whatever the next assertion is") {
    const std::vector<void (*)()> next{[] { CHECK(1 == 2); },      [] { CHECK(true && true); },
                                       [] { CHECK_FALSE(false); }, [] { CHECK_THAT(1, eq(1)); },
                                       [] { CHECK_NOTHROW(1); },   [] { CHECK_THROWS(throw 1); },
                                       [] { CHECK_THROWS(1); },    [] { FAIL("again"); },
                                       [] { SKIP("too late"); },   [] { REQUIRE(true); }};
    for (std::size_t i = 0; i < next.size(); ++i) {
      CAPTURE(i);
      static void (*assertion)();
      assertion = next[i];
      reached.clear();
      const auto got = inner::run(inner::plain("one", [] {
        swallow([] { REQUIRE(1 == 2); });
        assertion();
        reached += "after";
      }));
      CHECK(reached == "swallowed,");
      CHECK_THAT(got.failures(), elements_are("assertion failed: 1 == 2"));
      CHECK(got.tests.at(0).result == outcome::failed);
    }
  }

  TEST("after a suspension, too") {
    reached.clear();
    const auto got = inner::run(inner::async("later", []() -> asio::awaitable<void> {
      swallow([] { REQUIRE(1 == 2); });
      co_await awaitest::sleep_for(1ms);
      reached += "still here,";
      CHECK(true);
      reached += "after";
    }));
    CHECK(reached == "swallowed,still here,");
    CHECK(got.tests.at(0).failures.size() == 1u);
  }

  TEST("in a child it ends the child; who joins ends with it") {
    reached.clear();
    const auto got = inner::run(inner::async("child", []() -> asio::awaitable<void> {
      const auto child = awaitest::spawn([]() -> asio::awaitable<void> {
        co_await awaitest::sleep_for(1ms);
        REQUIRE(1 == 2);
        reached += "in the child";
      });
      const auto other = awaitest::spawn([]() -> asio::awaitable<void> {
        co_await awaitest::sleep_for(3ms);
        CHECK(true);
        reached += "other,";
      });
      co_await other.join();
      CHECK(child.done());
      reached += "body,";
      co_await child.join();
      reached += "after";
    }));
    CHECK(reached == "other,body,");
    CHECK(got.tests.at(0).failures.size() == 1u);
  }

  TEST("in a coroutine of another executor, joined with co_await") {
    reached.clear();
    const auto got = inner::run(inner::async("pool", []() -> asio::awaitable<void> {
      asio::thread_pool pool(1);
      const auto test = awaitest::context::capture();
      co_await asio::co_spawn(
          pool,
          [&]() -> asio::awaitable<void> {
            const auto in = test.enter();
            REQUIRE(1 == 2);
            co_return;
          },
          asio::use_awaitable);
      reached += "after";
    }));
    CHECK(reached.empty());
    CHECK_THAT(got.failures(), elements_are("assertion failed: 1 == 2"));
  }

  TEST("on a thread it ends the task that was captured",
       should_fail("on the loop's thread it is seen from the task's next handler on")) {
    reached.clear();
    const auto got = inner::run(inner::plain("thread", [] {
      const auto test = awaitest::context::capture();
      std::thread([&] {
        const auto in = test.enter();
        swallow([] { REQUIRE(1 == 2); });
      }).join();
      CHECK(true);
      reached += "after";
    }));
    CHECK(reached == "swallowed,");
    CHECK(got.tests.at(0).failures.size() == 1u);
  }

  TEST("SKIP ends the test as skipped, unless it failed") {
    reached.clear();
    const auto skipped = inner::run(inner::plain("skip", [] {
      SKIP("no {} here", "cable");
      reached += "after";
    }));
    CHECK(skipped.tests.at(0).result == outcome::skipped);
    CHECK(skipped.tests.at(0).reason == "no cable here");
    CHECK(skipped.code == 4);
    const auto failed = inner::run(inner::plain("both", [] {
      CHECK(1 == 2);
      SKIP("too late");
    }));
    CHECK(failed.tests.at(0).result == outcome::failed);
    CHECK(failed.code == 1);
    CHECK(reached.empty());
  }

  TEST("handlers of a body that has ended") {
    reached.clear();
    const auto got = inner::run(inner::async("handlers", []() -> asio::awaitable<void> {
      asio::post(co_await asio::this_coro::executor, [] {
        reached += "handler,";
        CHECK(true);
        reached += "after";
      });
      REQUIRE(1 == 2);
    }));
    CHECK(reached == "handler,");
    CHECK(got.tests.at(0).failures.size() == 1u);
  }

  TEST("what a test evaluated is counted once") {
    const auto count = [](void (*body)()) {
      return inner::run(inner::plain("count", body)).tests.at(0).checks;
    };
    CHECK(count([] {}) == 0u);
    CHECK(count([] { CHECK(1 == 1); }) == 1u);
    CHECK(count([] { CHECK(1 == 2); }) == 1u);
    CHECK(count([] { CHECK(true && true); }) == 1u);
    CHECK(count([] { CHECK(1 == 1 && 2 == 2); }) == 1u);
    CHECK(count([] { CHECK(1 == 1 || 2 == 2); }) == 1u);
    CHECK(count([] { CHECK_FALSE(1 == 2 || 2 == 3); }) == 1u);
    CHECK(count([] { CHECK_THROWS(throw 1); }) == 1u);
    CHECK(count([] { CHECK_THROWS(1); }) == 1u);
    CHECK(count([] { CHECK_THAT(1, eq(1)); }) == 1u);
    CHECK(count([] {
            std::thread([test = awaitest::context::capture()] {
              const auto in = test.enter();
              CHECK(1 == 1);
              CHECK(1 == 2);
            }).join();
          }) == 2u);
  }
}
