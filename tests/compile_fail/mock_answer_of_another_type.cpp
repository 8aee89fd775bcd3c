// An answer that is no value of the function's type.
#include <awaitest/awaitest.hpp>

#include <string>

// error: an answer is a value of the function's type
TEST("text for a number") {
  awaitest::async_mock<int(int)> f{"f"};
#ifdef FIXED
  f.allow(1).returns(2);
#else
  f.allow(1).returns(std::string("2"));
#endif
}
