// The same within an assertion. Asio 1.22 takes an int for an option of its own, and gives back nothing.
#include <awaitest/awaitest.hpp>

namespace {

#ifdef FIXED
asio::awaitable<int> forty_two() { co_return 42; }
#else
int forty_two() { return 42; }
#endif

}  // namespace

// error: void|await_transform
TEST_ASYNC("awaits an int") { CHECK(co_await forty_two() == 42); }
