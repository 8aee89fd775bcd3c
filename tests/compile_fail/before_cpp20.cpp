// A standard before C++20.
// flags: -std=c++17
// only error: awaitest needs C\+\+20: compile with -std=c\+\+20 or later
#include <awaitest/awaitest.hpp>

TEST("a test") { CHECK(1 + 1 == 2); }
TEST_ASYNC("another") { co_return; }
