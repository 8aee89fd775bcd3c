// Tests of Catch2 and of awaitest in one file: the latter with the long names of their macros.
#define AWAITEST_NO_SHORT_MACROS
#include <awaitest/awaitest.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

TEST_CASE("a section") {
  int n = 1;
  SECTION("one") { REQUIRE(n == 1); }
  SECTION("another") { CHECK(++n == 2); }
}
AWAITEST_TEST("beside: Catch2, whose tests are run in one of ours") {
  const char* const argv[] = {"catch2"};
  AWAITEST_CHECK(Catch::Session().run(1, argv) == 0);
}
AWAITEST_TEST_ASYNC("beside: Catch2, in its file", virtual_time()) {
  co_await awaitest::sleep_for(std::chrono::hours{1});
  AWAITEST_SUBTEST("{}", 1) { AWAITEST_REQUIRE(true); }
}
