// The file with main on Windows.
// flags: -D_WIN32
// only error: awaitest runs tests on POSIX systems only
#include <awaitest/main.hpp>

TEST("a test") { CHECK(1 + 1 == 2); }
TEST_ASYNC("another") { co_return; }
