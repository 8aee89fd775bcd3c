// A number is no duration.
#include <awaitest/awaitest.hpp>

using namespace std::chrono_literals;

// error(GNU): cannot convert .*nanoseconds
// error(Clang): no viable conversion .*nanoseconds
#ifdef FIXED
TEST("in time", timeout(2s)) { CHECK(true); }
#else
TEST("in time", timeout(2)) { CHECK(true); }
#endif
