// A callable that makes a coroutine of another executor type, with a time limit; and a cleanup that nobody would await.
#include <awaitest/awaitest.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>

namespace of_another_executor_in_time {

using other = asio::awaitable<void, asio::io_context::executor_type>;

// error: an awaitable of another executor type runs on an executor of that type only
TEST_ASYNC("a limit elsewhere") {
  const auto executor = awaitest::this_test::io_context().get_executor();
  const auto work = []() -> other { co_return; };
#ifdef FIXED
  auto here = asio::co_spawn(executor, work, asio::use_awaitable);
  co_await awaitest::with_timeout(std::chrono::seconds(1), std::move(here));
#else
  static_cast<void>(executor);
  awaitest::with_timeout(std::chrono::seconds(1), work);
  awaitest::cleanup(work);
  co_return;
#endif
  CHECK(true);
}

}  // namespace of_another_executor_in_time
