// Nor is the body of a TEST_ASYNC_T a coroutine without them.
// flags: -w
#include <awaitest/awaitest.hpp>

// error: neither co_await nor co_return and is no coroutine
TEST_ASYNC_T("is no coroutine", (T), types<int, long>) { CHECK(T{} == 0); }
