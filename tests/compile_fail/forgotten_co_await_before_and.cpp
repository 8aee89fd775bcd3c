// An awaitable as the left side of an and.
// only error: co_await is missing: an assertion takes the value
#include <awaitest/awaitest.hpp>

namespace {
asio::awaitable<int> first_of_two() { co_return 3; }
}  // namespace

TEST_ASYNC("an awaitable as the left side of an and") {
#ifdef FIXED
  CHECK(co_await first_of_two() && true);
#else
  CHECK(first_of_two() && true);
#endif
  co_return;
}
