// A list to be split; with MORE in it there are tests before, between and behind.
#include <awaitest/awaitest.hpp>

#include <numeric>
#include <vector>

namespace {

std::vector<int> numbers(std::size_t count) {
  std::vector<int> all(count);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

}  // namespace

#ifdef MORE
TEST("before") { CHECK(true); }
#endif
TEST("first") { CHECK(true); }
TEST_P("of many", (int n), cases::from(numbers(60))) { CHECK(n >= 0); }
TEST_SUITE("suite") {
#ifdef MORE
  TEST_P("between", (int n), cases::from(numbers(20))) { CHECK(n >= 0); }
#endif
  TEST("second") { CHECK(true); }
  TEST_P("odd names", (std::string text), cases{"a;b", "[", "]", "a b", "\\", "\"", "", "$x", "ü"}) {
    CHECK(text != "x");
  }
  TEST_SUITE("deeper") {
    TEST("third") { CHECK(true); }
  }
}
#ifdef MORE
TEST("behind") { CHECK(true); }
#endif
