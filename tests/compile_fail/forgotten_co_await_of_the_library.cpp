// So it is with awaitest's own coroutines.
#include <awaitest/awaitest.hpp>

using namespace std::chrono_literals;

// warning(GNU): ignoring return(ed)? value
// warning(Clang): ignoring return value
TEST_ASYNC("waits") {
  awaitest::gate gate;
  gate.open();
#ifdef FIXED
  co_await awaitest::settle();
  co_await gate.wait();
#else
  awaitest::settle();
  gate.wait();
#endif
  CHECK(true);
  co_return;
}
