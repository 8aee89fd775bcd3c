// Code under test may use threads: a test waits for what a pool does as it waits for anything else. An
// assertion on a thread that Asio did not bring there has to be told which test it belongs to, by a context.
#include <awaitest/awaitest.hpp>

#include <thread>

#include <asio/co_spawn.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>

namespace {

asio::awaitable<std::thread::id> whoami() { co_return std::this_thread::get_id(); }

}  // namespace

TEST_SUITE("threads") {
  // The coroutine goes to the pool and comes back; the test just waits. That nothing is ready on its own loop
  // meanwhile is no reason to call it stuck.
  TEST_ASYNC("a coroutine on a thread pool") {
    asio::thread_pool pool{1};
    const auto there = co_await asio::co_spawn(pool, whoami(), asio::use_awaitable);
    CHECK(there != std::this_thread::get_id());
  }

  // Awaiting a post to the pool moves nothing but the operation: the body stays on the test's executor.
  TEST_ASYNC("the body stays where it was") {
    asio::thread_pool pool{1};
    const auto here = std::this_thread::get_id();
    co_await asio::post(pool, asio::use_awaitable);
    CHECK(std::this_thread::get_id() == here);
  }

  TEST("assertions on a thread of one's own") {
    const auto test = awaitest::context::capture();
    std::thread worker{[test] {
      const auto in = test.enter();  // until the end of the scope this thread works for that test
      CAPTURE("worker");
      CHECK(awaitest::this_test::name() == "threads/assertions on a thread of one's own");
    }};
    worker.join();
  }

  // Left out, the assertion belongs to no test. It is not lost: the run fails and says where it stands.

  TEST_ASYNC("a callback from a foreign thread") {
    const auto test = awaitest::context::capture();
    awaitest::gate called;
    const auto executor = awaitest::this_test::executor();
    std::thread driver{[=, &called] {
      const auto in = test.enter();
      CHECK(true);
      asio::post(executor, [&called] { called.open(); });  // back to the test's thread, as in any program
    }};
    co_await called.wait();
    driver.join();
  }
}
