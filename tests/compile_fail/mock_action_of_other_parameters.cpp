// An action that cannot be called with the function's parameters.
#include <awaitest/awaitest.hpp>

#include <string>

// error: an action is a function of the mocked function's parameters, or of none
TEST("an action of other parameters") {
  awaitest::async_mock<int(int)> f{"f"};
#ifdef FIXED
  f.allow(1).invokes([](int n) { return n; });
#else
  f.allow(1).invokes([](std::string) { return 1; });
#endif
}
