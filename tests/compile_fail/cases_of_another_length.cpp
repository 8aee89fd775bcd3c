// only error: a case has one value for each of the test.s parameters
#include <awaitest/awaitest.hpp>

#ifdef FIXED
TEST_P("cases of another length", (int a, int b), cases{{1, 2}, {3, 4}}) { CHECK(a < b); }
#else
TEST_P("cases of another length", (int a, int b), cases{{1, 2, 3}, {3, 4}}) { CHECK(a < b); }
#endif
