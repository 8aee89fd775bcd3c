// An awaitable where the base has a plain method.
// first error: MOCK_ASYNC_is_for_awaitables_use_MOCK_for_a_plain_method
#include <awaitest/awaitest.hpp>

struct counter {
  counter() = default;
  counter(const counter&) = delete;
  counter& operator=(const counter&) = delete;
  virtual ~counter() = default;
  virtual int count(int n) = 0;
};

#ifdef FIXED
struct mock_counter final : counter {
  MOCK(int, count, (int), (override));
};
#else
struct mock_counter final : counter {
  MOCK_ASYNC(int, count, (int), (override));
};
#endif
