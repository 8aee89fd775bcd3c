// The awaitable that a mock returns.
// only error: co_await is missing: an assertion takes the value
#include <awaitest/awaitest.hpp>

namespace {
asio::awaitable<int> real() { co_return 3; }
}  // namespace

TEST_ASYNC("the awaitable that a mock returns") {
  awaitest::async_mock<int()> f{"f"};
  f.allow().returns(3);
#ifdef FIXED
  CHECK(co_await f() == co_await real());
#else
  CHECK(f() == co_await real());
#endif
  co_return;
}
