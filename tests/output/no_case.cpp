// Tests without a case: what was meant to run does not vanish.
#include <awaitest/awaitest.hpp>

#include <vector>

TEST_P("an empty range", (int n), cases::from(std::vector<int>{})) { CHECK(n == 1); }
TEST_SUITE("suite") {
  TEST_P("a product with an empty list", (int a, bool b), cases::product({1, 2}, {})) {
    CHECK(b == (a == 1));
  }
}
TEST_P("skipped", (int n), cases::from(std::vector<int>{}), skip("no broker to ask for them")) {
  CHECK(n == 1);
}
TEST_P("fine", (int n), cases{1}) { CHECK(n == 1); }
