// CHECK_EVENTUALLY waits: only a coroutine can.
#include <awaitest/awaitest.hpp>

using namespace std::chrono_literals;

// error: coroutine|‘co_await’|void
#ifdef FIXED
TEST_ASYNC("waits")
#else
TEST("waits")
#endif
{
  CHECK_EVENTUALLY(1 == 1, 1ms);
}
