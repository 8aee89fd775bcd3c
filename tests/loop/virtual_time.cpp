// virtual_time(): hours that take milliseconds, for code that knows nothing of it.
#include <awaitest/awaitest.hpp>
#include <awaitest/timer.hpp>

#include <asio.hpp>
#include <asio/experimental/awaitable_operators.hpp>

#include <sys/select.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using namespace awaitest::match;
using std::chrono::steady_clock;
using std::chrono::system_clock;

namespace {

/// What a user's code does: plain Asio.
asio::awaitable<void> pause(std::chrono::nanoseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

long long unix_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch()).count();
}
constexpr long long year_2000 = 946'684'800;

/// A clock of the user's own, made of another.
struct half_speed {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<half_speed>;
  [[maybe_unused]] static constexpr bool is_steady = true;
  static time_point now() { return time_point(steady_clock::now().time_since_epoch() / 2); }
};

}  // namespace

TEST_SUITE("virtual time", virtual_time()) {
  TEST_ASYNC("a long sleep takes no time, and exactly its time") {
    const auto begun = steady_clock::now();
    co_await pause(5h);
    CHECK(steady_clock::now() - begun == 5h);
    co_await pause(1ns);
    CHECK(steady_clock::now() - begun == 5h + 1ns);
    co_await pause(1499ns);
    CHECK(steady_clock::now() - begun == 5h + 1500ns);
    co_await pause(0ns);
    co_await pause(-1s);
    CHECK(steady_clock::now() - begun == 5h + 1500ns);
    co_await pause(24h * 365 * 40);
    CHECK(steady_clock::now() - begun == 24h * 365 * 40 + 5h + 1500ns);
  }

  TEST_ASYNC("it starts at the turn of the millennium, and stands still") {
    CHECK(unix_seconds() == year_2000);
    const auto begun = steady_clock::now();
    CHECK(begun.time_since_epoch() == 24h * 365 * 20);
    for (int i = 0; i < 1000; ++i) co_await asio::post(asio::use_awaitable);
    CHECK(steady_clock::now() == begun);
    CHECK(system_clock::now() == system_clock::from_time_t(static_cast<std::time_t>(year_2000)));
  }

  TEST_ASYNC("every clock of libc moves with it") {
    co_await pause(1500ms);
    timespec now{};
    CHECK(::clock_gettime(CLOCK_REALTIME, &now) == 0);
    CHECK(now.tv_sec == year_2000 + 1);
    CHECK(now.tv_nsec == 500'000'000);
    CHECK(::clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    CHECK(now.tv_nsec == 500'000'000);
    timeval day{};
    CHECK(::gettimeofday(&day, nullptr) == 0);
    CHECK(day.tv_sec == year_2000 + 1);
    CHECK(day.tv_usec == 500'000);
    std::time_t seconds = 0;
    CHECK(::time(&seconds) == year_2000 + 1);
    CHECK(seconds == year_2000 + 1);
    CHECK(std::timespec_get(&now, TIME_UTC) == TIME_UTC);
    CHECK(now.tv_sec == year_2000 + 1);
  }

  TEST_ASYNC("system_timer, and awaitest's own clock and timer") {
    asio::system_timer noon(co_await asio::this_coro::executor);
    noon.expires_at(system_clock::from_time_t(static_cast<std::time_t>(year_2000)) + 12h);
    co_await noon.async_wait(asio::use_awaitable);
    CHECK(unix_seconds() == year_2000 + 12 * 3600);
    const auto begun = awaitest::clock::now();
    awaitest::timer timer(co_await asio::this_coro::executor, 1min);
    co_await timer.async_wait(asio::use_awaitable);
    CHECK(awaitest::clock::now() - begun == 1min);
    CHECK(awaitest::clock::now().time_since_epoch() == steady_clock::now().time_since_epoch());
    CHECK(awaitest::now() == steady_clock::now());
  }

  TEST_ASYNC("a clock of the user's own") {
    const auto begun = steady_clock::now();
    asio::basic_waitable_timer<half_speed> timer(co_await asio::this_coro::executor, 30s + 333ns);
    co_await timer.async_wait(asio::use_awaitable);
    CHECK(half_speed::now().time_since_epoch() - begun.time_since_epoch() / 2 == 30s + 333ns);
  }

  TEST_ASYNC("timers of one instant fire in the order in which they were set") {
    const auto executor = co_await asio::this_coro::executor;
    std::vector<int> shuffled(100);
    for (int i = 0; i < 100; ++i) shuffled[static_cast<std::size_t>(i)] = i;
    for (std::size_t i = shuffled.size(); i > 1; --i)
      std::swap(shuffled[i - 1], shuffled[awaitest::this_test::random() % i]);
    const auto instant = steady_clock::now() + 1h;
    std::vector<asio::steady_timer> timers;
    for (int i = 0; i < 100; ++i) timers.emplace_back(executor, instant);
    std::vector<int> fired;
    for (const int i : shuffled)
      timers[static_cast<std::size_t>(i)].async_wait([&fired, i](std::error_code) { fired.push_back(i); });
    // Others around them, which come and go.
    asio::steady_timer before(executor, instant - 1ns), after(executor, instant + 1ns),
        gone(executor, instant);
    before.async_wait([&](std::error_code) { fired.push_back(-1); });
    after.async_wait([&](std::error_code) { fired.push_back(-2); });
    gone.async_wait([&](std::error_code error) { CHECK(error == asio::error::operation_aborted); });
    gone.cancel();
    co_await pause(2h);
    std::vector<int> expected{-1};
    expected.insert(expected.end(), shuffled.begin(), shuffled.end());
    expected.push_back(-2);
    CHECK(fired == expected);
  }

  TEST_ASYNC("timers of different clocks, too") {
    const auto executor = co_await asio::this_coro::executor;
    std::string log;
    std::vector<asio::steady_timer> steady;
    std::vector<asio::system_timer> system;
    std::vector<awaitest::timer> own;
    for (const char what : std::string("csocosscoosccs")) {
      const auto fired = [&log, what](std::error_code) { log += what; };
      if (what == 'c')
        steady.emplace_back(executor, 1h).async_wait(fired);
      else if (what == 's')
        system.emplace_back(executor, 1h).async_wait(fired);
      else
        own.emplace_back(executor, 1h).async_wait(fired);
      co_await asio::post(
          asio::use_awaitable);  // between two handlers; in one, those of one clock stand together
    }
    co_await pause(1h);
    CHECK(log == "csocosscoosccs");
  }

  TEST_ASYNC("several waits on one timer, and timers that are due at once") {
    const auto executor = co_await asio::this_coro::executor;
    std::string log;
    asio::steady_timer one(executor, 1s), due(executor, -1s), also(executor, 0s), oldest(executor, -2s);
    one.async_wait([&](std::error_code) { log += 'a'; });
    one.async_wait([&](std::error_code) { log += 'b'; });
    due.async_wait([&](std::error_code) { log += 'c'; });
    also.async_wait([&](std::error_code) { log += 'd'; });
    oldest.async_wait([&](std::error_code) { log += 'e'; });
    const auto begun = steady_clock::now();
    co_await awaitest::settle();
    CHECK(steady_clock::now() == begun);
    co_await pause(1s);
    CHECK(log == "ecdab");
  }

  TEST_ASYNC("a timer at the end of time never fires") {
    asio::steady_timer never(co_await asio::this_coro::executor, steady_clock::time_point::max());
    std::string log;
    never.async_wait([&](std::error_code error) { log += error ? 'c' : 'f'; });
    const auto waits = awaitest::spawn(awaitest::sleep_for(std::chrono::nanoseconds::max()));
    co_await pause(24h * 365 * 50);
    CHECK(log.empty());
    CHECK_FALSE(waits.done());
    never.cancel();
    waits.cancel();
    co_await awaitest::settle();
    CHECK(log == "c");
  }

  TEST_ASYNC("settle does not move time, and a jump waits for it") {
    std::string log;
    awaitest::spawn([&]() -> asio::awaitable<void> {
      co_await pause(1ms);
      log += 't';
    });
    for (int i = 0; i < 3; ++i) {
      co_await awaitest::settle();
      log += 's';
    }
    co_await pause(1ms);
    CHECK(log == "ssst");
  }

  TEST_ASYNC("with_timeout: a nanosecond decides") {
    const auto begun = steady_clock::now();
    co_await awaitest::with_timeout(1h, pause(1h - 1ns));
    CHECK(steady_clock::now() - begun == 1h - 1ns);
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1h, pause(1h + 1ns)), awaitest::timed_out);
    CHECK(steady_clock::now() - begun == 2h - 1ns);
  }

  TEST_ASYNC("a limit that nanoseconds cannot hold is for ever, not over at once",
             timeout(std::chrono::hours::max())) {
    constexpr auto ever = std::chrono::hours::max();
    static_assert(std::chrono::nanoseconds{awaitest::time_span{ever}} == std::chrono::nanoseconds::max());
    static_assert(std::chrono::nanoseconds{awaitest::time_span{-ever}} == -std::chrono::nanoseconds::max());
    static_assert(std::chrono::nanoseconds{awaitest::time_span{std::chrono::years{7}}} ==
                  std::chrono::years{7});
    int value = 0;
    const auto later = [&]() -> asio::awaitable<void> {
      co_await pause(24h * 365 * 99);
      value = 1;
    };
    co_await awaitest::with_timeout(ever, later);
    CHECK(value == 1);
    CHECK_EVENTUALLY(value == 1, ever);
  }

  TEST_ASYNC("CHECK_EVENTUALLY looks hundreds of times in a day, not millions") {
    int looks = 0;
    bool due = false;
    const auto begun = steady_clock::now();
    awaitest::spawn_background([&]() -> asio::awaitable<void> {
      co_await pause(24h);
      due = true;
    });
    CHECK_EVENTUALLY((++looks, due), 48h);
    CHECK(looks < 2'000);
    CHECK(steady_clock::now() - begun >= 24h);
    CHECK(steady_clock::now() - begun < 25h);
  }

  TEST_ASYNC("CHECK_EVENTUALLY and sleep_for follow it") {
    bool late = false;
    awaitest::spawn([&]() -> asio::awaitable<void> {
      co_await awaitest::sleep_for(1min);
      late = true;
    });
    CHECK_EVENTUALLY(late, 61s);
    co_return;
  }

  TEST_ASYNC("the test's timeout is virtual, to the nanosecond", timeout(1h)) {
    co_await pause(1h - 1ns);
    CHECK(true);
  }

  TEST_ASYNC("ten thousand random sleeps wake when they should, twice the same") {
    std::vector<std::vector<long long>> logs;
    for (int round = 0; round < 2; ++round) {
      awaitest::random_engine random(7);
      std::vector<long long> log;
      const auto begun = steady_clock::now();
      std::vector<awaitest::task<void>> all;
      for (int i = 0; i < 10'000; ++i)
        all.push_back(
            awaitest::spawn([&log, begun, i, time = random() % 1'000'000'000'000]() -> asio::awaitable<void> {
              const auto wanted = begun + std::chrono::nanoseconds(time);
              asio::steady_timer timer(co_await asio::this_coro::executor, wanted);
              co_await timer.async_wait(asio::use_awaitable);
              REQUIRE(steady_clock::now() == wanted);
              log.push_back(i);
              log.push_back((steady_clock::now() - begun).count());
            }));
      for (const auto& one : all) co_await one.join();
      logs.push_back(std::move(log));
    }
    CHECK(logs[0].size() == 20'000u);
    CHECK(logs[0] == logs[1]);
  }

  TEST_ASYNC("a blocking sleep on the loop's thread moves the clock") {
    const auto begun = steady_clock::now();
    std::this_thread::sleep_for(3h);  // what is tested: it moves the clock, and takes no real time
    CHECK(steady_clock::now() - begun == 3h);
    std::this_thread::sleep_until(steady_clock::now() + 5s);  // likewise
    CHECK(steady_clock::now() - begun == 3h + 5s);
    timespec until{year_2000 + 4 * 3600, 0};
    CHECK(::clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, nullptr) == 0);
    CHECK(unix_seconds() == year_2000 + 4 * 3600);
    CHECK(::clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, nullptr) == 0);  // in the past
    timespec bad{0, -1};
    CHECK(::nanosleep(&bad, nullptr) == -1);
    asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
    timer.wait();
    CHECK(steady_clock::now() - begun == 5h);
    co_return;
  }

  TEST_ASYNC("another io_context that the loop's thread runs: as long as that takes") {
    asio::io_context other;
    const auto guard = asio::make_work_guard(other);
    const auto begun = steady_clock::now();
    other.run_for(3ms);
    CHECK(steady_clock::now() - begun >= 3ms);
    CHECK(steady_clock::now() - begun < 1h);
    asio::steady_timer timer(other, 2ms);
    bool fired = false;
    timer.async_wait([&](std::error_code) { fired = true; });
    other.restart();
    other.run_one();
    CHECK(fired);
    CHECK(steady_clock::now() >= timer.expiry());
    co_return;
  }

  TEST_ASYNC("what a blocking sleep has passed over fires in order") {
    std::string log;
    asio::steady_timer late(co_await asio::this_coro::executor, 3s),
        early(co_await asio::this_coro::executor, 1s);
    asio::system_timer between(co_await asio::this_coro::executor, 2s);
    late.async_wait([&](std::error_code) { log += 'c'; });
    early.async_wait([&](std::error_code) { log += 'a'; });
    between.async_wait([&](std::error_code) { log += 'b'; });
    std::this_thread::sleep_for(10s);  // of virtual time, past all three timers
    co_await awaitest::settle();
    CHECK(log == "abc");
  }

  TEST("a plain test has it, too") {
    const auto begun = steady_clock::now();
    std::this_thread::sleep_for(1h);  // of virtual time
    CHECK(steady_clock::now() - begun == 1h);
  }

  TEST_ASYNC("real for this one", real_time()) {
    CHECK(unix_seconds() > year_2000 + 10 * 365 * 86400);
    const auto begun = steady_clock::now();
    co_await pause(2ms);
    CHECK(steady_clock::now() - begun >= 2ms);
  }

  // Each call sleeps for a millisecond or not at all: the calls are what is tested.
  TEST("in real time what blocks is libc's own", real_time()) {
    const auto begun = steady_clock::now();
    timespec span{0, 1'000'000};
    CHECK(::nanosleep(&span, nullptr) == 0);
    CHECK(::clock_nanosleep(CLOCK_MONOTONIC, 0, &span, nullptr) == 0);
    CHECK(::clock_nanosleep(CLOCK_REALTIME, 0, &span, nullptr) == 0);
    CHECK(::usleep(1000) == 0);  // what is tested, as the calls around it
    CHECK(::sleep(0) == 0U);
    timeval limit{0, 1000};
    CHECK(::select(0, nullptr, nullptr, nullptr, &limit) == 0);
    CHECK(steady_clock::now() - begun >= 5ms);
    const timespec bad{0, -1};
    CHECK(::clock_nanosleep(CLOCK_MONOTONIC, 0, &bad, nullptr) == EINVAL);
  }
  TEST("a wait by a clock that is not virtual, or of no span at all, moves nothing") {
    const auto begun = steady_clock::now();
    const timespec none{0, 0};
    CHECK(::clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &none, nullptr) == 0);
    const timespec bad{0, -1};
    CHECK(::clock_nanosleep(CLOCK_MONOTONIC, 0, &bad, nullptr) == EINVAL);
    CHECK(steady_clock::now() == begun);
  }

  TEST_ASYNC("after a real one: at its start again") {
    CHECK(unix_seconds() == year_2000);
    co_return;
  }

  TEST_ASYNC("at an instant", virtual_time(at("2030-03-01T00:00:00Z"))) {
    CHECK(unix_seconds() == 1'898'553'600);
    co_await pause(24h * 365);
    CHECK(unix_seconds() == 1'898'553'600 + 86400 * 365);
  }
  TEST_ASYNC("at an instant with an offset and a fraction",
             virtual_time(at("2030-03-01T01:30:00.25+01:30"))) {
    CHECK(system_clock::now().time_since_epoch() == 1'898'553'600s + 250ms);
    co_return;
  }
  TEST_ASYNC("at a day", virtual_time(at("1969-12-31"))) {
    CHECK(unix_seconds() == -86400);
    co_return;
  }

  TEST_ASYNC("a heartbeat for ever, in the background") {
    static int beats;  // it beats on at the instant at which the body ends
    beats = 0;
    awaitest::spawn_background([]() -> asio::awaitable<void> {
      for (;; ++beats) co_await pause(10ms);
    });
    co_await pause(1min);
    CHECK(beats == 5999);
  }

  TEST_ASYNC("a cleanup and a background child have their time") {
    awaitest::cleanup([]() -> asio::awaitable<void> { co_await pause(9s); });
    awaitest::spawn_background(pause(1h));
    CHECK(true);
    co_return;
  }
}

TEST_SUITE("virtual time: by hand", virtual_time(manual)) {
  TEST_ASYNC("advance fires what is on the way, each at its own time") {
    const auto begun = steady_clock::now();
    std::vector<std::chrono::nanoseconds> woken;
    for (const auto time : {3s, 1s, 2s, 5s})
      awaitest::spawn_background([&woken, begun, time]() -> asio::awaitable<void> {
        co_await pause(time);
        woken.push_back(steady_clock::now() - begun);
        co_await pause(500ms);
        woken.push_back(steady_clock::now() - begun);
      });
    co_await awaitest::settle();
    CHECK(steady_clock::now() == begun);
    co_await awaitest::this_test::advance(1s - 1ns);
    CHECK(woken.empty());
    co_await awaitest::this_test::advance(1ns);
    CHECK_THAT(woken, elements_are(1s));
    co_await awaitest::this_test::advance(2s);
    CHECK_THAT(woken, elements_are(1s, 1500ms, 2s, 2500ms, 3s));
    CHECK(steady_clock::now() - begun == 3s);
    co_await awaitest::this_test::advance(0s);
    CHECK(steady_clock::now() - begun == 3s);
    CHECK_THROWS_AS(co_await awaitest::this_test::advance(-1s), std::invalid_argument);
  }

  TEST_ASYNC("two advance at once") {
    const auto begun = steady_clock::now();
    const auto other = awaitest::spawn([&]() -> asio::awaitable<void> {
      co_await awaitest::this_test::advance(1s);
      CHECK(steady_clock::now() - begun == 1s);
    });
    co_await awaitest::this_test::advance(3s);
    CHECK(other.done());
    CHECK(steady_clock::now() - begun == 3s);
  }

  TEST_ASYNC("what is done at the end needs no hand") {
    awaitest::cleanup([]() -> asio::awaitable<void> { co_await pause(1s); });
    CHECK(true);
    co_return;
  }

  TEST_ASYNC("with a start", virtual_time(at("2030-03-01T00:00:00Z"), manual)) {
    co_await awaitest::this_test::advance(1h);
    CHECK(unix_seconds() == 1'898'553'600 + 3600);
  }

  TEST_ASYNC("jumping again", virtual_time()) {
    co_await pause(1h);
    CHECK_THROWS_AS(co_await awaitest::this_test::advance(1s), std::logic_error);
  }
}

TEST_SUITE("real time") {
  TEST_ASYNC("awaitest's clock and timer are everywhere") {
    const auto begun = awaitest::clock::now();
    awaitest::timer timer(co_await asio::this_coro::executor, 2ms);
    co_await timer.async_wait(asio::use_awaitable);
    CHECK(awaitest::clock::now() - begun >= 2ms);
    CHECK(unix_seconds() > year_2000 + 10 * 365 * 86400);
    CHECK_THROWS_WITH(co_await awaitest::this_test::advance(1s), contains("virtual_time(manual)"));
  }
}
