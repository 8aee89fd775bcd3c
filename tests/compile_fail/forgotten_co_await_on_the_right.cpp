// An awaitable on the right side of a comparison.
// only error: co_await is missing: an assertion takes the value
#include <awaitest/awaitest.hpp>

namespace {
asio::awaitable<int> right_side() { co_return 3; }
}  // namespace

TEST_ASYNC("an awaitable on the right side of a comparison") {
#ifdef FIXED
  CHECK(3 == co_await right_side());
#else
  CHECK(3 == right_side());
#endif
  co_return;
}
