// with_timeout, sleep_for, settle, now, CHECK_EVENTUALLY.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/experimental/channel.hpp>

#include <string>
#include <thread>

using namespace std::chrono_literals;
using namespace awaitest::match;
using clock_type = std::chrono::steady_clock;

namespace {

asio::awaitable<std::string> answer_after(std::chrono::nanoseconds time, std::string text) {
  co_await awaitest::sleep_for(time);
  co_return text;
}

/// Takes no notice of the first cancellation, as code that shuts a connection down in order does.
asio::awaitable<int> stubborn(std::chrono::nanoseconds time, bool& noticed) {
  co_await asio::this_coro::throw_if_cancelled(false);
  try {
    co_await awaitest::sleep_for(1h);
  } catch (const std::system_error&) {
    noticed = true;
  }
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  co_await awaitest::sleep_for(time);
  co_return 5;
}

}  // namespace

TEST_SUITE("loop: with_timeout") {
  TEST_ASYNC("in time: the value") {
    CHECK(co_await awaitest::with_timeout(5s, answer_after(1ms, "yes")) == "yes");
    co_await awaitest::with_timeout(5s, awaitest::sleep_for(1ms));
    const auto at_once = co_await awaitest::with_timeout(0ns, []() -> asio::awaitable<int> { co_return 1; });
    CHECK(at_once == 1);
    auto owned = co_await awaitest::with_timeout(
        5s, []() -> asio::awaitable<std::unique_ptr<int>> { co_return std::make_unique<int>(2); });
    CHECK(*owned == 2);
  }

  TEST_ASYNC("too late: cancelled, ended, then thrown") {
    bool ended = false;
    const auto work = [&]() -> asio::awaitable<void> {
      struct mark {
        bool& ended;
        ~mark() { ended = true; }
      } const at_end{ended};
      co_await awaitest::sleep_for(1h);
    };
    CHECK_THROWS_AS(co_await awaitest::with_timeout(2ms, work), awaitest::timed_out);
    CHECK(ended);
    auto late = awaitest::with_timeout(2ms, answer_after(1h, ""));
    CHECK_THROWS_WITH(co_await std::move(late),
                      awaitest::match::all_of(contains("timed out after 2ms"), contains("time.cpp:")));
  }

  TEST_ASYNC("what the work throws comes through") {
    const auto work = []() -> asio::awaitable<int> {
      co_await awaitest::sleep_for(1ms);
      throw std::out_of_range("far");
    };
    CHECK_THROWS_AS(co_await awaitest::with_timeout(5s, work), std::out_of_range);
    const auto aborts = []() -> asio::awaitable<void> {
      co_await awaitest::sleep_for(1ms);
      throw std::system_error(asio::error::operation_aborted);
    };
    CHECK_ERROR(co_await awaitest::with_timeout(5s, aborts), asio::error::operation_aborted);
  }

  TEST_ASYNC("work that ignores one cancellation: waited for, and late all the same") {
    bool noticed = false;
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, stubborn(1ms, noticed)), awaitest::timed_out);
    CHECK(noticed);
  }

  TEST_ASYNC("a cancellation is passed on to the work") {
    std::string log;
    const auto child = awaitest::spawn([&]() -> asio::awaitable<void> {
      co_await awaitest::with_timeout(1h, [&]() -> asio::awaitable<void> {
        try {
          co_await awaitest::sleep_for(1h);
        } catch (const std::system_error&) {
          log += "work";
          throw;
        }
      });
    });
    co_await awaitest::settle();
    child.cancel();
    CHECK_ERROR(co_await child.join(), asio::error::operation_aborted);
    CHECK(log == "work");
  }

  TEST_ASYNC("nested: the shorter one decides") {
    const auto begun = clock_type::now();
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1h, awaitest::with_timeout(1ms, awaitest::sleep_for(1h))),
                    awaitest::timed_out);
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, awaitest::with_timeout(1h, awaitest::sleep_for(1h))),
                    awaitest::timed_out);
    CHECK(clock_type::now() - begun < 10s);
  }

  TEST_ASYNC("around gates, joins and operators", virtual_time()) {
    using namespace asio::experimental::awaitable_operators;
    awaitest::gate never;
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, never.wait()), awaitest::timed_out);
    awaitest::barrier two(2);
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, two.arrive()), awaitest::timed_out);
    CHECK(two.waiting() == 0u);
    const auto child = awaitest::spawn(never.wait());
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, child.join()), awaitest::timed_out);
    CHECK_FALSE(child.done());
    never.open();
    co_await child.join();
    awaitest::gate other;
    auto one_in_time = other.wait() && awaitest::sleep_for(1ms);
    CHECK_THROWS_AS(co_await awaitest::with_timeout(3ms, std::move(one_in_time)), awaitest::timed_out);
    auto both_late = other.wait() && awaitest::sleep_for(1h);
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, std::move(both_late)), awaitest::timed_out);
    auto none_first = other.wait() || awaitest::sleep_for(1h);
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, std::move(none_first)), awaitest::timed_out);
  }

  TEST_ASYNC("around a channel, whose error for a cancellation is its own") {
    asio::experimental::channel<void(asio::error_code, int)> channel(co_await asio::this_coro::executor);
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, channel.async_receive(asio::use_awaitable)),
                    awaitest::timed_out);
  }

  TEST_ASYNC("as long as there is") {
    CHECK(co_await awaitest::with_timeout(std::chrono::nanoseconds::max(), answer_after(1ms, "x")) == "x");
    CHECK(co_await awaitest::with_timeout(std::chrono::hours(24 * 365 * 250), answer_after(1ms, "x")) == "x");
  }

  TEST_ASYNC("in a child, in a cleanup, and with assertions inside") {
    co_await awaitest::spawn([]() -> asio::awaitable<void> {
      co_await awaitest::with_timeout(5s, []() -> asio::awaitable<void> {
        co_await awaitest::sleep_for(1ms);
        CHECK(awaitest::this_test::name().starts_with("loop: with_timeout/in a child"));
      });
    }).join();
    awaitest::cleanup([]() -> asio::awaitable<void> {
      CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, awaitest::sleep_for(1h)), awaitest::timed_out);
    });
  }
}

TEST_SUITE("loop: time") {
  TEST_ASYNC("sleep_for sleeps, and is cancellable") {
    const auto begun = awaitest::now();
    co_await awaitest::sleep_for(3ms);
    CHECK(awaitest::now() - begun >= 3ms);
    co_await awaitest::sleep_for(0ns);
    co_await awaitest::sleep_for(-1s);
    const auto child = awaitest::spawn(awaitest::sleep_for(std::chrono::nanoseconds::max()));
    co_await awaitest::settle();
    CHECK_FALSE(child.done());
    child.cancel();
    CHECK_ERROR(co_await child.join(), asio::error::operation_aborted);
  }

  TEST_ASYNC("settle: until all the rest is blocked, time standing still") {
    awaitest::gate first, second;
    std::string log;
    awaitest::spawn([&]() -> asio::awaitable<void> {
      log += 'a';
      co_await first.wait();
      for (int i = 0; i < 50; ++i) co_await asio::post(asio::use_awaitable);
      log += 'b';
      second.open();
    });
    awaitest::spawn([&]() -> asio::awaitable<void> {
      co_await second.wait();
      log += 'c';
    });
    asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
    timer.async_wait([&](std::error_code error) { log += error ? 'x' : 't'; });
    co_await awaitest::settle();
    CHECK(log == "a");
    first.open();
    co_await awaitest::settle();
    CHECK(log == "abc");
    co_await awaitest::settle();  // with nothing to wait for
    timer.cancel();
    co_await awaitest::settle();
    CHECK(log == "abcx");
  }

  TEST_ASYNC("settle sees completed I/O through") {
    asio::ip::tcp::acceptor acceptor(co_await asio::this_coro::executor,
                                     {asio::ip::address_v4::loopback(), 0});
    asio::ip::tcp::socket client(acceptor.get_executor());
    co_await client.async_connect(acceptor.local_endpoint(), asio::use_awaitable);
    auto server = co_await acceptor.async_accept(asio::use_awaitable);
    std::size_t got = 0;
    char buffer[8];
    server.async_read_some(asio::buffer(buffer), [&](std::error_code, std::size_t n) { got = n; });
    asio::write(client, asio::buffer("abc", 3));
    while (server.available() < 3) std::this_thread::yield();  // the kernel's way is not the matter here
    co_await awaitest::settle();
    CHECK(got == 3u);
  }

  TEST_ASYNC("several settle at once") {
    int settled = 0;
    const auto one = [&]() -> asio::awaitable<void> {
      co_await awaitest::settle();
      ++settled;
    };
    const auto a = awaitest::spawn(one);
    const auto b = awaitest::spawn(one);
    co_await a.join();
    co_await b.join();
    CHECK(settled == 2);
    const auto c = awaitest::spawn([]() -> asio::awaitable<void> {
      for (;;) co_await awaitest::settle();
    });
    co_await awaitest::sleep_for(2ms);
    CHECK_FALSE(c.done());
    c.cancel();
  }

  TEST_ASYNC("CHECK_EVENTUALLY: by work, by time, with a co_await, and evaluated once at a time") {
    int value = 0, evaluated = 0;
    awaitest::gate seen;
    awaitest::spawn([&]() -> asio::awaitable<void> {
      value = 1;
      co_await seen.wait();
      co_await awaitest::sleep_for(5ms);
      value = 2;
    });
    CHECK_EVENTUALLY(value == 1, 5s);
    seen.open();
    CHECK_EVENTUALLY((++evaluated, value == 2), 5s);
    CHECK(evaluated > 1);
    evaluated = 0;
    CHECK_EVENTUALLY(++evaluated == 1, 0ns);
    CHECK(evaluated == 1);
    REQUIRE_EVENTUALLY(co_await answer_after(1ms, "x") == "x", 5s);
    CHECK_EVENTUALLY(value == 2, std::chrono::nanoseconds::max());
    int later = 0;
    awaitest::spawn([&]() -> asio::awaitable<void> {
      co_await awaitest::sleep_for(3ms);
      later = 1;
    });
    CHECK_EVENTUALLY(later == 1, std::chrono::nanoseconds::max());
  }

  TEST_ASYNC("CHECK_EVENTUALLY that never holds fails", should_fail("after its time")) {
    CHECK_EVENTUALLY(awaitest::now().time_since_epoch() == 0ns, 5ms);
    co_return;
  }

  TEST_ASYNC("a timeout as long as there is", timeout(std::chrono::nanoseconds::max())) {
    co_await awaitest::sleep_for(1ms);
    CHECK(true);
  }

  TEST_ASYNC("no limit: a cleanup has its time after the background was cancelled", timeout(0ns)) {
    awaitest::spawn_background(awaitest::sleep_for(1h));
    CHECK(true);
    awaitest::cleanup([]() -> asio::awaitable<void> { co_await awaitest::sleep_for(1200ms); });
    co_return;
  }
}
