// An awaitable in a CHECK_EVENTUALLY.
// only error: co_await is missing: an assertion takes the value
#include <awaitest/awaitest.hpp>

namespace {
asio::awaitable<int> at_last() { co_return 3; }
}  // namespace

TEST_ASYNC("an awaitable in a check_eventually") {
#ifdef FIXED
  CHECK_EVENTUALLY(co_await at_last() == 3, std::chrono::seconds(1));
#else
  CHECK_EVENTUALLY(at_last() == 3, std::chrono::seconds(1));
#endif
  co_return;
}
