// A suite names a group of tests and gives them options; suites nest. The full name of the test "opens" below
// is bank/accounts/opens, and it has the options of both suites and its own.
#include <awaitest/awaitest.hpp>

#include <cstdlib>

using namespace std::chrono_literals;

// Every test of it: CTest sees a tag as a label, and `--tag money` selects by it. What takes longer than its
// timeout is cancelled and has failed; the next test runs all the same.
TEST_SUITE("bank", tag("money"), timeout(2s)) {
  TEST_SUITE("accounts", tag("accounts", "fast")) {
    TEST("opens") { CHECK(awaitest::this_test::name() == "bank/accounts/opens"); }

    TEST("closes", timeout(500ms)) { CHECK(true); }  // its own timeout, not the suite's
  }

  TEST("two tests that name a resource never overlap", resource("port:8080"), resource("ledger")) {
    CHECK(true);
  }

  TEST("overlaps with no other test at all", serial()) { CHECK(true); }
}

TEST_SUITE("not today") {
  TEST("skipped, and reported as that", skip("the printer is out of paper")) { FAIL("on fire"); }

  TEST("skipped where it cannot run", skip_if(std::getenv("HOME") == nullptr, "needs a home")) {
    CHECK(true);
  }

  // A known bug: the test is fine while it fails, and fails on the day that the bug is gone.
  TEST("rounds half to even", should_fail("issue 17")) { CHECK(static_cast<int>(2.5 + 0.5) == 2); }
}

TEST_SUITE("again") {
  TEST("passes when one attempt of four does", retries(3)) {
    static int attempt = 0;
    CHECK(++attempt >= 2);
  }

  TEST("passes when all ten rounds do", repeat(10)) { CHECK(true); }
}
