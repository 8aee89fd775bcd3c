// A range of texts for a test of numbers.
// only error: a value of a case does not convert to the type of its parameter
#include <awaitest/awaitest.hpp>

#include <string>
#include <vector>

#ifdef FIXED
TEST_P("a range of another type", (int a), cases::from(std::vector<int>{1, 2})) { CHECK(a > 0); }
#else
TEST_P("a range of another type", (int a), cases::from(std::vector<std::string>{"1", "2"})) { CHECK(a > 0); }
#endif
