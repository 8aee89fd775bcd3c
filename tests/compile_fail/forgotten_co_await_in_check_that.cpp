// An awaitable for a matcher.
// only error: co_await is missing: an assertion takes the value
#include <awaitest/awaitest.hpp>

namespace {
asio::awaitable<int> matched() { co_return 3; }
}  // namespace

TEST_ASYNC("an awaitable for a matcher") {
#ifdef FIXED
  CHECK_THAT(co_await matched(), awaitest::match::gt(2));
#else
  CHECK_THAT(matched(), awaitest::match::gt(2));
#endif
  co_return;
}
