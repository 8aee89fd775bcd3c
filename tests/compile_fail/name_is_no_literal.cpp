// The name of a test is a constant.
#include <awaitest/awaitest.hpp>

#include <string>

// error(GNU): cannot convert|non-constant|not a constant expression
// error(Clang): no viable conversion|must be initialized by a constant expression
#ifndef FIXED
static const std::string name = "a test";
TEST(name) { CHECK(true); }
#else
TEST("a test") { CHECK(true); }
#endif
