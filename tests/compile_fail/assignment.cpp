// An assignment where a comparison was meant.
#include <awaitest/awaitest.hpp>

// error(GNU): no match for ‘operator=’
// error(Clang): no viable overloaded .=.|expression is not assignable
TEST("one equals sign is missing") {
  int answer = 42;
#ifdef FIXED
  CHECK(answer == 42);
#else
  CHECK(answer = 42);
#endif
}
