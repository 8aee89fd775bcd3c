// The instant at which virtual time starts is read by the compiler.
#include <awaitest/awaitest.hpp>

// error(GNU): instant_is_like_2030_03_01T00_00_00Z
// error(Clang): consteval function .awaitest::option_names::at. is not a constant expression
#ifdef FIXED
TEST("from an instant", virtual_time(at("2028-02-29T00:00:00Z"))) { CHECK(true); }
#else
TEST("from an instant", virtual_time(at("1 March 2030"))) { CHECK(true); }
#endif
