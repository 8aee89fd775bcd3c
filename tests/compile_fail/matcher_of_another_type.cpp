// A matcher that cannot be applied to the value.
#include <awaitest/awaitest.hpp>

#include <string>

// error: this matcher cannot be applied to a value of this type
TEST("a number that starts with text") {
#ifdef FIXED
  const std::string value = "42";
#else
  const int value = 42;
#endif
  CHECK_THAT(value, awaitest::match::starts_with("4"));
}
