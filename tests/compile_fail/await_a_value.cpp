// co_await on something that is no awaitable.
#include <awaitest/awaitest.hpp>

namespace {

struct reply {
  int value = 42;
};
#ifdef FIXED
asio::awaitable<reply> answer() { co_return reply{}; }
#else
reply answer() { return {}; }
#endif

}  // namespace

// error: .*await_transform
TEST_ASYNC("awaits a value") {
  const auto [value] = co_await answer();
  CHECK(value == 42);
}
