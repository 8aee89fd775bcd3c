// The instant at which virtual time starts is read by the compiler.
#include <awaitest/awaitest.hpp>

// error(GNU): instant_has_no_such_day_or_time
// error(Clang): consteval function .awaitest::option_names::at. is not a constant expression
#ifdef FIXED
TEST("from a leap day", virtual_time(at("2028-02-29T00:00:00Z"))) { CHECK(true); }
#else
TEST("from a leap day", virtual_time(at("2030-02-29T00:00:00Z"))) { CHECK(true); }
#endif
