// A function that returns something needs a value.
#include <awaitest/awaitest.hpp>

// error: a function that returns nothing completes.., another one returns.value.
TEST("completes without a value") {
  awaitest::async_mock<int()> f{"f"};
#ifdef FIXED
  f.allow().returns(1);
#else
  f.allow().completes();
#endif
}
