// An awaitable in a CHECK_FALSE.
// only error: co_await is missing: an assertion takes the value
#include <awaitest/awaitest.hpp>

namespace {
asio::awaitable<int> denied() { co_return 3; }
}  // namespace

TEST_ASYNC("an awaitable in a check_false") {
#ifdef FIXED
  CHECK_FALSE(co_await denied() == 4);
#else
  CHECK_FALSE(denied() == 4);
#endif
  co_return;
}
