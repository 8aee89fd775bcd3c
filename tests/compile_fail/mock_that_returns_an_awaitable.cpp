// The macro takes what is awaited, not the awaitable.
// first error: MOCK_ASYNC names what is awaited: MOCK_ASYNC.int, f, .int n..
#include <awaitest/awaitest.hpp>

#ifdef FIXED
struct mock_that_returns_an_awaitable {
  MOCK_ASYNC(int, find, (int));
};
#else
struct mock_that_returns_an_awaitable {
  MOCK(asio::awaitable<int>, find, (int));
};
#endif
