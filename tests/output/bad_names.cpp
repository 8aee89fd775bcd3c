// Names that no list can hold.
#include <awaitest/awaitest.hpp>

TEST("") { CHECK(true); }
TEST("two\nlines") { CHECK(true); }
TEST_SUITE("") {
  TEST("in a suite without a name") { CHECK(true); }
}
TEST("fine") { CHECK(true); }
