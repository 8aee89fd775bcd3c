// A duration is no option.
// only error: this is no option: those are tag..net.., timeout.2s.
#include <awaitest/awaitest.hpp>

#ifdef FIXED
TEST("timed", timeout(std::chrono::seconds(2))) { CHECK(true); }
#else
TEST("timed", std::chrono::seconds(2)) { CHECK(true); }
#endif
