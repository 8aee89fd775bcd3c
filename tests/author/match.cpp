// Matchers: what each accepts and rejects, how they describe themselves, and those that a test brings along.
#include <awaitest/awaitest.hpp>

#include <asio/error.hpp>

#include <algorithm>
#include <forward_list>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace std::string_literals;
using namespace awaitest::match;
namespace match = awaitest::match;

namespace {

template <class M, class V>
bool accepts(const M& m, const V& value) {
  return m.matches(value);
}

struct user {
  int id;
  std::string title;
  const std::string& name() const { return title; }
};

/// The least that a matcher needs.
struct even {
  bool matches(int value) const { return value % 2 == 0; }
  std::string describe() const { return "an even number"; }
};
struct divides {
  int by;
  template <class T>
  bool matches(const T& value) const {
    return value % by == 0;
  }
  std::string describe() const { return "a multiple of " + std::to_string(by); }
  std::string explain(int value) const { return "the rest is " + std::to_string(value % by); }
};

}  // namespace

TEST_SUITE("author: matchers") {
  TEST("comparisons, and plain values for eq") {
    CHECK_THAT(3, eq(3));
    CHECK_THAT(3, 3);
    CHECK_THAT(3, ne(4));
    CHECK_THAT(3, lt(4));
    CHECK_THAT(3, le(3));
    CHECK_THAT(3, gt(2));
    CHECK_THAT(3, ge(3));
    CHECK_THAT("abc"s, "abc");
    CHECK_THAT("abc"s, lt("abd"));
    CHECK_THAT(std::vector{1}, std::vector{1});
    CHECK_THAT(7, _);
    CHECK_FALSE(accepts(eq(3), 4));
    CHECK_FALSE(accepts(lt(3), 3));
    CHECK_FALSE(accepts(eq("abc"), "abcd"s));
    CHECK(eq(3).describe() == "== 3");
    CHECK(ge("x").describe() == ">= \"x\"");
    CHECK(_.describe() == "anything");
  }

  TEST("text") {
    CHECK_THAT("hello"s, contains("ell"));
    CHECK_THAT("hello", starts_with("he"));
    CHECK_THAT("hello"s, ends_with("lo"));
    CHECK_THAT("hello"s, matches("h.*o"));
    CHECK_FALSE(accepts(matches("ell"), "hello"));  // the whole text
    CHECK_FALSE(accepts(contains("x"), "hello"s));
    CHECK_FALSE(accepts(starts_with("hello!"), "hello"));
    CHECK(accepts(contains(""), ""s));
    CHECK_THROWS_AS(matches("("), std::invalid_argument);
    CHECK_THROWS_WITH(matches("("), contains("matches(\"(\")"));
    CHECK(contains("e\"").describe() == "contains \"e\\\"\"");
    // A text of any length, but with a back-reference.
    const std::string much(60'000, 'a');
    for (const char* pattern :
         {"a+", "(a|b)*", "(?:a|aa)+", "(?=a)a*", "[^b]*?a{3,5}", "^.*$", "((a+)(b*))+"})
      CHECK(accepts(matches(pattern), much));
    CHECK_FALSE(accepts(matches("a+b"), much));
    CHECK(accepts(matches("(a)\\1*"), std::string(4'000, 'a')));
    CHECK_FALSE(accepts(matches("(a|b)\\1"), "ab"));
#if defined(__GLIBCXX__)
    CHECK_THROWS_WITH(accepts(matches("(a)\\1*"), much), contains("a text of 60000 characters is too long"));
#endif
    CHECK(matches("a+").describe() == "matches the regular expression \"a+\"");
  }

  TEST("sequences") {
    const std::vector three{1, 2, 3};
    CHECK_THAT(three, contains(2));
    CHECK_THAT(three, contains(gt(2)));
    CHECK_THAT((std::vector{"ada"s, "bob"s}), contains("bob"));
    CHECK_THAT((std::map<int, std::string>{{1, "a"}}), contains(std::pair<const int, std::string>(1, "a")));
    CHECK_FALSE(accepts(contains(9), three));
    CHECK_THAT(three, each(gt(0)));
    CHECK_THAT(std::vector<int>(), each(gt(0)));
    CHECK_FALSE(accepts(each(lt(3)), three));
    CHECK(each(lt(3)).explain(three) == "element 2 does not match");
    CHECK_THAT(three, size_is(3));
    CHECK_THAT(three, size_is(gt(2u)));
    CHECK_THAT("abc", size_is(3));
    CHECK_THAT((std::forward_list{1, 2}), size_is(2));
    CHECK(size_is(4).explain(three) == "the size is 3");
    CHECK_THAT(std::vector<int>(), is_empty());
    CHECK_THAT("", is_empty());
    CHECK_FALSE(accepts(is_empty(), three));
    const int array[] = {1, 2};
    CHECK_THAT(array, elements_are(1, 2));
    CHECK_THAT(array, size_is(2));
  }

  TEST("elements, in order and in any") {
    const std::vector three{1, 2, 3};
    CHECK_THAT(three, elements_are(1, 2, 3));
    CHECK_THAT(three, elements_are(1, _, gt(2)));
    CHECK_THAT((std::forward_list{1, 2}), elements_are(1, 2));
    CHECK_THAT(std::vector<int>(), elements_are());
    CHECK_FALSE(accepts(elements_are(1, 2), three));
    CHECK_FALSE(accepts(elements_are(1, 2, 3, 4), three));
    CHECK(elements_are(1, 2).explain(three) == "3 elements instead of 2");
    CHECK(elements_are(1, 7, 3).explain(three) == "element 1 does not match");
    CHECK_THAT(three, unordered_elements_are(3, 1, 2));
    CHECK_THAT(three, unordered_elements_are(_, lt(3), 1));  // only one assignment will do
    CHECK_THAT((std::vector{1, 1, 2}), unordered_elements_are(1, 2, 1));
    CHECK_THAT(std::vector<int>(), unordered_elements_are());
    CHECK_FALSE(accepts(unordered_elements_are(1, 2, 2), three));
    CHECK_FALSE(accepts(unordered_elements_are(1, 1, 2), (std::vector{1, 2, 2})));
    CHECK_FALSE(accepts(unordered_elements_are(1, 2), three));
    CHECK(unordered_elements_are(1).describe() == "elements, in any order, are (== 1)");
  }

  TEST("made of others") {
    CHECK_THAT(3, match::all_of(gt(2), lt(4), ne(7)));
    CHECK_THAT(3, match::any_of(1, 2, 3));
    CHECK_THAT(3, not_(4));
    CHECK_THAT(3, not_(match::any_of(eq(1), gt(5))));
    CHECK_FALSE(accepts(match::all_of(gt(2), lt(3)), 3));
    CHECK_FALSE(accepts(match::any_of(1, 2), 3));
    CHECK_THAT(3, match::all_of());
    CHECK_FALSE(accepts(match::any_of(), 3));
    CHECK(match::all_of(gt(2), not_(even())).describe() == "all of (> 2, not (an even number))");
    CHECK(match::any_of().describe() == "any of ()");
  }

  TEST("fields and getters") {
    const user ada{7, "ada"};
    CHECK_THAT(ada, field(&user::id, 7));
    CHECK_THAT(ada, field(&user::name, starts_with("a")));
    CHECK_THAT(ada, field([](const user& u) { return u.title.size(); }, 3u));
    CHECK_THAT((std::vector{ada}), contains(field(&user::id, ge(1))));
    CHECK_FALSE(accepts(field(&user::id, 8), ada));
    CHECK(field(&user::id, 8).explain(ada) == "the field is 7");
  }

  TEST("near") {
    CHECK_THAT(1.05, near(1, 0.1));
    CHECK_THAT(1, near(1, 0));
    CHECK_THAT(std::numeric_limits<double>::infinity(), near(std::numeric_limits<double>::infinity(), 0));
    CHECK_FALSE(accepts(near(1, 0.1), 1.2));
    CHECK_FALSE(accepts(near(1, 100), std::numeric_limits<double>::quiet_NaN()));
    CHECK(near(1, 0.5).explain(3) == "the difference is 2");
  }

  TEST("errors, wherever they are found") {
    const std::error_code eof = asio::error::eof;
    const auto wanted = throws_error(asio::error::eof);
    CHECK_THAT(eof, wanted);
    CHECK_THAT(std::system_error(eof), wanted);
    CHECK_THAT(std::make_exception_ptr(std::system_error(eof)), wanted);
    const auto call = [&] { throw std::system_error(eof); };
    CHECK_THAT(call, wanted);
    CHECK_THAT(std::make_error_code(std::errc::timed_out), throws_error(std::errc::timed_out));
    CHECK_FALSE(accepts(wanted, std::make_exception_ptr(1)));
    CHECK_FALSE(accepts(wanted, std::exception_ptr()));
    CHECK_FALSE(accepts(wanted, std::error_code()));
    CHECK_FALSE(accepts(wanted, [] {}));
    CHECK(wanted.explain(nullptr) == "it threw nothing");
    CHECK_THAT(wanted.describe(), contains("asio.misc:2"));
  }

  TEST("a test's own") {
    CHECK(awaitest::matcher<even, int>);
    CHECK_FALSE(awaitest::matcher<even, std::string>);
    CHECK_THAT(4, even());
    CHECK_THAT((std::vector{2, 4}), each(even()));
    CHECK_THAT(9, match::all_of(divides{3}, not_(even())));
    CHECK(awaitest::detail::explanation_of(divides{3}, 7) == "the rest is 1");
    CHECK(awaitest::detail::explanation_of(even(), 7).empty());
    const divides kept{5};
    CHECK_THAT(10, kept);
  }

  TEST("null pointers are values, not text") {
    CHECK(std::is_same_v<awaitest::detail::kept<std::nullptr_t>, std::nullptr_t>);
  }

  // <algorithm> has functions of the same names, and a matcher may hold types of std.
  TEST("the standard's algorithms are not meant") {
    using text = decltype(contains("a"));
    CHECK_FALSE(std::is_same_v<decltype(all_of(contains("a"), contains("b"), contains("c"))), bool>);
    CHECK_FALSE(std::is_same_v<decltype(any_of(contains("a"), contains("b"), contains("c"))), bool>);
    CHECK(std::is_class_v<text>);
  }

  TEST("views are kept as long as they are needed") {
    const auto made = contains(std::string(40, 'x'));
    CHECK(accepts(made, std::string(41, 'x')));
    const auto start = starts_with(std::string(40, 'y'));
    CHECK(accepts(start, std::string(41, 'y')));
  }
}
