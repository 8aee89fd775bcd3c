// Whose INFO and CAPTURE stand under a failure: those of the task that failed, alive at that moment, and no
// others.
#include <asio.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <latch>
#include <stdexcept>
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
      const auto& short_one = got.tests.at(0);
      const auto reported = short_one.failures.size() + short_one.more_failures + got.totals.run_failures;
      REQUIRE(reported == static_cast<std::size_t>(made.load()));
    }
  }

  TEST("those of an exception that was caught are not told under the next one") {
    const auto got = inner::run(inner::plain("caught", [] {
      try {
        INFO("of the first");
        throw std::runtime_error("first");
      } catch (const std::exception&) {
      }
      try {
        INFO("of the second");
        throw 2;
      } catch (int) {
      }
      throw std::runtime_error("third");
    }));
    REQUIRE(got.tests.at(0).failures.size() == 1u);
    CHECK_THAT(lines(got.failure()), is_empty());
  }
  TEST("a caught one, then one with context of its own") {
    const auto got = inner::run(inner::async("caught", []() -> asio::awaitable<void> {
      const auto fails = [](int n) -> asio::awaitable<void> {
        INFO("call {}", n);
        co_await awaitest::settle();
        throw std::runtime_error("no such thing");
      };
      INFO("of the body");
      try {
        co_await fails(1);
      } catch (const std::exception&) {
      }
      co_await fails(2);
    }));
    CHECK_THAT(lines(got.failure()), elements_are("of the body", "call 2"));
  }
  TEST("an exception that is thrown again keeps them, also after another in a destructor") {
    const auto got = inner::run(inner::plain("again", [] {
      struct noisy {
        ~noisy() {
          try {
            throw 1;
          } catch (int) {
          }
        }
      };
      INFO("outer");
      try {
        const noisy one;
        INFO("inner");
        throw std::runtime_error("again");
      } catch (...) {
        throw;
      }
    }));
    CHECK_THAT(lines(got.failure()), elements_are("outer", "inner"));
  }
  TEST("what an exception wraps has its own") {
    const auto got = inner::run(inner::plain("nested", [] {
      INFO("outer");
      try {
        INFO("inner");
        throw std::logic_error("the cause");
      } catch (...) {
        std::throw_with_nested(std::runtime_error("wraps it"));
      }
    }));
    CHECK_THAT(lines(got.failure()), elements_are("outer", "inner"));
    CHECK_THAT(
        got.failure().message,
        awaitest::match::all_of(contains("wraps it\n"), contains("caused by: std::logic_error: the cause")));
  }
  TEST("ten thousand lines that are alive, oldest first") {
    const auto got = inner::run(inner::plain("deep", [] {
      struct level {
        static void down(int n) {
          INFO("{}", n);
          if (n == 9'999)
            CHECK(n == 0);
          else
            down(n + 1);
        }
      };
      level::down(0);
    }));
    const auto all = lines(got.failure());
    REQUIRE(all.size() == 10'000u);
    CHECK(all.front() == "0");
    CHECK(all.back() == "9999");
  }
}
