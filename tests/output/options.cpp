// Options, each seen from outside.
#include <awaitest/awaitest.hpp>

#include <asio/use_awaitable.hpp>

#include <atomic>
#include <latch>
#include <set>
#include <string>

using namespace std::chrono_literals;

namespace {

int attempts = 0;
int overlapping = 0;

// On two threads at once, each test waits for the other.
std::latch both{2};

std::atomic<int> holders{0};
void hold() {
  CHECK(++holders == 1);
  const auto end = std::chrono::steady_clock::now() + 5ms;
  while (std::chrono::steady_clock::now() < end) continue;
  --holders;
}

}  // namespace

TEST_SUITE("skip") {
  TEST("skipped", skip("not on Tuesdays")) { FAIL("it ran"); }
  TEST("without a reason", skip()) { FAIL("it ran"); }
  TEST("if so", skip_if(true, "no network")) { FAIL("it ran"); }
  TEST("if not", skip_if(false, "no network")) { CHECK(true); }
  TEST_SUITE("a whole suite", skip("later")) {
    TEST("is skipped") { FAIL("it ran"); }
  }
}

TEST_SUITE("should_fail") {
  TEST("fails", should_fail("issue 7")) { CHECK(1 == 2); }
  TEST("without a reason", should_fail()) { CHECK(1 == 2); }
  TEST_ASYNC("throws", should_fail("issue 7")) {
    throw 42;
    co_return;
  }
  TEST_ASYNC("times out", should_fail("issue 7"), timeout(1ms)) { co_await awaitest::sleep_for(1h); }
  TEST_ASYNC("is stuck", should_fail("issue 7")) {
    awaitest::gate gate;
    co_await gate.wait();
  }
  TEST("passes", should_fail("issue 7")) { CHECK(1 == 1); }
  TEST("is skipped in its body", should_fail("issue 7")) { SKIP("no network"); }
}

TEST_SUITE("retries") {
  TEST("the third attempt is good", retries(2)) { CHECK(++attempts == 3); }
  TEST("none is good", retries(2)) { CHECK(false); }
  TEST("the first is good", retries(2)) { CHECK(true); }
  TEST("with should_fail", retries(2), should_fail("issue 7")) { CHECK(false); }
}

TEST_SUITE("repeat") {
  TEST("all are good", repeat(3)) { CHECK(true); }
  TEST("the second is bad", repeat(3)) {
    static int times = 0;
    CHECK(++times != 2);
  }
}

TEST_SUITE("tags", tag("outer")) {
  TEST("none of its own") { CHECK(true); }
  TEST("two", tag("inner", "slow")) { CHECK(true); }
  TEST_SUITE("deeper", tag("deep")) {
    TEST("inherits both") { CHECK(true); }
  }
}

TEST("meets the other", tag("meet")) {
  both.arrive_and_wait();
  CHECK(true);
}
TEST("meets the one", tag("meet")) {
  both.arrive_and_wait();
  CHECK(true);
}

TEST("holds a port", tag("port"), resource("port:8080")) { hold(); }
TEST("holds the same port", tag("port"), resource("port:8080", "disk")) { hold(); }
TEST("holds it, too", tag("port"), resource("port:8080")) { hold(); }

TEST("serial", tag("serial"), serial()) {
  ++overlapping;
  hold();
}
TEST("serial as well", tag("serial"), serial()) { hold(); }
