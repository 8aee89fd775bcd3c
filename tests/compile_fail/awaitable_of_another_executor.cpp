// A coroutine of another executor type, as a child of the test.
#include <awaitest/awaitest.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>

namespace of_another_executor {

inline asio::awaitable<int, asio::io_context::executor_type> answer() { co_return 42; }

// error: an awaitable of another executor type runs on an executor of that type only
TEST_ASYNC("a child elsewhere") {
  const auto executor = awaitest::this_test::io_context().get_executor();
#ifdef FIXED
  auto child = awaitest::spawn(asio::co_spawn(executor, answer(), asio::use_awaitable));
  CHECK(co_await child.join() == 42);
#else
  awaitest::spawn(answer());
  static_cast<void>(executor);
  co_return;
#endif
}

}  // namespace of_another_executor
