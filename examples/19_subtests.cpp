// Parts of a test that have names: one that fails does not keep the others from running, and every report tells them by name.
#include <awaitest/awaitest.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

struct parsed {
  bool valid = false;
  int value = 0;
};
parsed parse(const std::string& text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos) return {};
  return {true, std::stoi(text)};
}

asio::awaitable<int> price(const std::string& currency) {
  co_await awaitest::sleep_for(1h);
  co_return static_cast<int>(currency.size());
}

}  // namespace

// A table of cases, where tests of their own (TEST_P) would be too much. A failure says ", in the subtest row 7".
TEST("numbers are parsed") {
  const std::vector<std::pair<std::string, int>> table = {{"7", 7}, {"12", 12}, {"007", 7}};
  for (const auto& [text, wanted] : table) {
    SUBTEST("row {}", text) {
      const auto got = parse(text);
      REQUIRE(got.valid);  // ends this row alone
      CHECK(got.value == wanted);
    }
  }
  SUBTEST("anything else is refused") {
    for (const char* const text : {"", "-1", "x"}) {
      SUBTEST("\"{}\"", text) { CHECK_FALSE(parse(text).valid); }  // they may be nested
    }
  }
}

// Steps that follow one another, awaited. A block that is ended (by a REQUIRE, an exception or a SKIP) can only be left together with the
// body, so the test is then run again from its beginning, with fresh fixtures and without that block, to see what the others say: after a
// failure, and only then, the rest of the body runs more than once.
TEST_ASYNC("prices come in", virtual_time()) {
  for (const std::string currency : {"eur", "usd"}) {
    SUBTEST(currency) {  // any text will do as a name, if it is the same each time
      REQUIRE(co_await price(currency) == 3);
    }
  }
  SUBTEST("on holidays") { SKIP("no holidays yet"); }
}
