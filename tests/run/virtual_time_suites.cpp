// Which time a fixture lives in, and which time a test finds: seen only when all run in one process, in their order.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace awaitest::match;
using std::chrono::steady_clock;
using std::chrono::system_clock;

namespace {

const auto start = steady_clock::time_point{24h * 365 * 20};
const auto millennium = system_clock::time_point{946'684'800s};

asio::awaitable<void> pause(std::chrono::nanoseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

/// Beats once a minute as long as it lives.
struct heart {
  static constexpr auto scope = awaitest::scope::suite;
  static inline int alive = 0;
  static inline std::vector<std::string> ends;

  std::vector<steady_clock::time_point> beats;
  asio::awaitable<void> set_up() {
    ++alive;
    awaitest::spawn_background(beat(), "heart");
    co_await pause(1ms);
  }
  asio::awaitable<void> tear_down() {
    --alive;
    co_await pause(1ms);
    ends.push_back(steady_clock::now() < start ? "real" : "virtual");
  }
  asio::awaitable<void> beat() {
    for (;; co_await pause(1min)) {
      if (!beats.empty() && beats.back() > steady_clock::now()) FAIL("time went back");
      beats.push_back(steady_clock::now());
    }
  }
};

}  // namespace

TEST_SUITE("times: a suite's fixture", virtual_time()) {
  TEST_ASYNC_F("comes up in virtual time", (heart & one)) {
    CHECK(heart::alive == 1);
    CHECK(steady_clock::now() == start + 1ms);
    co_await pause(10min);
    CHECK(one.beats.size() == 11u);
    CHECK(system_clock::now() == millennium + 10min + 1ms);
  }
  TEST_ASYNC_F("a test in real time has one of its own", (heart & one), real_time()) {
    CHECK(steady_clock::now() < start);
    co_await pause(1ms);
    CHECK_THAT(one.beats, elements_are(lt(steady_clock::now())));
  }
  TEST_ASYNC_F("its steady_clock goes on, the system's starts anew", (heart & one)) {
    CHECK(heart::alive == 1);
    CHECK(steady_clock::now() == start + 10min + 1ms);
    CHECK(system_clock::now() == millennium);
    co_await pause(1min);
    CHECK(one.beats.size() == 12u);
  }
  TEST_ASYNC_F("or where it is to", (heart & one), virtual_time(at("2030-03-01"))) {
    CHECK(one.beats.size() == 12u);
    CHECK(steady_clock::now() == start + 11min + 1ms);
    CHECK(system_clock::now() == system_clock::time_point{1'898'553'600s});
    co_return;
  }
}

TEST_SUITE("times: afterwards") {
  TEST_ASYNC("time is the machine's") {
    CHECK_EVENTUALLY(heart::ends.size() == 2u, 20s);  // the last one's tear_down may still be under way
    CHECK_THAT(heart::ends, elements_are("virtual", "real"));
    CHECK(heart::alive == 0);
    CHECK(steady_clock::now() < start);
    CHECK(system_clock::now() > millennium + 24h * 365 * 10);
    co_await pause(1ms);
  }
  TEST_ASYNC("virtual time starts anew", virtual_time()) {
    CHECK(steady_clock::now() == start);
    CHECK(system_clock::now() == millennium);
    co_await pause(1h);
  }
  TEST_ASYNC("each time", virtual_time(), repeat(3)) {
    CHECK(steady_clock::now() == start);
    co_await pause(1h);
  }
  TEST_ASYNC("on a loop of its own", virtual_time(), isolated()) {
    CHECK(steady_clock::now() == start);
    co_await pause(1h);
    CHECK(steady_clock::now() == start + 1h);
  }
  TEST("alone", virtual_time(), serial(), resource("r")) { CHECK(steady_clock::now() == start); }
  TEST("not run at all", virtual_time(), skip("not now")) { FAIL("it ran"); }
}

namespace {

/// Counts the times that it has come up, in each of the two times.
struct of_the_run {
  static constexpr auto scope = awaitest::scope::run;
  static inline int in_virtual_time = 0, in_real_time = 0;

  of_the_run() { ++(steady_clock::now() < start ? in_real_time : in_virtual_time); }
};

}  // namespace

// Each visit to a time is one of another suite, so that the worker goes from lane to lane and back.
TEST_SUITE("times: afterwards, a run's fixture") {
  TEST_SUITE("first") {
    TEST_F("comes up in virtual time", (of_the_run&), virtual_time()) {
      CHECK(of_the_run::in_virtual_time == 1);
    }
  }
  TEST_SUITE("second") {
    TEST_F("and in the machine's", (of_the_run&)) {
      CHECK(of_the_run::in_virtual_time == 1);
      CHECK(of_the_run::in_real_time == 1);
    }
  }
  TEST_SUITE("third") {
    TEST_ASYNC_F("is there when virtual time comes back", (of_the_run&), virtual_time()) {
      CHECK(of_the_run::in_virtual_time == 1);
      CHECK(steady_clock::now() >= start);
      const auto before = steady_clock::now();
      co_await pause(1h);
      CHECK(steady_clock::now() == before + 1h);
    }
  }
  TEST_SUITE("fourth") {
    TEST_ASYNC_F("an isolated test has one of its own", (of_the_run&), virtual_time(), isolated()) {
      CHECK(of_the_run::in_virtual_time == 2);
      CHECK(steady_clock::now() == start);
      co_await pause(1h);
    }
    TEST_F("and so has nobody after it", (of_the_run&)) { CHECK(of_the_run::in_real_time == 1); }
  }
}
