// A function converts to a condition that always holds: the test would never run.
#include <awaitest/awaitest.hpp>

#include <type_traits>

static bool is_slow_machine() { return false; }

// error: skip_if takes a condition, not a function: call it
#ifdef FIXED
TEST("on fast machines", skip_if(is_slow_machine(), "too slow"),
     skip_if(std::is_same<int, long>{}, "as wide")) {
  CHECK(true);
}
#else
TEST("on fast machines", skip_if(is_slow_machine, "too slow")) { CHECK(is_slow_machine()); }
TEST("and so", skip_if([] { return false; }, "too slow")) { CHECK(true); }
#endif
