// How often the tests come by a line is said at its end: after the run of CTest, and in all after that of --isolate.
// "counted" is in a function, "awaited" in a coroutine.
#include "steps.hpp"

#include <asio/post.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

namespace steps {

int plain(int n) {
  if (n < 0) {
    return -1;  // counted 0 0
  }
  n *= 2;  // counted 3 10
  return n;
}

asio::awaitable<int> awaited(int n) {
  const auto executor = co_await asio::this_coro::executor;  // awaited 3 7
  if (n < 0) {
    co_return -1;  // awaited 0 0
  }
  int sum = 0;
  for (int i = 1; i <= n; ++i) {
    co_await asio::post(executor, asio::use_awaitable);
    sum += i;  // awaited 9 20
  }
  if (n == 3) {
    co_return -sum;  // awaited 1 2
  }
  co_return sum;  // awaited 2 5
}

}  // namespace steps
