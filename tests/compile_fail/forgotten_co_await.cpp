// A coroutine that is called and never awaited does nothing: at least a warning.
#include <awaitest/awaitest.hpp>

namespace {
asio::awaitable<void> read_line() { co_return; }
}  // namespace

// warning(GNU): ignoring return(ed)? value
// warning(Clang): ignoring return value
TEST_ASYNC("reads") {
#ifdef FIXED
  co_await read_line();
#else
  read_line();
#endif
  CHECK(true);
  co_return;
}
