// Nor is the body of a TEST_ASYNC_P a coroutine without them.
// flags: -w
#include <awaitest/awaitest.hpp>

// error: neither co_await nor co_return and is no coroutine
TEST_ASYNC_P("is no coroutine", (int n), cases{1, 2}) { CHECK(n > 0); }
