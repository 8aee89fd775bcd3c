// Types of one's own in assertions: how a failure prints them, and matchers that know them.
#include <awaitest/awaitest.hpp>

#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

using namespace awaitest::match;

namespace {

struct money {
  long cents = 0;
  friend bool operator==(const money&, const money&) = default;
};

struct point {  // nothing knows how to print it: it can be compared all the same, and is printed by its type
  int x = 0, y = 0;
  friend bool operator==(const point&, const point&) = default;
};

}  // namespace

// What fmt can format is printed by fmt; an operator<< will do, too.
template <>
struct fmt::formatter<money> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  auto format(const money& m, format_context& context) const {
    return fmt::format_to(context.out(), "{}.{:02} EUR", m.cents / 100, m.cents % 100);
  }
};

namespace {

// A matcher is any type with these two functions; describe() completes "expected: a value that ...". It may
// have a third, explain(value), that says what is wrong with a value.
struct at_most {
  long cents;
  bool matches(const money& m) const { return m.cents <= cents; }
  std::string describe() const { return "at most " + std::to_string(cents) + " cents"; }
  std::string explain(const money& m) const { return std::to_string(m.cents - cents) + " too many"; }
};

}  // namespace

TEST_SUITE("own types") {
  TEST("are compared and printed") {
    CHECK(money{250} == money{250});
    CHECK(point{1, 2} == point{1, 2});
  }

  TEST("matchers of one's own nest like the others") {
    const std::vector<money> prices{{100}, {250}};
    CHECK_THAT(prices.front(), at_most{100});
    CHECK_THAT(prices, each(at_most{300}));
    CHECK_THAT(prices, contains(not_(at_most{200})));
  }
}
