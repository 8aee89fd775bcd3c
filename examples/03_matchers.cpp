// CHECK_THAT(value, matcher) says what a value is like. Matchers nest; where one is expected, a plain value
// means eq(value) and _ means anything.
#include <awaitest/awaitest.hpp>

#include <map>
#include <string>
#include <system_error>
#include <vector>

#include <asio/error.hpp>

using namespace awaitest::match;

namespace {

struct user {
  int id = 0;
  std::string name;
};

asio::awaitable<std::vector<std::string>> names() {
  co_return std::vector<std::string>{"ada", "grace", "edsger"};
}

}  // namespace

TEST_SUITE("matchers") {
  TEST("comparisons and text") {
    CHECK_THAT(7, ge(1));
    CHECK_THAT(7, all_of(gt(1), lt(10), ne(8)));
    CHECK_THAT(7, any_of(1, le(7)));
    CHECK_THAT(3.14159, near(3.14, 0.01));

    const std::string text = "connection refused by 127.0.0.1";
    CHECK_THAT(text, contains("refused"));
    CHECK_THAT(text, all_of(starts_with("connection"), not_(ends_with("refused"))));
    CHECK_THAT(text, matches(R"(.* by (\d+\.){3}\d+)"));  // the whole text
  }

  TEST_ASYNC("ranges") {
    const auto all = co_await names();
    CHECK_THAT(all, elements_are("ada", _, starts_with("eds")));
    CHECK_THAT(all, unordered_elements_are("edsger", "ada", "grace"));
    CHECK_THAT(all, contains("ada"));
    CHECK_THAT(all, each(size_is(ge(3))));
    CHECK_THAT(all, size_is(3));
    CHECK_THAT(std::string{}, is_empty());
  }

  TEST("parts of an object") {
    const std::vector<user> users{{1, "ada"}, {2, "grace"}};
    CHECK_THAT(users.front(), field(&user::id, ge(1)));
    CHECK_THAT(users, elements_are(field(&user::name, "ada"), field(&user::id, 2)));
  }

  TEST("what is thrown") {
    const auto read = [] { throw std::system_error(asio::error::eof); };
    CHECK_THAT(read, throws_error(asio::error::eof));
  }
}
