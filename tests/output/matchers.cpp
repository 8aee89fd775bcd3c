// Every matcher, rejecting.
#include <awaitest/awaitest.hpp>

#include <asio/error.hpp>

#include <array>
#include <exception>
#include <list>
#include <map>
#include <string>
#include <system_error>
#include <vector>

#include "things.hpp"

using namespace awaitest::match;

namespace things {

struct user {
  int id;
  std::string name;
  std::string shout() const { return name + "!"; }
};

struct even {
  bool matches(int n) const { return n % 2 == 0; }
  std::string describe() const { return "an even number"; }
};
struct divisible {
  int by;
  bool matches(int n) const { return n % by == 0; }
  std::string describe() const { return "divisible by " + std::to_string(by); }
  std::string explain(int n) const { return "the remainder is " + std::to_string(n % by); }
};

}  // namespace things

TEST_SUITE("matchers") {
  TEST("relations") {
    CHECK_THAT(3, eq(4));
    CHECK_THAT(3, ne(3));
    CHECK_THAT(3, lt(3));
    CHECK_THAT(3, le(2));
    CHECK_THAT(3, gt(3));
    CHECK_THAT(3, ge(4));
    CHECK_THAT(3, 4);
    CHECK_THAT(std::string("ada"), "bob");
  }
  TEST("text") {
    const std::string text = "Ada Lovelace";
    CHECK_THAT(text, contains("Bob"));
    CHECK_THAT(text, starts_with("ada"));
    CHECK_THAT(text, ends_with("Love"));
    CHECK_THAT(text, matches("[a-z ]+"));
    CHECK_THAT(text, size_is(3));
    CHECK_THAT(text, is_empty());
    CHECK_THAT("a literal", contains("b"));
    CHECK_THAT(text, contains('x'));
    CHECK_THAT(text, contains(gt('z')));
  }
  TEST("a bad regular expression") { CHECK_THAT("text", matches("(")); }
  TEST("sequences") {
    const std::vector<int> numbers{1, 2, 3};
    CHECK_THAT(numbers, contains(7));
    CHECK_THAT(numbers, contains(gt(3)));
    CHECK_THAT(numbers, each(lt(3)));
    CHECK_THAT(numbers, elements_are(1, 2));
    CHECK_THAT(numbers, elements_are(1, gt(5), 3));
    CHECK_THAT(numbers, unordered_elements_are(3, 2, 2));
    CHECK_THAT(numbers, size_is(4));
    CHECK_THAT(numbers, size_is(gt(3)));
    CHECK_THAT(numbers, is_empty());
    CHECK_THAT(std::vector<int>{}, elements_are(1));
    const std::list<std::string> names{"ada", "bob"};
    CHECK_THAT(names, contains("eve"));
    CHECK_THAT(names, elements_are("ada", starts_with("c")));
    const std::map<std::string, int> ages{{"ada", 36}};
    CHECK_THAT(ages, size_is(2));
    const int array[] = {1, 2};
    CHECK_THAT(array, contains(3));
  }
  TEST("combined") {
    CHECK_THAT(3, all_of(gt(1), lt(3)));
    CHECK_THAT(3, any_of(1, 2, gt(5)));
    CHECK_THAT(3, not_(3));
    CHECK_THAT(std::string("ada"), not_(all_of(starts_with("a"), size_is(3))));
    CHECK_THAT(3, not_(_));
  }
  TEST("fields") {
    const things::user ada{7, "ada"};
    CHECK_THAT(ada, field(&things::user::id, ge(8)));
    CHECK_THAT(ada, field(&things::user::shout, "bob!"));
    CHECK_THAT(ada, all_of(field(&things::user::id, 7), field(&things::user::name, "bob")));
  }
  TEST("numbers") {
    CHECK_THAT(3.25, near(3.0, 0.125));
    CHECK(3.25 == awaitest::approx(3.0));
    CHECK(3.25 == awaitest::approx(3.0).margin(0.125));
  }
  TEST("errors") {
    const std::error_code eof = asio::error::eof;
    CHECK_THAT(eof, throws_error(asio::error::connection_reset));
    CHECK_THAT([] { things::eof(); }, throws_error(asio::error::connection_reset));
    CHECK_THAT([] {}, throws_error(asio::error::eof));
    CHECK_THAT([] { things::throws(); }, throws_error(make_error_condition(std::errc::timed_out)));
  }
  TEST("one's own") {
    CHECK_THAT(3, things::even());
    CHECK_THAT(7, things::divisible{5});
    CHECK_THAT(7, not_(things::divisible{7}));
  }
  TEST("of a message") {
    CHECK_THROWS_WITH(things::throws(), all_of(starts_with("no"), ends_with("body")));
    CHECK_THROWS_WITH(things::throws(), not_(contains("such")));
  }
  TEST_ASYNC("awaited") { CHECK_THAT(co_await things::number(3), gt(3)); }
}
