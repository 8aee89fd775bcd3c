// INFO with a value too few.
#include <awaitest/awaitest.hpp>

// error(GNU): on_error|throw_format_error
// error(Clang): call to consteval function .* is not a constant expression
TEST("argument not found") {
#ifdef FIXED
  INFO("{} of {}", 1, 2);
#else
  INFO("{} of {}", 1);
#endif
  CHECK(true);
}
