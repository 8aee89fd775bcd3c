// An awaitable is compared with nothing, and is neither true nor false.
#include <awaitest/awaitest.hpp>

#include <string>

namespace {
asio::awaitable<std::string> echo() { co_return "x"; }
}  // namespace

// only error: co_await is missing: an assertion takes the value
TEST_ASYNC("answers") {
#ifdef FIXED
  CHECK(co_await echo() == "x");
#else
  CHECK(echo() == "x");
#endif
  co_return;
}
