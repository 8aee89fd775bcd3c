// Single values for a test of two.
// only error: a case has one value for each of the test.s parameters
#include <awaitest/awaitest.hpp>

#ifdef FIXED
TEST_P("cases that are too short", (int a, int b), cases{{1, 2}, {3, 4}}) { CHECK(a < b); }
#else
TEST_P("cases that are too short", (int a, int b), cases{1, 2, 3}) { CHECK(a < b); }
#endif
