// Tests that fail when the environment says so: FAIL holds the letters of those that do.
#include <awaitest/awaitest.hpp>

#include <cstdlib>
#include <string>

namespace {

bool fails(const char* which) {
  const auto* list = std::getenv("FAIL");
  return list && std::string(list).find(which) != std::string::npos;
}

}  // namespace

TEST("a") { CHECK_FALSE(fails("a")); }
TEST_SUITE("suite") {
  TEST("b") { CHECK_FALSE(fails("b")); }
  TEST_P("c", (std::string name), cases{"x", "y", cases::named("a\nname", "z")}) {
    CHECK_FALSE(fails(name.c_str()));
  }
}
TEST("d", skip_if(std::getenv("SKIP_D") != nullptr, "asked for")) { CHECK_FALSE(fails("d")); }
