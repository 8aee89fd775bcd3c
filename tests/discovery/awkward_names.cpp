// Names that a command line, a shell, CMake or CTest might take for something else. Each test runs only if CTest found
// it by its exact name.
#include <awaitest/awaitest.hpp>

#include <string>

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

// Named by their index, and by the beginning of the text and a hash.
namespace {
const int one = 1, two = 2;
}
TEST_P("pointers", (const int* n), cases{&one, &two}) { CHECK(*n > 0); }
TEST_P("long", (std::string text), cases{std::string(200'000, 'x'), std::string(200'001, 'x')}) {
  CHECK(text.size() >= 200'000);
}
TEST_P("control characters", (std::string text), cases{cases::named("two\nlines\x1b[0m\xff", "x")}) {
  CHECK(text == "x");
}

TEST("what a test says of itself", tag("a tag", "semi;colon"), timeout(15s), serial(),
     resource("port:8080")) {
  CHECK(true);
}
TEST_ASYNC("a search", timeout(10s), explore()) {
  CHECK(true);
  co_return;
}
TEST("a skip shows as skipped", skip("to be seen in CTest")) { CHECK(false); }

TEST_SUITE("suite", tag("of the suite")) {
  TEST_ASYNC("in a suite") {
    CHECK(true);
    co_return;
  }
}
