// An awaitable in a REQUIRE.
// only error: co_await is missing: an assertion takes the value
#include <awaitest/awaitest.hpp>

namespace {
asio::awaitable<int> required() { co_return 3; }
}  // namespace

TEST_ASYNC("an awaitable in a require") {
#ifdef FIXED
  REQUIRE(co_await required() > 2);
#else
  REQUIRE(required() > 2);
#endif
  co_return;
}
