// That the body is no coroutine is an error where warnings are switched off, too.
// flags: -w
#include <awaitest/awaitest.hpp>

// error: neither co_await nor co_return and is no coroutine
TEST_ASYNC("is no coroutine") { CHECK(1 + 1 == 2); }
