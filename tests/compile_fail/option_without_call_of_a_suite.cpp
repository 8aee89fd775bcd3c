// So it is for a suite, and behind another option.
// only error: an option is a call: serial.., not serial
#include <awaitest/awaitest.hpp>

#ifdef FIXED
TEST_SUITE("alone", tag("a"), isolated()) {
  TEST("in it") { CHECK(true); }
}
#else
TEST_SUITE("alone", tag("a"), isolated) {
  TEST("in it") { CHECK(true); }
}
#endif
