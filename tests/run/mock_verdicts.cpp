// What mocks make fail: unexpected calls, unmet expectations, calls that nobody awaits, and whose failure it is.
#include "inner_run.hpp"

#include <asio/use_awaitable.hpp>

#include <thread>

using namespace std::chrono_literals;
using namespace awaitest::match;

namespace {

using int_mock = awaitest::async_mock<int(int)>;

std::vector<std::string> failures_of(asio::awaitable<void> (*body)()) {
  return inner::run(inner::async("t", body)).failures();
}
bool passes(asio::awaitable<void> (*body)()) {
  return inner::run(inner::async("t", body)).totals.passed == 1;
}

}  // namespace

TEST_SUITE("run: mocks") {
  TEST("an unexpected call fails the test, and throws at the await") {
    const auto found = failures_of([]() -> asio::awaitable<void> {
      int_mock f{"f"};
      f.expect(1).returns(1);
      co_await f(1);
      CHECK_THROWS_AS(co_await f(2), awaitest::unexpected_call);
    });
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], contains("f(2)"));
    CHECK_THAT(found[0], contains("expect(1)"));
    CHECK_THAT(found[0], contains("arg<0>(): expected: == 1, got: 2"));
  }

  TEST("a call that nothing expects is unexpected once the test has come to rest") {
    const auto found = failures_of([]() -> asio::awaitable<void> {
      int_mock f{"f"};
      auto call = awaitest::spawn(f(1));
      co_await awaitest::settle();  // it could be taken still
      CHECK_FALSE(call.done());
      CHECK_THROWS_AS(co_await call.join(), awaitest::unexpected_call);
    });
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], contains("nothing was expected of it"));
  }

  TEST("a plain one throws at once; in a noexcept method it returns a value-initialised result") {
    struct duck {
      MOCK(int, calm, (int), (noexcept));
    };
    const auto found = failures_of([]() -> asio::awaitable<void> {
      awaitest::mock<int(int)> f{"f"};
      CHECK_THROWS_AS(f(1), awaitest::unexpected_call);
      duck d;
      CHECK(d.calm(3) == 0);
      co_return;
    });
    REQUIRE(found.size() == 2);
    CHECK_THAT(found[1], contains("duck::calm(3)"));
  }

  TEST("an unmet expectation, at the mock's end and at the test's") {
    const auto found = failures_of([]() -> asio::awaitable<void> {
      {
        int_mock f{"f"};
        f.expect(1).times(2).returns(1);
        co_await f(1);
      }
      auto* leaked = new int_mock{"g"};
      leaked->expect(2);
      awaitest::cleanup([leaked] { delete leaked; });
    });
    REQUIRE(found.size() == 2);
    CHECK_THAT(found[0], contains("f.expect(1): called once, to be called twice"));
    CHECK_THAT(found[1], contains("g.expect(2): not called, to be called once"));
  }

  TEST("a mock that outlives the test is verified at its end, and is clean for the next") {
    static int_mock f{"f"};
    const auto result = inner::run({
        [] {
          static const auto t = inner::async("unmet", []() -> asio::awaitable<void> {
            f.expect(1).returns(1);
            f.expect(2).returns(2);
            co_await f(1);
          });
          return &t;
        }(),
        [] {
          static const auto t = inner::async("clean", []() -> asio::awaitable<void> {
            CHECK(f.not_called());
            f.expect(3).returns(3);
            CHECK(co_await f(3) == 3);
          });
          return &t;
        }(),
    });
    CHECK(result.failures(0).size() == 1);
    CHECK(result.failures(1).empty());
  }

  TEST("a call that is never awaited, unless it may be dropped") {
    const auto found = failures_of([]() -> asio::awaitable<void> {
      int_mock f{"f"};
      f.allow(_).returns(1);
      static_cast<void>(f(7));
      CHECK(f.last_call().state() == awaitest::call_state::dropped);
      co_return;
    });
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], contains("f(7) was called and never awaited"));
    CHECK(passes([]() -> asio::awaitable<void> {
      int_mock f{"f"};
      f.allow(_).returns(1).may_be_dropped();
      static_cast<void>(f(7));
      CHECK(true);
      co_return;
    }));
  }

  TEST("answers that are used up") {
    const auto found = failures_of([]() -> asio::awaitable<void> {
      int_mock f{"f"};
      f.allow(_).answers(1, 2);
      co_await f(0);
      co_await f(0);
      CHECK_THROWS_AS(co_await f(0), awaitest::unexpected_call);
    });
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], contains("no answer is left, its expectation has 2"));
    const auto expected = failures_of([]() -> asio::awaitable<void> {
      int_mock f{"f"};
      f.expect(_).answers(1, 2);
      co_await f(0);
    });
    REQUIRE(expected.size() == 1);
    CHECK_THAT(expected[0], contains("called once, to be called twice"));
  }

  TEST("forbidden calls") {
    const auto found = failures_of([]() -> asio::awaitable<void> {
      int_mock f{"f"};
      f.allow(_).returns(1);
      f.forbid(lt(0));
      co_await f(1);
      CHECK_THROWS_AS(co_await f(-1), awaitest::unexpected_call);
    });
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], contains("f(-1) is forbidden"));
  }

  TEST("out of order, by call and by completion") {
    const auto found = failures_of([]() -> asio::awaitable<void> {
      int_mock f{"f"};
      const awaitest::sequence order;
      f.expect(1).in(order).pends();
      f.expect(2).in(order);
      f.expect(3).in(order, awaitest::step::done);
      CHECK_THROWS(co_await f(2));
      auto first = awaitest::spawn(f(1));
      co_await awaitest::settle();
      co_await f(2);
      CHECK_THROWS(co_await f(3));
      f.calls().at(1).reply(1);
      co_await awaitest::settle();
      co_await f(3);
      CHECK_THROWS(co_await f(1));
    });
    REQUIRE(found.size() == 3);
    CHECK_THAT(found[0], contains("too early"));
    CHECK_THAT(found[1], contains("too early"));
    CHECK_THAT(found[2], contains("was called once, and may be called once"));
  }

  TEST("must_be_cancelled") {
    const auto found = failures_of([]() -> asio::awaitable<void> {
      int_mock f{"f"};
      f.expect(1).returns(1).must_be_cancelled();
      co_await f(1);
    });
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], contains("f(1) was to be cancelled, and has completed"));
  }

  TEST("expect_no_call") {
    const auto found = failures_of([]() -> asio::awaitable<void> {
      int_mock f{"f"};
      f.allow(_).returns(1);
      f.expect_no_call();
      co_await f(1);
      f.expect_no_call();
    });
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], contains("f.expect_no_call(): it was called once"));
  }

  TEST("a call that is pending when the test is stuck, or times out, is named with its place") {
    const auto stuck = failures_of([]() -> asio::awaitable<void> {
      int_mock f{"f"};
      f.allow(_).pends();
      co_await f(7);
    });
    REQUIRE_FALSE(stuck.empty());
    CHECK_THAT(stuck[0], contains("the body waits in f(7) (expected at"));
    const auto late = inner::run(inner::async("t",
                                              []() -> asio::awaitable<void> {
                                                int_mock f{"f"};
                                                f.allow(_).after(1h);
                                                co_await f(7);
                                              }),
                                 {.timeout = 20'000'000})
                          .failures();
    REQUIRE_FALSE(late.empty());
    CHECK_THAT(late[0], contains("waits in the latency of f(7)"));
    const auto unasked = failures_of([]() -> asio::awaitable<void> {
      int_mock f{"f"};
      co_await f.next_call();
    });
    REQUIRE_FALSE(unasked.empty());
    CHECK_THAT(unasked[0], contains("the body waits in next_call at"));
  }

  TEST("a failure in a spawned child and on another thread is the test's") {
    const auto found = failures_of([]() -> asio::awaitable<void> {
      awaitest::mock<int(int)> f{"f"};
      f.forbid();
      const auto context = awaitest::context::capture();
      std::thread([&] {
        auto in = context.enter();
        CHECK_THROWS(f(1));
      }).join();
      std::thread([&] {
        try {
          f(2);
        } catch (const awaitest::unexpected_call&) {
        }
      }).join();
      auto child = awaitest::spawn([&]() -> asio::awaitable<void> {
        CHECK_THROWS(f(3));
        co_return;
      });
      co_await child.join();
    });
    CHECK(found.size() == 3);
  }

  TEST("a verification counts as an assertion") {
    const auto result = inner::run(inner::async("t",
                                                []() -> asio::awaitable<void> {
                                                  int_mock f{"f"};
                                                  f.expect(1).returns(1);
                                                  co_await f(1);
                                                }),
                                   {.require_assertions = true});
    CHECK(result.totals.passed == 1);
    CHECK(result.totals.checks == 1);
  }

  TEST("an operation that nothing expects completes with an error") {
    const auto found = failures_of([]() -> asio::awaitable<void> {
      awaitest::async_mock_op<void(std::error_code), int> f{"f"};
      f.expect(1);
      co_await f(1, asio::use_awaitable);
      CHECK_ERROR(co_await f(2, asio::use_awaitable), asio::error::fault);
      awaitest::async_mock_op<void(std::exception_ptr)> g{"g"};
      CHECK_THROWS_AS(co_await g(asio::use_awaitable), awaitest::unexpected_call);
    });
    CHECK(found.size() == 2);
  }

  TEST("an operation that is pending at the test's end is its leak") {
    const auto found = failures_of([]() -> asio::awaitable<void> {
      static awaitest::async_mock_op<void(std::error_code)> f{"f"};
      f.allow().pends();
      f([](std::error_code) {});
      co_return;
    });
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], contains("outlived"));
  }
}
