// Nor is the body of a TEST_ASYNC_F a coroutine without them.
// flags: -w
#include <awaitest/awaitest.hpp>

struct things_without_co_return {
  int n = 0;
};

// error: neither co_await nor co_return and is no coroutine
TEST_ASYNC_F("is no coroutine", (things_without_co_return & it)) { CHECK(it.n == 0); }
