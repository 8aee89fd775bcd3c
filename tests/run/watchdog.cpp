// The states that the watchdog watches, at moments that the test names; and its thread.
#include <awaitest/awaitest.hpp>
#include <awaitest/run/watch/blocked_judge.hpp>
#include <awaitest/run/watch/start_and_end.hpp>
#include <awaitest/run/watch/watchdog.hpp>

#include <atomic>
#include <chrono>
#include <semaphore>

using namespace std::chrono_literals;
using awaitest::end_cause;
using awaitest::detail::blocked_judge;
using awaitest::detail::start_or_end;
using awaitest::detail::watchdog;
using awaitest::detail::watched_state;
using awaitest::detail::watched_worker;
namespace limits = awaitest::detail::limits;

namespace {

constexpr auto never = watched_worker::never;
constexpr auto between = watched_worker::between_tests;
constexpr std::int64_t second = 1'000'000'000;

/// A loop under a judge, looked at as the watchdog does.
struct looks {
  explicit looks(std::int64_t patience) : judge{patience} {}
  blocked_judge judge;
  blocked_judge::time_point now{1h};
  std::uint64_t turns = 2;

  bool after(std::chrono::nanoseconds time, std::int64_t blocked_after, bool stopped = false,
             bool excused = false) {
    now += time;
    return judge.look(turns, blocked_after, now, stopped, excused);
  }
  std::int64_t until(std::chrono::nanoseconds time) const { return (now + time).time_since_epoch().count(); }
};

/// A state that says what the watchdog's thread has done with it.
struct told_state final : watched_state {
  std::atomic<int> looks{0}, wakes{0};
  std::counting_semaphore<> looked{0};
  void look(time_point, bool) override {
    ++looks;
    looked.release();
  }
  void woken() override { ++wakes; }
};

}  // namespace

TEST_SUITE("watchdog: is a loop blocked?") {
  TEST("not while its test may run, and then at once") {
    looks at{5 * second};
    const auto limit = at.until(10s);
    CHECK(!at.after(0s, limit));
    CHECK(!at.after(9s, limit));
    CHECK(!at.after(999ms, limit));
    CHECK(at.after(1ms, limit));
  }
  TEST("never without a limit") {
    looks at{5 * second};
    CHECK(!at.after(0s, never));
    CHECK(!at.after(24h, never));
  }
  TEST("between tests when one handler has had it for longer than the patience") {
    looks at{5 * second};
    CHECK(!at.after(0s, between));
    CHECK(!at.after(5s, between));
    CHECK(at.after(1ns, between));
    CHECK(at.judge.held(at.now) == 5 * second + 1);
  }
  TEST("not when another handler has begun since") {
    looks at{5 * second};
    CHECK(!at.after(0s, between));
    at.turns += 2;
    CHECK(!at.after(6s, between));
    CHECK(at.judge.held(at.now) == 0);
    CHECK(at.after(6s, between));
  }
  TEST("not while it waits for a handler, however long") {
    looks at{5 * second};
    at.turns = 3;
    CHECK(!at.after(0s, between));
    CHECK(!at.after(1h, between));
    CHECK(at.judge.held(at.now) == 0);
  }
  TEST("never between tests without patience") {
    looks at{0};
    CHECK(!at.after(0s, between));
    CHECK(!at.after(24h, between));
  }
  TEST("not while a reader pauses, nor at the look after that") {
    looks at{5 * second};
    const auto limit = at.until(1s);
    CHECK(!at.after(2s, limit, false, true));
    CHECK(!at.after(500ms, limit));
    CHECK(at.after(500ms, limit));
  }
  TEST("not for as long as a loop may be, after the process was stopped") {
    looks at{5 * second};
    const auto limit = at.until(1s);
    CHECK(!at.after(1h, limit, true));
    CHECK(!at.after(limits::blocked - 1ms, limit));
    CHECK(at.after(1ms, limit));
  }
  TEST("and between tests the time before the stop does not count") {
    looks at{5 * second};
    CHECK(!at.after(0s, between));
    CHECK(!at.after(4s, between, true));
    CHECK(!at.after(4s, between));
    CHECK(!at.after(1s, between));
    CHECK(at.after(1ms, between));
  }
  TEST("the patience between tests is that of --timeout, but no hasty one") {
    constexpr auto least = std::chrono::nanoseconds{limits::blocked}.count();
    CHECK(awaitest::detail::patience_between_tests(0) == 0);
    CHECK(awaitest::detail::patience_between_tests(1) == least);
    CHECK(awaitest::detail::patience_between_tests(least + 1) == least + 1);
  }
}

TEST_SUITE("watchdog: is a process late to begin, or to end?") {
  constexpr auto least = std::chrono::nanoseconds{limits::start_or_end};

  TEST("after the patience, and that is no hasty one") {
    const auto before = std::chrono::steady_clock::now();
    start_or_end one{end_cause::never_ends, 0, 1};
    const auto after = std::chrono::steady_clock::now();
    CHECK(!one.is_late(before + least - 1ms, false));
    CHECK(one.is_late(after + least, false));
  }
  TEST("after a longer one where that is asked for") {
    start_or_end one{end_cause::never_ends, 0, 3600 * second};
    const auto now = std::chrono::steady_clock::now();
    CHECK(!one.is_late(now + 59min, false));
    CHECK(one.is_late(now + 1h, false));
  }
  TEST("what is excused does not count") {
    start_or_end one{end_cause::never_ends, 0, 1};
    const auto now = std::chrono::steady_clock::now();
    CHECK(!one.is_late(now + 1h, true));
    CHECK(!one.is_late(now + 1h + least - 1ns, false));
    CHECK(one.is_late(now + 1h + least, false));
  }
}

TEST_SUITE("watchdog: its thread") {
  TEST("looks at one state at a time, and is woken for it") {
    watchdog dog;
    CHECK(!dog.watches());
    told_state outer, inner;
    CHECK(dog.watch(&outer) == nullptr);
    CHECK(dog.watches());
    dog.wake();
    outer.looked.acquire();
    CHECK(outer.wakes >= 1);
    CHECK(dog.thread() != awaitest::detail::this_thread_id());

    CHECK(dog.watch(&inner) == &outer);
    const int before = outer.looks;
    dog.wake();
    inner.looked.acquire();
    CHECK(dog.watch(&outer) == &inner);
    CHECK(outer.looks == before);
    const int inner_looks = inner.looks;
    while (outer.looked.try_acquire()) {
    }
    dog.wake();
    outer.looked.acquire();
    CHECK(inner.looks == inner_looks);

    dog.end();
    CHECK(!dog.watches());
    dog.end();  // a second time it has nothing to do
  }
  TEST("is there once for all that comes one after the other, and not before there is something") {
    watchdog dog;
    CHECK(dog.watch(nullptr) == nullptr);
    CHECK(!dog.watches());
    long thread = 0;
    for (int i = 0; i < 3; ++i) {
      told_state one;
      dog.watch(&one);
      dog.wake();
      one.looked.acquire();
      if (i == 0) thread = dog.thread();
      CHECK(dog.thread() == thread);
      CHECK(dog.watch(nullptr) == &one);
    }
    dog.end();
  }
}
