// The executors of the Networking TS as Asio's default.
// flags: -DASIO_USE_TS_EXECUTOR_AS_DEFAULT
// only error: compile without ASIO_USE_TS_EXECUTOR_AS_DEFAULT
#include <awaitest/awaitest.hpp>

TEST("a test") { CHECK(1 + 1 == 2); }
TEST_ASYNC("another") { co_return; }
