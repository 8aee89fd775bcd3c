// A project that has macros of its own by the short names: it keeps them, and writes awaitest's long ones.
#define TEST(a, b) static_assert(true)
#define CHECK(condition) static_assert(condition)
#define AWAITEST_NO_SHORT_MACROS
#include <awaitest/awaitest.hpp>

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

TEST(theirs, stays);
CHECK(sizeof(char) == 1);

#if defined(REQUIRE) || defined(TEST_ASYNC) || defined(MOCK) || defined(INFO)
#error "a short name is defined"
#endif

namespace {

struct port {
  virtual ~port() = default;
  virtual int open(int number) = 0;
};
struct mock_port : port {
  AWAITEST_MOCK(int, open, (int number), (override));
};

}  // namespace

AWAITEST_TEST_SUITE("long names") {
  AWAITEST_TEST("a plain test and a mock") {
    mock_port one;
    one.on_open.expect(80).returns(3);
    AWAITEST_CHECK(one.open(80) == 3);
  }
  AWAITEST_TEST_ASYNC("an async test") {
    AWAITEST_INFO("a line of context");
    co_await asio::post(asio::use_awaitable);
    AWAITEST_REQUIRE_THAT(3, awaitest::match::gt(2));
  }
}
