// Searches: the failures that they find, how short these are made, and the words at the end.
#include "../run/inner_run.hpp"

#include <asio.hpp>

#include <chrono>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using namespace awaitest::match;
using asio::use_awaitable;
using awaitest::failure_kind;
using awaitest::outcome;
using awaitest::search_end;

namespace {

void explored(awaitest::option_set& to) { to.add({awaitest::option_names::explore()}); }
void explored_20(awaitest::option_set& to) { to.add({awaitest::option_names::explore(20)}); }

asio::awaitable<void> turn() { co_await asio::post(use_awaitable); }
asio::awaitable<void> add_one(int& to, int turns_before) {
  for (int i = 0; i < turns_before; ++i) co_await turn();
  const int read = to;
  co_await turn();
  to = read + 1;
}
/// Two that add: only when the second, which comes much later, comes in between is an update lost.
asio::awaitable<void> lost_update() {
  int value = 0;
  auto one = awaitest::spawn(add_one(value, 1), "one"), two = awaitest::spawn(add_one(value, 6), "two");
  co_await one.join();
  co_await two.join();
  CHECK(value == 2);
}
int runs = 0;

inner::report run(asio::awaitable<void> (*body)(), void (*options)(awaitest::option_set&) = explored,
                  const inner::asked& how = {}) {
  runs = 0;
  return inner::run(inner::async("explored", body, options), how);
}

}  // namespace

TEST_SUITE("search: explore") {
  TEST("a lost update is found, and needs one change") {
    const auto got = run(lost_update);
    CHECK(got.code == 1);
    const auto& search = got.tests[0].searches.at(0);
    CHECK(search.end == search_end::failed);
    CHECK(search.schedule > 0u);
    CHECK(search.changes == 1u);
    CHECK_THAT(search.token, starts_with("v1:"));
    CHECK(search.token.size() < 60u);
    CHECK_THAT(got.failures(), elements_are("assertion failed: value == 2"));
    CHECK_THAT(search.tasks, contains("child 'one'"));
    CHECK_FALSE(search.steps.empty());
  }
  TEST("its token replays it, each time") {
    const auto token = run(lost_update).tests[0].searches.at(0).token;
    for (int i = 0; i < 100; ++i) {
      inner::asked how;
      how.replay = token;
      const auto got = run(lost_update, nullptr, how);
      CHECK(got.code == 1);
      CHECK(got.tests[0].searches.at(0).end == search_end::replayed);
      CHECK_THAT(got.failures(), elements_are("assertion failed: value == 2"));
      CHECK(got.tests[0].searches.at(0).differs == "");
    }
  }
  TEST("every seed finds it, in its own order") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      inner::asked how;
      how.seed = seed;
      CHECK(run(lost_update, explored, how).tests[0].searches.at(0).changes == 1u);
    }
  }
  TEST("without explore() there is one run") {
    const auto got = run(lost_update, nullptr);
    CHECK(got.code == 0);
    CHECK_THAT(got.tests[0].searches, is_empty());
  }
  TEST("--explore-all searches it all the same, and --explore says how long") {
    inner::asked how;
    how.explore_all = 500;
    CHECK(run(lost_update, nullptr, how).tests[0].searches.at(0).end == search_end::failed);
    inner::asked three;
    three.explore = 3;
    const auto got = run(
        []() -> asio::awaitable<void> {
          ++runs;
          int value = 0;
          auto one = awaitest::spawn(add_one(value, 3)), two = awaitest::spawn(add_one(value, 1));
          co_await one.join();
          co_await two.join();
          CHECK(value > 0);
        },
        explored, three);
    CHECK(got.tests[0].searches.at(0).schedules == 3u);
    CHECK(got.tests[0].searches.at(0).end == search_end::budget);
    CHECK(runs == 4);  // the first one twice
  }
  TEST("nothing to choose") {
    const auto got = run([]() -> asio::awaitable<void> {
      co_await awaitest::sleep_for(1h);
      CHECK(true);
    });
    CHECK(got.code == 0);
    CHECK(got.tests[0].searches.at(0).end == search_end::nothing_to_choose);
  }
  TEST("first-in first-out fails as well: there is no token") {
    const auto got = run([]() -> asio::awaitable<void> {
      auto other = awaitest::spawn(turn());
      co_await other.join();
      CHECK(1 == 2);
    });
    CHECK(got.code == 1);
    CHECK(got.tests[0].searches.at(0).changes == 0u);
    CHECK(got.tests[0].searches.at(0).token == "");
    CHECK(got.failures().size() == 1u);
  }
  TEST("a choice of the test's own: all of them, and the one that fails") {
    const auto got = run([]() -> asio::awaitable<void> {
      const int a = awaitest::this_test::choose(3, "a"), b = awaitest::this_test::choose(3, "b");
      CHECK(a * b < 4);
      co_return;
    });
    CHECK(got.tests[0].searches.at(0).changes == 2u);
    const auto fine = run([]() -> asio::awaitable<void> {
      CHECK(awaitest::this_test::choose(3, "a") + awaitest::this_test::choose(3, "b") < 5);
      co_return;
    });
    CHECK(fine.tests[0].searches.at(0).end == search_end::all);
    CHECK(fine.tests[0].searches.at(0).distinct == 9u);
  }
  TEST("a choice of no option") {
    const auto got = run([]() -> asio::awaitable<void> {
      CHECK_THROWS_AS(awaitest::this_test::choose(0, "none"), std::invalid_argument);
      co_return;
    });
    CHECK(got.code == 0);
  }
  TEST("a stuck test is found by who waits where") {
    const auto got = run([]() -> asio::awaitable<void> {
      asio::steady_timer bell(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
      auto waits = awaitest::spawn(
          [](asio::steady_timer& on) -> asio::awaitable<void> {
            co_await turn();
            asio::error_code error;
            co_await on.async_wait(asio::redirect_error(use_awaitable, error));
          }(bell),
          "waits");
      for (int i = 0; i < 4; ++i) co_await turn();
      bell.cancel();
      co_await waits.join();
      CHECK(true);
    });
    CHECK(got.code == 1);
    CHECK(got.tests[0].searches.at(0).changes == 1u);
    CHECK(got.tests[0].failures.at(0).kind == failure_kind::stuck);
  }
  TEST("what is not the same again is said, with the first choice that differs") {
    static int state = 0;
    const auto got = run([]() -> asio::awaitable<void> {
      auto other = awaitest::spawn(turn());
      if (state++ % 2 == 0) co_await turn();
      co_await other.join();
      CHECK(true);
    });
    CHECK(got.code == 1);
    CHECK(got.tests[0].searches.at(0).end == search_end::undetermined);
    CHECK(got.tests[0].failures.at(0).kind == failure_kind::undetermined);
    CHECK_THAT(got.failure().message, contains("the first time"));
    CHECK_THAT(got.failure().message, contains("static variables"));
  }
  TEST("a failure that does not come again is told all the same") {
    static int state = 0;
    const auto got = run([]() -> asio::awaitable<void> {
      auto other = awaitest::spawn(turn());
      co_await turn();
      co_await other.join();
      CHECK(++state != 5);
    });
    CHECK(got.code == 1);
    CHECK(got.tests[0].searches.at(0).end == search_end::undetermined);
    CHECK(got.failures().size() == 2u);
  }
  TEST("a skip ends it, and one that is to fail does") {
    const auto skipped = run([]() -> asio::awaitable<void> {
      ++runs;
      SKIP("not here");
      co_return;
    });
    CHECK(skipped.tests[0].result == outcome::skipped);
    CHECK(runs == 1);
    const auto wanted = run(lost_update, [](awaitest::option_set& to) {
      to.add({awaitest::option_names::explore(), awaitest::option_names::should_fail("it is racy")});
    });
    CHECK(wanted.tests[0].result == outcome::expected_failure);
  }
  TEST("somebody waits in a loop for ever: the schedule is cut off, and told") {
    const auto got = run([]() -> asio::awaitable<void> {
      bool first = false, gone = false;
      auto other = awaitest::spawn([](bool& to, bool& left) -> asio::awaitable<void> {
        co_await turn();
        if (!to) left = true;
      }(first, gone));
      first = awaitest::this_test::choose(2, "is late") == 0;
      while (!first && !gone) co_await turn();
      while (gone) co_await turn();
      co_await other.join();
      CHECK(first);
    });
    CHECK(got.code == 1);
    CHECK(got.tests[0].searches.at(0).end == search_end::failed);
    CHECK_THAT(got.failure().message, contains("a schedule's limit"));
  }
  TEST("another thread has a part: it is said, and is no failure") {
    const auto got = run(
        []() -> asio::awaitable<void> {
          awaitest::gate open;
          const auto mine = co_await asio::this_coro::executor;
          std::thread other{[&] { asio::post(mine, [&] { open.open(); }); }};
          auto child = awaitest::spawn(turn());
          co_await open.wait();
          other.join();
          co_await child.join();
          CHECK(true);
        },
        explored_20);
    CHECK(got.code == 0);
    CHECK(got.tests[0].searches.at(0).with_threads > 0u);
  }
  TEST("the time is over") {
    inner::asked how;
    how.explore_time = 1;
    const auto got = run(
        []() -> asio::awaitable<void> {
          int value = 0;
          auto one = awaitest::spawn(add_one(value, 3)), two = awaitest::spawn(add_one(value, 1));
          co_await one.join();
          co_await two.join();
          CHECK(value > 0);
        },
        explored, how);
    CHECK(got.code == 0);
    CHECK(got.tests[0].searches.at(0).end == search_end::time);
  }
  TEST("a token that does not fit goes on first-in first-out, and is an error where it has to fit") {
    inner::asked how;
    how.replay = "v1:0000:fifo:900s1/2@a41f";
    const auto got = run(lost_update, nullptr, how);
    CHECK(got.code == 0);
    CHECK_THAT(got.tests[0].searches.at(0).differs, contains("choice 900"));
    CHECK(got.tests[0].remarks.size() == 1u);
    how.replay_strict = true;
    CHECK(run(lost_update, nullptr, how).code == 1);
  }
  TEST("fixtures, random numbers and time are as new in each schedule") {
    const auto got = run([]() -> asio::awaitable<void> {
      static const auto first = awaitest::this_test::random()();
      static const auto begun = std::chrono::steady_clock::now();
      auto one = awaitest::spawn(turn()), two = awaitest::spawn(turn());
      CHECK(std::chrono::steady_clock::now() == begun);
      if (++runs > 1) CHECK(awaitest::this_test::random()() == first);
      co_await one.join();
      co_await two.join();
    });
    CHECK_THAT(got.failures(), is_empty());
    CHECK(runs > 5);
  }
}
