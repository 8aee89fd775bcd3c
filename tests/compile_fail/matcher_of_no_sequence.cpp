// A matcher of sequences, for a value that is none.
#include <awaitest/awaitest.hpp>

#include <vector>

// error: this matcher cannot be applied to a value of this type
TEST("a number that contains one") {
#ifdef FIXED
  const std::vector<int> value{4, 2};
#else
  const int value = 42;
#endif
  CHECK_THAT(value, awaitest::match::contains(4));
}
