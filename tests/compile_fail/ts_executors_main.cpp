// The same in the file with main.
// flags: -DASIO_USE_TS_EXECUTOR_AS_DEFAULT
// only error: compile without ASIO_USE_TS_EXECUTOR_AS_DEFAULT
#include <awaitest/main.hpp>

TEST("a test") { CHECK(1 + 1 == 2); }
TEST_ASYNC("another") { co_return; }
