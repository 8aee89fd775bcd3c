// Tests that change where the process is, and fail.
#include <awaitest/awaitest.hpp>

#include <unistd.h>

#include <cstdlib>
#include <string>

TEST("leaves the directory") { REQUIRE(::chdir("/") != 0); }
TEST("wants a directory of its own") {
  ::setenv("TMPDIR", "/nowhere", 1);
  CHECK(!awaitest::this_test::temp_dir().empty());
}
