// A value that is neither true nor false.
#include <awaitest/awaitest.hpp>

#include <string>

// error(GNU): invalid ‘static_cast’ from type .* to type ‘bool’
// error(Clang): (cannot convert|static_cast from) .*to .*bool
TEST("text as a condition") {
  const std::string text = "42";
#ifdef FIXED
  CHECK(!text.empty());
#else
  CHECK(text);
#endif
}
