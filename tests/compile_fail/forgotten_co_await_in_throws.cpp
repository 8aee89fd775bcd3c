// A coroutine that is not awaited throws nothing: the assertion could only mislead.
#include <awaitest/awaitest.hpp>

namespace {
asio::awaitable<void> read_and_throw() {
  throw 42;
  co_return;
}
}  // namespace

// only error: co_await is missing: a coroutine that is not awaited throws nothing
TEST_ASYNC("throws") {
#ifdef FIXED
  CHECK_THROWS(co_await read_and_throw());
#else
  CHECK_THROWS(read_and_throw());
#endif
  co_return;
}
