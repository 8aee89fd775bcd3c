// A number is no duration.
#include <awaitest/awaitest.hpp>

using namespace std::chrono_literals;

// error(GNU): cannot convert .*time_span
// error(Clang): no viable conversion .*time_span
#ifdef FIXED
TEST("in time", timeout(2s)) { CHECK(true); }
#else
TEST("in time", timeout(2)) { CHECK(true); }
#endif
