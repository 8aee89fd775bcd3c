// With AWAITEST_NO_COROUTINE_CHECK a body may be any function that returns an awaitable.
// flags: -DAWAITEST_NO_COROUTINE_CHECK
#include <awaitest/awaitest.hpp>

namespace {
asio::awaitable<void> elsewhere() {
  CHECK(1 + 1 == 2);
  co_return;
}
}  // namespace

TEST_ASYNC("is written elsewhere") { return elsewhere(); }
TEST_ASYNC_T("is written elsewhere", (T), types<int>) { return elsewhere(); }
