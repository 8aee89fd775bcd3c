// A plain method where the base has an awaitable one.
// first error: MOCK_is_for_plain_methods_use_MOCK_ASYNC_for_an_awaitable
#include <awaitest/awaitest.hpp>

struct finder {
  finder() = default;
  finder(const finder&) = delete;
  finder& operator=(const finder&) = delete;
  virtual ~finder() = default;
  virtual asio::awaitable<int> find(int n) = 0;
};

#ifdef FIXED
struct mock_finder final : finder {
  MOCK_ASYNC(int, find, (int), (override));
};
#else
struct mock_finder final : finder {
  MOCK(int, find, (int), (override));
};
#endif
