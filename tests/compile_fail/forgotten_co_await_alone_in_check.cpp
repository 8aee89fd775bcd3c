// An awaitable<bool> is no bool.
#include <awaitest/awaitest.hpp>

namespace {
asio::awaitable<bool> ready() { co_return true; }
}  // namespace

// only error: co_await is missing: an assertion takes the value
TEST_ASYNC("is ready") {
#ifdef FIXED
  CHECK(co_await ready());
#else
  CHECK(ready());
#endif
  co_return;
}
