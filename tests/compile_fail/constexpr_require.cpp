// An assertion belongs to a running test: it is no constant expression.
#include <awaitest/awaitest.hpp>

namespace {

#ifdef FIXED
int checked(int n) {
#else
constexpr int checked(int n) {
#endif
  REQUIRE(n > 0);
  return n;
}

#ifndef FIXED
static_assert(checked(1) == 1);
#endif

}  // namespace

// error: constexpr|constant expression
TEST("checks") { CHECK(checked(1) == 1); }
