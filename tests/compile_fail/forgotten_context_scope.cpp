// A scope that ends at once.
#include <awaitest/awaitest.hpp>

// warning(GNU): ignoring return(ed)? value
// warning(Clang): ignoring (return value|temporary)
TEST("carries nothing") {
  const auto context = awaitest::context::capture();
#ifdef FIXED
  const auto in = context.enter();
#else
  context.enter();
#endif
  CHECK(true);
}
