// Names that a command line, a shell, CMake or CTest might take for something else. Each test runs only if CTest found
// it by its exact name.
#include <awaitest/awaitest.hpp>

using namespace std::chrono_literals;

TEST("a name with spaces") { CHECK(true); }
TEST("semi;colon") { CHECK(true); }
TEST("double \"quotes\" and 'single'") { CHECK(true); }
TEST("[bracket") { CHECK(true); }
TEST("bracket]") { CHECK(true); }
TEST("a]b[c") { CHECK(true); }
TEST("]==]") { CHECK(true); }
TEST("ends with ]==") { CHECK(true); }
TEST("[==[ and ]===]") { CHECK(true); }
TEST("$dollar ${variable} $ENV{HOME} $<CONFIG>") { CHECK(true); }
TEST("#hash") { CHECK(true); }
TEST("back\\slash and \\n") { CHECK(true); }
TEST("-dash") { CHECK(true); }
TEST("--list") { CHECK(true); }
TEST("~tilde") { CHECK(true); }
TEST("a*b?") { CHECK(true); }
TEST("@at@") { CHECK(true); }
TEST("percent %d %% %PATH%") { CHECK(true); }
TEST("größe 測試") { CHECK(true); }

TEST("what a test says of itself", tag("a tag", "semi;colon"), timeout(15s), serial(),
     resource("port:8080")) {
  CHECK(true);
}
TEST("a skip shows as skipped", skip("to be seen in CTest")) { CHECK(false); }

TEST_SUITE("suite", tag("of the suite")) {
  TEST_ASYNC("in a suite") {
    CHECK(true);
    co_return;
  }
}
