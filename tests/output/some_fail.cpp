// Failures among others.
#include <awaitest/awaitest.hpp>

#include <string>

TEST("passes") { CHECK(true); }
TEST("fails") { CHECK(1 == 2); }
TEST_SUITE("suite") {
  TEST("fails \"as\" <well> & ]]>") {
    INFO("seen");
    CHECK(std::string("]]> <\x01>\xff & \n") == "grüße");
  }
  TEST("is skipped", skip("a <reason>")) { CHECK(false); }
  TEST("fails as expected", should_fail("issue 7")) { CHECK(false); }
}
TEST("passes at the end") { CHECK(true); }
