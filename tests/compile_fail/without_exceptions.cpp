// Exceptions switched off.
// flags: -fno-exceptions
// only error: awaitest needs exceptions: compile without -fno-exceptions
#include <awaitest/awaitest.hpp>

TEST("a test") { CHECK(1 + 1 == 2); }
TEST_ASYNC("another") { co_return; }
