// What is reported when a test does not end as it should: each ending of its kind, at once, and none hidden.
#include <asio.hpp>
#include <asio/experimental/channel.hpp>

#include <atomic>
#include <thread>

#include "inner_run.hpp"

using namespace std::chrono_literals;
using namespace awaitest::match;
using awaitest::failure_kind;
using awaitest::outcome;

namespace {

struct refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};
void two_attempts(awaitest::option_set& to) { to.add({awaitest::option_names::retries(1)}); }
void short_time(awaitest::option_set& to) { to.add({awaitest::option_names::timeout(20ms)}); }

/// An operation whose handler goes nowhere.
template <class Keep>
asio::awaitable<void> lost(Keep keep) {
  auto operation = asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      [keep](auto handler) mutable { keep(std::move(handler)); }, asio::use_awaitable);
  co_await std::move(operation);
}

std::vector<std::string> kinds(const inner::report& of) {
  std::vector<std::string> all;
  for (const auto& one : of.failures()) all.push_back(one.substr(0, one.find(':')));
  return all;
}

}  // namespace

TEST_SUITE("run: verdicts") {
  TEST("a test that passes") {
    const auto got = inner::run(inner::async("good", []() -> asio::awaitable<void> {
      CHECK(1 == 1);
      co_await awaitest::sleep_for(1ms);
    }));
    CHECK(got.code == 0);
    REQUIRE(got.tests.size() == 1u);
    CHECK(got.tests[0].result == outcome::passed);
    CHECK(got.tests[0].checks == 1u);
    CHECK(got.tests[0].failures.empty());
  }

  TEST("stuck at a gate: said at once, with who waits where") {
    const auto begun = std::chrono::steady_clock::now();
    const auto got = inner::run(inner::async("stuck", []() -> asio::awaitable<void> {
      awaitest::gate never;
      co_await never.wait();
    }));
    CHECK(std::chrono::steady_clock::now() - begun < 30s);  // not by its timeout
    CHECK(got.code == 1);
    REQUIRE_THAT(kinds(got), elements_are("stuck"));
    CHECK_THAT(got.failure().message,
               awaitest::match::all_of(contains("the body waits in gate at"), contains("verdicts.cpp:"),
                                       contains("(made at ")));
  }

  TEST("stuck in a channel, and a child that is stuck") {
    CHECK_THAT(
        kinds(inner::run(inner::async("channel",
                                      []() -> asio::awaitable<void> {
                                        asio::experimental::channel<void(asio::error_code, int)> channel(
                                            co_await asio::this_coro::executor);
                                        co_await channel.async_receive(asio::use_awaitable);
                                      }))),
        elements_are("stuck"));
    const auto child = inner::run(inner::plain("child", [] {
      awaitest::spawn(
          []() -> asio::awaitable<void> {
            awaitest::sequencer order;
            co_await order.turn(3);
          },
          "eve");
      CHECK(true);
    }));
    REQUIRE_THAT(kinds(child), elements_are("stuck"));
    CHECK_THAT(child.failure().message,
               awaitest::match::all_of(contains("child 'eve'"), contains("waits in sequencer")));
  }

  TEST("stuck while a thread sleeps that nobody wakes") {
    const auto begun = std::chrono::steady_clock::now();
    const auto got = inner::run(inner::async("idle pool", []() -> asio::awaitable<void> {
      asio::thread_pool pool(2);
      awaitest::gate never;
      co_await never.wait();
    }));
    CHECK_THAT(kinds(got), elements_are("stuck"));
    CHECK(std::chrono::steady_clock::now() - begun < 30s);
  }

  TEST("stuck while a thread waits for a future that only the test could keep") {
    const auto got = inner::run(inner::async("future", []() -> asio::awaitable<void> {
      struct promised {
        std::promise<void> kept;
        std::thread waiting{[future = kept.get_future()] { future.wait(); }};
        ~promised() {
          kept.set_value();
          waiting.join();
        }
      } promised;
      awaitest::gate never;
      co_await never.wait();
    }));
    CHECK_THAT(kinds(got), elements_are("stuck"));
  }

  TEST("a dropped handler") {
    const auto got =
        inner::run(inner::async("dropped", []() -> asio::awaitable<void> { co_await lost([](auto) {}); }));
    REQUIRE_THAT(kinds(got), elements_are("never completed"));
    CHECK_THAT(got.failure().message, contains("dropped"));
    const auto child = inner::run(inner::plain("of a child", [] {
      awaitest::spawn(lost([](auto) {}));
      CHECK(true);
    }));
    CHECK_THAT(kinds(child), elements_are("never completed"));
  }

  TEST("timed out, cancelled, and the next test runs") {
    static bool unwound = false;
    const auto slow = inner::async(
        "slow",
        []() -> asio::awaitable<void> {
          try {
            co_await awaitest::sleep_for(1h);
          } catch (const std::system_error&) {
            unwound = true;
            throw;
          }
        },
        short_time);
    const auto good = inner::plain("good", [] { CHECK(true); });
    const auto got = inner::run({&slow, &good});
    CHECK(unwound);
    REQUIRE(got.tests.size() == 2u);
    REQUIRE_THAT(kinds(got), elements_are("timeout"));
    CHECK_THAT(got.failure().message,
               awaitest::match::all_of(contains("timed out after 20ms"), contains("sleep_for")));
    CHECK(got.tests[1].result == outcome::passed);
  }

  TEST("an exception, from a body, a plain body, a child, a cleanup, a handler: none hides another") {
    const auto got = inner::run(inner::async("all", []() -> asio::awaitable<void> {
      awaitest::cleanup([] { throw refused("cleanup"); });
      asio::post(co_await asio::this_coro::executor, [] { throw refused("handler"); });
      asio::post(awaitest::this_test::io_context(), [] { throw refused("context"); });
      awaitest::gate thrown;
      awaitest::spawn([&]() -> asio::awaitable<void> {
        co_await awaitest::settle();
        thrown.open();
        throw refused("child");
      });
      co_await thrown.wait();
      throw refused("body");
    }));
    CHECK_THAT(got.failures(),
               unordered_elements_are(contains("cleanup"), contains("handler"), contains("context"),
                                      contains("child"), contains("body")));
    const auto plain = inner::run(inner::plain("plain", [] { throw refused("plain"); }));
    CHECK_THAT(plain.failures(), elements_are(contains("refused: plain")));
  }

  TEST("a child's failure that a join was cancelled before is not lost") {
    const auto got = inner::run(inner::async("impatient", []() -> asio::awaitable<void> {
      auto go = std::make_shared<awaitest::gate>();
      const auto child = awaitest::spawn([go]() -> asio::awaitable<void> {
        co_await go->wait();
        throw refused("in the child");
      });
      CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, child.join()), awaitest::timed_out);
      go->open();
    }));
    CHECK(got.tests.at(0).result == outcome::failed);
    CHECK_THAT(got.failures(), elements_are(contains("in the child")));
  }

  TEST("the failure of a cleanup's child is not lost") {
    const auto got = inner::run(inner::plain("late child", [] {
      CHECK(true);
      awaitest::cleanup([] {
        awaitest::spawn([]() -> asio::awaitable<void> {
          CHECK(true);
          throw refused("late");
          co_return;
        });
      });
    }));
    CHECK(got.tests.at(0).result == outcome::failed);
    CHECK_THAT(got.failures(), elements_are(contains("late")));
  }

  TEST("a leak: an operation, a coroutine") {
    const auto timer = inner::run(inner::async("timer", []() -> asio::awaitable<void> {
      CHECK(true);
      auto kept = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, 1h);
      kept->async_wait([kept](std::error_code) {});
    }));
    CHECK_THAT(kinds(timer), elements_are("leak"));
    const auto coroutine = inner::run(inner::async("coroutine", []() -> asio::awaitable<void> {
      CHECK(true);
      asio::co_spawn(co_await asio::this_coro::executor, awaitest::sleep_for(1h), asio::detached);
    }));
    CHECK_THAT(kinds(coroutine), elements_are("leak"));
  }

  TEST("what a thread has in hand at the end is no leak") {
    static std::thread slow;
    const auto got = inner::run(inner::async("slow to let go", []() -> asio::awaitable<void> {
      CHECK(true);
      auto held = asio::prefer(co_await asio::this_coro::executor, asio::execution::outstanding_work.tracked);
      slow = std::thread([held = std::move(held)]() mutable {
        std::this_thread::sleep_for(150ms);  // as one that is off the processor for a while
        held = {};
      });
    }));
    slow.join();
    CHECK(got.code == 0);
    CHECK_THAT(got.failures(), is_empty());
  }

  TEST("an operation that no cancellation reaches is left behind, and the run goes on") {
    static std::vector<std::shared_ptr<void>> kept;
    const auto deaf = inner::async("deaf", []() -> asio::awaitable<void> {
      co_await lost(
          [](auto handler) { kept.push_back(std::make_shared<decltype(handler)>(std::move(handler))); });
    });
    const auto good = inner::plain("good", [] { CHECK(true); });
    const auto got = inner::run({&deaf, &good});
    CHECK_THAT(kinds(got), elements_are("stuck", "leak"));
    REQUIRE(got.tests.size() == 2u);
    CHECK(got.tests[1].result == outcome::passed);
    kept.clear();
  }

  TEST("a flaky test passes with its retries") {
    static int attempt = 0;
    const auto got = inner::run(inner::plain("flaky", [] { CHECK(++attempt == 2); }, two_attempts));
    CHECK(got.code == 0);
    CHECK(got.tests.at(0).result == outcome::passed);
    CHECK(got.tests.at(0).attempts == 2u);
    CHECK(got.tests.at(0).failures.size() == 1u);
  }

  TEST("the first hundred failures of a kind are kept, and the others counted") {
    const auto got = inner::run(inner::plain("many", [] {
      for (int i = 0; i < 1'234; ++i) CHECK(i < 0);
      CHECK(true);
      throw std::runtime_error("told all the same");
    }));
    const auto& test = got.tests.at(0);
    CHECK(test.failures.size() == 101u);
    CHECK(test.more_failures == 1'134u);
    CHECK(test.checks == 1'235u);
    CHECK(test.failures.back().kind == failure_kind::exception);
  }
  TEST("so it is with those that belong to no test") {
    const auto got = inner::run(inner::plain("threads", [] {
      std::thread([] {
        for (int i = 0; i < 1'234; ++i) CHECK(i < 0);
      }).join();
      CHECK(true);
    }));
    CHECK(got.outside.size() == 100u);
    CHECK(got.totals.run_failures == 1'234u);
  }
  TEST("CHECK_EVENTUALLY waits at the author's line") {
    const auto got = inner::run(inner::async(
        "eventually", []() -> asio::awaitable<void> { CHECK_EVENTUALLY(1 == 2, 1h); }, short_time));
    CHECK_THAT(got.failure().message, contains("verdicts.cpp:"));
    for (const auto& one : got.failure().before) CHECK_THAT(one.where.file, ends_with("verdicts.cpp"));
  }
}

namespace {

asio::awaitable<void> waits_for_ever() {
  awaitest::gate never;
  co_await never.wait();
}
struct fails_with_a_child {
  void set_up() {
    awaitest::spawn(waits_for_ever());
    throw refused("no luck");
  }
};
struct fails_softly_going_up {
  static constexpr auto scope = awaitest::scope::suite;
  void set_up() { CHECK(1 == 2); }
};
struct fails_softly_going_down {
  static constexpr auto scope = awaitest::scope::suite;
  void tear_down() { CHECK(1 == 2); }
};
template <class Fixture>
void with(awaitest::option_set& to) {
  to.add({awaitest::option_names::uses<Fixture>()});
}

}  // namespace

TEST_SUITE("run: what follows from a failure") {
  TEST("children of a body that has failed are cancelled, and are no failure") {
    for (const auto body : {+[] {
                              awaitest::spawn(waits_for_ever());
                              throw refused("no");
                            },
                            +[] {
                              awaitest::spawn(waits_for_ever());
                              FAIL("no");
                            }}) {
      const auto got = inner::run(inner::plain("plain", body));
      CHECK(kinds(got).size() == 1u);
    }
    CHECK(kinds(inner::run(inner::async("async", []() -> asio::awaitable<void> {
            awaitest::spawn(waits_for_ever());
            co_await asio::post(asio::use_awaitable);
            throw refused("no");
          }))).size() == 1u);
  }

  TEST("children of a set_up that has failed are cancelled, and are no failure") {
    const auto got = inner::run(inner::plain("up", [] {}, &with<fails_with_a_child>));
    REQUIRE(kinds(got).size() == 1u);
    CHECK(got.failure().kind == failure_kind::fixture);
  }

  TEST("a wide fixture's assertions belong to the test while it comes up, to the run when it goes down") {
    const auto up = inner::run(inner::plain("up", [] { CHECK(true); }, &with<fails_softly_going_up>));
    CHECK(kinds(up).size() == 1u);
    CHECK(up.outside.empty());
    const auto down = inner::run(inner::plain("down", [] { CHECK(true); }, &with<fails_softly_going_down>));
    CHECK(kinds(down).empty());
    REQUIRE(down.outside.size() == 1u);
    CHECK_THAT(down.outside[0].task, contains("fails_softly_going_down"));
  }
}
