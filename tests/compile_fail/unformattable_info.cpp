// INFO needs what fmt can print; CAPTURE takes anything.
#include <awaitest/awaitest.hpp>

namespace {
struct unformattable {};
}  // namespace

// error: Cannot format an argument|formatter<T> specialization|is not formattable|static assertion failed
TEST("an argument that cannot be formatted") {
  const unformattable value;
#ifdef FIXED
  CAPTURE(value);
#else
  INFO("{}", value);
#endif
  CHECK(true);
}
