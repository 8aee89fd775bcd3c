// A parameter type with a comma goes into parentheses.
#include <awaitest/awaitest.hpp>

#include <map>

// error: a type with a comma goes into parentheses
struct with_a_comma {
#ifdef FIXED
  MOCK_ASYNC(int, size, ((std::map<int, int>)m));
#else
  MOCK_ASYNC(int, size, (std::map<int, int> m));
#endif
};
