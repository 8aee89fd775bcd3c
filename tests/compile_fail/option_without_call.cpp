// An option is a function.
// only error: an option is a call: serial.., not serial
#include <awaitest/awaitest.hpp>

#ifdef FIXED
TEST("alone", serial()) { CHECK(true); }
#else
TEST("alone", serial) { CHECK(true); }
#endif
