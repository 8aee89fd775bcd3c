// Tests of GoogleTest and of awaitest in one file: the latter with the long names of their macros.
#define AWAITEST_NO_SHORT_MACROS
#include <awaitest/awaitest.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <asio/awaitable.hpp>

namespace {

asio::awaitable<int> answer() {
  co_await awaitest::sleep_for(std::chrono::hours{1});
  co_return 42;
}
struct greeter {
  virtual ~greeter() = default;
  virtual int greet(int) = 0;
};
struct mock_greeter : greeter {
  MOCK_METHOD(int, greet, (int), (override));
};

}  // namespace

TEST(googletest, mocks) {
  mock_greeter one;
  EXPECT_CALL(one, greet(testing::Gt(1))).WillOnce(testing::Return(7));
  EXPECT_EQ(one.greet(2), 7);
}
AWAITEST_TEST("beside: GoogleTest, whose tests are run in one of ours") {
  int argc = 1;
  char name[] = "googletest";
  char* argv[] = {name, nullptr};
  testing::InitGoogleMock(&argc, argv);
  AWAITEST_CHECK(RUN_ALL_TESTS() == 0);
}
AWAITEST_TEST_ASYNC("beside: GoogleTest, in its file", virtual_time()) {
  AWAITEST_CHECK(co_await answer() == 42);
}
