// Pairs for a test of one value.
// only error: a case has one value for each of the test.s parameters
#include <awaitest/awaitest.hpp>

#ifdef FIXED
TEST_P("cases of one value", (int a), cases{1, 2}) { CHECK(a > 0); }
#else
TEST_P("cases of one value", (int a), cases{{1, "one"}, {2, "two"}}) { CHECK(a > 0); }
#endif
