// The virtual clock by itself.
#include <awaitest/awaitest.hpp>
#include <awaitest/model/last_moments.hpp>
#include <awaitest/time/virtual_clock.hpp>

#include <chrono>
#include <limits>

using namespace std::chrono_literals;
using awaitest::detail::time_scope;
using awaitest::detail::virtual_clock;

TEST_SUITE("time: virtual clock") {
  TEST("a test begins at its start, and steady_clock where it starts or goes on") {
    virtual_clock clock;
    clock.begin(1'000, false);
    CHECK(clock.system() == 1'000);
    CHECK(clock.steady() == virtual_clock::steady_start);
    clock.move_by(5);
    CHECK(clock.system() == 1'005);
    clock.begin(2'000, true);
    CHECK(clock.system() == 2'000);
    CHECK(clock.steady() == virtual_clock::steady_start + 5);
    clock.begin(3'000, false);
    CHECK(clock.steady() == virtual_clock::steady_start);
  }
  TEST("it does not go back, and stops at the end of time") {
    virtual_clock clock;
    const auto now = clock.now();
    clock.move_to(now + 1s);
    clock.move_to(now);
    CHECK(clock.now() == now + 1s);
    clock.move_by(std::numeric_limits<std::int64_t>::max());
    CHECK(clock.steady() == std::numeric_limits<std::int64_t>::max());
    const auto end = clock.now();
    clock.look_from(now);
    CHECK(clock.now() == now);
    clock.look_from(end);
    CHECK(clock.now() == end);
  }
  TEST("blocking calls move it, and are told once for each function") {
    virtual_clock clock;
    const auto before = clock.steady();
    const char* const sleep = "sleep";
    clock.blocked(sleep, 5);
    clock.blocked("select", 2);
    clock.blocked(sleep, 7);
    clock.blocked(sleep, 0);
    CHECK(clock.steady() == before + 14);
    const auto calls = clock.take_blocking_calls();
    REQUIRE(calls.size() == 2u);
    CHECK(calls[0].calls == 3u);
    CHECK(calls[0].span == 12);
    CHECK(calls[1].calls == 1u);
    CHECK(clock.take_blocking_calls().empty());
  }
  TEST("the first target is the earliest; each is there as often as it was added") {
    virtual_clock clock;
    const auto now = clock.now();
    CHECK_FALSE(clock.has_target());
    CHECK(clock.target() == virtual_clock::time_point::max());
    for (const auto span : {3s, 1s, 2s, 1s}) clock.add_target(now + span);
    CHECK(clock.target() == now + 1s);
    clock.remove_target(now + 1s);
    CHECK(clock.target() == now + 1s);
    clock.remove_target(now + 1s);
    CHECK(clock.target() == now + 2s);
    clock.remove_target(now + 9s);
    CHECK(clock.has_target());
    clock.begin(0, false);
    CHECK_FALSE(clock.has_target());
  }
  TEST("a thread sees it inside its scope, and the machine's time by real_now()") {
    virtual_clock clock;
    clock.move_by(77);
    const auto real = awaitest::detail::real_now();
    {
      const time_scope see{&clock};
      CHECK(awaitest::detail::time_here == &clock);
      CHECK(awaitest::detail::real_now() - real < 1h);  // years lie between the two
      const time_scope again{nullptr};
      CHECK(awaitest::detail::time_here == nullptr);
    }
    CHECK(awaitest::detail::later(virtual_clock::time_point::max() - 1s, 2s) ==
          virtual_clock::time_point::max());
    CHECK(awaitest::detail::later(real, 2s) == real + 2s);
  }
  TEST_ASYNC("a wait for a lock of awaitest's takes no time of a test's", virtual_time()) {
    struct {
      int tries = 3;
      bool try_lock() { return --tries < 0; }
      void lock() {}
      void unlock() {}
    } held_for_a_moment;
    const auto begun = std::chrono::steady_clock::now();
    CHECK(awaitest::lock_soon(held_for_a_moment).owns_lock());
    CHECK(std::chrono::steady_clock::now() == begun);
    co_return;
  }
}
