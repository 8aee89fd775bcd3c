// Nothing fails; one test is of no file.
#include <awaitest/awaitest.hpp>

#include <asio/use_awaitable.hpp>

TEST("plain") { CHECK(true); }
TEST_ASYNC("async") {
  co_await awaitest::settle();
  CHECK(awaitest::this_test::random()() == awaitest::random_engine{awaitest::this_test::seed()}());
}
TEST("draws a number", tag("random")) { FAIL("{}", awaitest::this_test::random()() % 1000); }
