// TEST is no coroutine.
#include <awaitest/awaitest.hpp>

namespace {
asio::awaitable<int> question() { co_return 42; }
}  // namespace

// error: coroutine|‘co_await’|void
#ifdef FIXED
TEST_ASYNC("awaits")
#else
TEST("awaits")
#endif
{
  CHECK(co_await question() == 42);
}
