// One of several functions of a name.
// only error: an option is a call: serial.., not serial
#include <awaitest/awaitest.hpp>

#ifdef FIXED
TEST("virtually", virtual_time()) { CHECK(true); }
#else
TEST("virtually", virtual_time) { CHECK(true); }
#endif
