// A reference that may be written to, of a function that is to return a temporary.
#include <awaitest/awaitest.hpp>

#include <string>

// error: an answer is a value of the function's type
TEST("a reference to what dies") {
  awaitest::mock<std::string&()> f{"f"};
#ifdef FIXED
  std::string variable;
  f.allow().returns(variable);
#else
  f.allow().returns(std::string("text"));
#endif
}
