// FAIL with a format that its value does not have.
#include <awaitest/awaitest.hpp>

// error(GNU): on_error|throw_format_error
// error(Clang): call to consteval function .* is not a constant expression
TEST("text as hexadecimal") {
#ifdef FIXED
  FAIL("{:x}", 42);
#else
  FAIL("{:x}", "text");
#endif
}
