// What runs in the background has no value: nobody could ask for it.
#include <awaitest/awaitest.hpp>

namespace {
#ifdef FIXED
asio::awaitable<void> serve() { co_return; }
#else
asio::awaitable<int> serve() { co_return 42; }
#endif
}  // namespace

// error: no matching function for call to .*spawn_background
TEST_ASYNC("a server with a value") {
  awaitest::spawn_background(serve());
  CHECK(true);
  co_return;
}
