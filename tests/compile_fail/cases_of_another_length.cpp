// error(GNU): could not convert|no matching function
// error(Clang): no matching (constructor|conversion)|no viable
#include <awaitest/awaitest.hpp>

#ifdef FIXED
TEST_P("cases of another length", (int a, int b), cases{{1, 2}, {3, 4}}) { CHECK(a < b); }
#else
TEST_P("cases of another length", (int a, int b), cases{{1, 2, 3}, {3, 4}}) { CHECK(a < b); }
#endif
