// An assertion takes one comparison.
// only error: an assertion takes one comparison: in place of a == b == c write a == b && b == c
#include <awaitest/awaitest.hpp>

TEST("chained comparison") {
  const int a = 1, b = 2, c = 3;
#ifdef FIXED
  CHECK(a != b && b != c);
#else
  CHECK(a == b == c);
#endif
}
