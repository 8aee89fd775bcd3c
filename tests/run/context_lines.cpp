// Whose INFO and CAPTURE stand under a failure: those of the task that failed, alive at that moment, and no
// others.
#include <asio.hpp>

#include <algorithm>
#include <atomic>
#include <latch>
#include <thread>

#include "inner_run.hpp"

using namespace std::chrono_literals;
using namespace awaitest::match;

namespace {

std::vector<std::string> lines(const awaitest::failure& of) {
  std::vector<std::string> all;
  for (const auto& one : of.notes) all.push_back(one.text);
  return all;
}

}  // namespace

TEST_SUITE("run: context lines") {
  TEST("in one task: outermost first, and only in their block") {
    const auto got = inner::run(inner::plain("plain", [] {
      INFO("outer {}", 1);
      const std::string name = "x, \"y\"";
      {
        CAPTURE(name, 1 + 1);
        CHECK(1 == 2);
      }
      CHECK(3 == 4);
      INFO("too late");
    }));
    REQUIRE(got.tests.at(0).failures.size() == 2u);
    CHECK_THAT(lines(got.failure(0, 0)), elements_are("outer 1", "name = \"x, \\\"y\\\"\", 1 + 1 = 2"));
    CHECK_THAT(lines(got.failure(0, 1)), elements_are("outer 1"));
    CHECK(got.failure(0, 0).notes[0].where.line < got.failure(0, 0).notes[1].where.line);
  }

  TEST("CAPTURE names its expressions whatever commas they hold") {
    const auto got = inner::run(inner::plain("commas", [] {
      const std::string text = "a,b";
      const auto pair = std::pair<int, int>{1, 2};
      CAPTURE(text, std::max(1, 2), text == "a,b", pair);
      CAPTURE((std::pair<int, int>{3, 4}).first, ',', ")");
      CHECK(1 == 2);
    }));
    CHECK_THAT(lines(got.failure()),
               elements_are("text = \"a,b\", std::max(1, 2) = 2, text == \"a,b\" = true, pair = (1, 2)",
                            "(std::pair<int, int>{3, 4}).first = 3, ',' = ',', \")\" = \")\""));
  }

  TEST("tasks that interleave keep theirs apart") {
    const auto got = inner::run(inner::async("interleaved", []() -> asio::awaitable<void> {
      auto order = std::make_shared<awaitest::sequencer>();
      INFO("of the body");
      for (std::size_t i = 0; i < 3; ++i)
        awaitest::spawn(
            [order, i]() -> asio::awaitable<void> {
              INFO("of child {}", i);
              co_await order->turn(2 - i);
              CHECK(i == 100u);
              co_await awaitest::settle();
            },
            "c" + std::to_string(i));
      co_await awaitest::settle();
      CHECK(1 == 2);
    }));
    REQUIRE(got.tests.at(0).failures.size() == 4u);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK_THAT(lines(got.failure(0, i)), elements_are("of child " + std::to_string(2 - i)));
      CHECK_THAT(got.failure(0, i).task, contains("'c" + std::to_string(2 - i) + "'"));
    }
    CHECK_THAT(lines(got.failure(0, 3)), elements_are("of the body"));
    CHECK(got.failure(0, 3).task.empty());
  }

  TEST("on a thread: the captured task's, with the thread's own") {
    const auto got = inner::run(inner::plain("thread", [] {
      INFO("of the body");
      const auto test = awaitest::context::capture();
      std::thread([&] {
        const auto in = test.enter();
        INFO("of the thread");
        CHECK(1 == 2);
      }).join();
      CHECK(3 == 4);
    }));
    REQUIRE(got.tests.at(0).failures.size() == 2u);
    CHECK_THAT(lines(got.failure(0, 0)), elements_are("of the body", "of the thread"));
    CHECK_THAT(lines(got.failure(0, 1)), elements_are("of the body"));
  }

  TEST("a coroutine that migrates to a pool keeps the lines it wrote before") {
    const auto got = inner::run(inner::async("migrates", []() -> asio::awaitable<void> {
      asio::thread_pool pool(1);
      const auto test = awaitest::context::capture();
      INFO("before");
      co_await asio::co_spawn(
          pool,
          [&]() -> asio::awaitable<void> {
            const auto in = test.enter();
            CHECK(1 == 2);
            co_return;
          },
          asio::use_awaitable);
    }));
    CHECK_THAT(lines(got.failure()), elements_are("before"));
  }

  TEST("an assertion that belongs to no test fails the run") {
    const auto got = inner::run(inner::plain("loose", [] {
      CHECK(true);
      std::thread([] {
        INFO("nobody's");
        CHECK(1 == 2);
        CHECK(1 == 1);
        CHECK_NOTHROW(1);
      }).join();
    }));
    CHECK(got.code == 1);
    CHECK(got.tests.at(0).failures.empty());
    REQUIRE(got.outside.size() == 3u);
    CHECK(got.outside[0].expression == "1 == 2");
    CHECK(got.outside[0].kind == awaitest::failure_kind::assertion);
    CHECK(got.outside[1].kind == awaitest::failure_kind::misuse);
    CHECK(got.outside[2].kind == awaitest::failure_kind::misuse);
  }

  TEST("a context that outlives its test reports to the run") {
    static std::atomic<bool> over{false};
    over = false;
    static std::thread late;
    const auto first = inner::plain("first", [] {
      CHECK(true);
      late = std::thread([test = awaitest::context::capture()] {
        over.wait(false);
        const auto in = test.enter();
        CHECK(1 == 2);
      });
    });
    const auto second = inner::plain("second", [] {
      over = true;
      over.notify_one();
      late.join();
      CHECK(true);
    });
    const auto got = inner::run({&first, &second});
    REQUIRE(got.tests.size() == 2u);
    CHECK(got.tests[0].failures.empty());
    CHECK(got.tests[1].failures.empty());
    CHECK(got.outside.size() == 1u);
  }

  // A thread fails as fast as it can while the test ends: every failure is reported, to the test or to the
  // run.
  TEST("no failure of a thread is lost at the end of its test") {
    for (int round = 0; round < 50; ++round) {
      static std::atomic<int> made{0};
      static std::atomic<bool> stop{false};
      static std::thread thread;
      made = 0;
      stop = false;
      const auto test = inner::plain("short", [] {
        std::latch begun(1);
        thread = std::thread([&begun, captured = awaitest::context::capture()] {
          const auto in = captured.enter();
          CHECK(1 == 2);
          ++made;
          begun.count_down();
          while (!stop && made < 2000) {
            CHECK(1 == 2);
            ++made;
          }
        });
        begun.wait();
      });
      const auto wait = inner::plain("wait", [] {
        stop = true;
        thread.join();
        CHECK(true);
      });
      const auto got = inner::run({&test, &wait});
      const auto reported = got.tests.at(0).failures.size() + got.outside.size();
      REQUIRE(reported == static_cast<std::size_t>(made.load()));
    }
  }
}
