// The names in a suite are its file's own: in suites_one.cpp and suites_two.cpp the same names, of other things.
#include <awaitest/awaitest.hpp>

#include <string>

namespace users {
[[maybe_unused]] constexpr int outside = 2;
}

TEST_SUITE("the first suite of file two") {
  struct server {
    std::string host = "localhost";
    int number = 2;
    int get() const { return number; }
  };
  int helper() { return 2; }
  int count = 2;

  TEST("has its own types") {
    const server it;
    CHECK(it.get() == 2);
    CHECK(sizeof(it) == sizeof(server));
  }
  TEST("has its own functions and variables") { CHECK(helper() + count == 2 * 2); }

  TEST_SUITE("and one in it") {
    struct server {
      int get() const { return 10 * helper(); }
    };
    TEST_ASYNC("has its own, too") {
      CHECK(awaitest::this_test::name().find("of file two/") !=
            std::string_view::npos);  // this body is this test's
      CHECK(server{}.get() == 10 * 2);
      co_return;
    }
    TEST_ASYNC_P("with parameters, asynchronously", (server & s, int n), cases{1}) {
      CHECK(awaitest::this_test::name().find("of file two/") != std::string_view::npos);
      CHECK(s.get() == 10 * helper() * n);
      co_return;
    }
    TEST_ASYNC_T("with types", (T), types<int>) {
      CHECK(awaitest::this_test::name().find("of file two/") != std::string_view::npos);
      CHECK(T{} == 0);
      co_return;
    }
    TEST_P("with parameters", (server & s, int n), cases{2}) { CHECK(s.get() == 10 * n); }
  }
}
namespace users {
TEST_SUITE("a suite of file two in a namespace") {
  int helper() { return outside; }
  TEST("has its own") { CHECK(helper() == 2); }
}
}  // namespace users
TEST_SUITE("the first suite of file two") {
  TEST("goes on") { CHECK(true); }
}
