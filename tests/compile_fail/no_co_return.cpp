// A TEST_ASYNC without any co_await or co_return is no coroutine, and returns nothing.
#include <awaitest/awaitest.hpp>

// error: neither co_await nor co_return and is no coroutine: write `co_return.` at its end
// warning(GNU): no return statement in function returning non-void
// warning(Clang): non-void function does not return a value
TEST_ASYNC("is no coroutine") {
  CHECK(1 + 1 == 2);
#ifdef FIXED
  co_return;
#endif
}
