// What others wait for has one place.
#include <awaitest/awaitest.hpp>

// error: use of deleted function|call to deleted constructor
TEST("a gate and its copy") {
  awaitest::gate gate;
#ifdef FIXED
  const auto& same = gate;
#else
  const auto same = gate;
#endif
  CHECK_FALSE(same.is_open());
}
