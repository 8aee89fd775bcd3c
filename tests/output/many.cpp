// Names and tags to select from.
#include <awaitest/awaitest.hpp>

TEST_SUITE("net", tag("net")) {
  TEST("connects") { CHECK(true); }
  TEST("listens", tag("slow")) { CHECK(true); }
  TEST_SUITE("tcp") {
    TEST("connects") { CHECK(true); }
    TEST("closes", tag("slow")) { CHECK(true); }
  }
}
TEST_SUITE("disk") {
  TEST("writes", tag("slow"), serial()) { CHECK(true); }
  TEST("reads", tag("a;b"), resource("disk")) { CHECK(true); }
}
TEST("-dash") { CHECK(true); }
TEST("a*b") { CHECK(true); }
TEST("]==];$x\"'\\ ü") { CHECK(true); }
