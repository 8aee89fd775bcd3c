// A matcher of elements, for a sequence of another type.
#include <awaitest/awaitest.hpp>

#include <string>
#include <vector>

// error: this matcher cannot be applied to a value of this type
TEST("numbers that start with text") {
#ifdef FIXED
  const std::vector<std::string> value{"4", "2"};
#else
  const std::vector<int> value{4, 2};
#endif
  CHECK_THAT(value, awaitest::match::each(awaitest::match::starts_with("4")));
}
