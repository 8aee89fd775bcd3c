// Two tests of one full name, out of two blocks of one suite; and two on one line.
#include <awaitest/awaitest.hpp>

TEST_SUITE("bank") {
  TEST("opens") { CHECK(true); }
}
TEST_SUITE("bank") {
  TEST("opens") { CHECK(true); }
  TEST("closes") { CHECK(true); }
}
TEST("bank/closes") { CHECK(true); }
