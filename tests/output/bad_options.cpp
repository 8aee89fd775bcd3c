// Values of options that make no sense.
#include <awaitest/awaitest.hpp>

using namespace std::chrono_literals;

TEST("retries", retries(-1)) { CHECK(true); }
TEST("repeat", repeat(0)) { CHECK(true); }
TEST("timeout", timeout(-5ms)) { CHECK(true); }
TEST("tag", tag("two\nlines")) { CHECK(true); }
TEST_SUITE("inherited", retries(-2)) {
  TEST("by this one") { CHECK(true); }
}
TEST("retries and repeat", retries(1), repeat(2)) { CHECK(true); }
TEST("fine") { CHECK(true); }
