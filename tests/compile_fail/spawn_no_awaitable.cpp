// spawn() takes an awaitable, or a callable that makes one.
#include <awaitest/awaitest.hpp>

// error: no matching function for call to .*spawn
TEST_ASYNC("a child that is no coroutine") {
#ifdef FIXED
  awaitest::spawn([]() -> asio::awaitable<void> { co_return; });
#else
  awaitest::spawn([] { return 42; });
#endif
  CHECK(true);
  co_return;
}
