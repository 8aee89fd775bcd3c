// Two types that cannot be compared.
#include <awaitest/awaitest.hpp>

#include <string>

// error(GNU): no match for ‘operator==’
// error(Clang): invalid operands to binary expression
TEST("text and a number") {
  const std::string text = "42";
#ifdef FIXED
  CHECK(text == "42");
#else
  CHECK(text == 42);
#endif
}
