// The same in the file with main.
// flags: -fno-exceptions
// only error: awaitest needs exceptions: compile without -fno-exceptions
#include <awaitest/main.hpp>

TEST("a test") { CHECK(1 + 1 == 2); }
TEST_ASYNC("another") { co_return; }
