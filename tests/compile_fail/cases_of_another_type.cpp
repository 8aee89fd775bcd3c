// A text where the test takes a number.
// only error: a value of a case does not convert to the type of its parameter
#include <awaitest/awaitest.hpp>

#ifdef FIXED
TEST_P("cases of another type", (int a, int b), cases{{1, 2}, {3, 4}}) { CHECK(a < b); }
#else
TEST_P("cases of another type", (int a, int b), cases{{"1", 2}, {3, 4}}) { CHECK(a < b); }
#endif
