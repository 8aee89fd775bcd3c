// An awaitable is compared with nothing, and is neither true nor false.
#include <awaitest/awaitest.hpp>

#include <string>

namespace {
asio::awaitable<std::string> echo() { co_return "x"; }
}  // namespace

// error(GNU): no match for ‘operator==’
// error(Clang): invalid operands to binary expression
TEST_ASYNC("answers") {
#ifdef FIXED
  CHECK(co_await echo() == "x");
#else
  CHECK(echo() == "x");
#endif
  co_return;
}
