// An awaitable<bool> is no bool.
#include <awaitest/awaitest.hpp>

namespace {
asio::awaitable<bool> ready() { co_return true; }
}  // namespace

// error: await|bool
TEST_ASYNC("is ready") {
#ifdef FIXED
  CHECK(co_await ready());
#else
  CHECK(ready());
#endif
  co_return;
}
