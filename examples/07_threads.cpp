// Code under test may use threads: a test waits for a pool as it waits for anything else. Assertions find
// their test by themselves in everything that runs on its executor. Elsewhere a context says whose they are.
#include <awaitest/awaitest.hpp>

#include <thread>

#include <asio/bind_executor.hpp>
#include <asio/co_spawn.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>

namespace {

asio::awaitable<std::thread::id> whoami() { co_return std::this_thread::get_id(); }

}  // namespace

TEST_SUITE("threads") {
  // The coroutine goes to the pool and its value comes back; the body just waits, and stays where it is. That
  // nothing is ready on the test's own loop meanwhile is no reason to call it stuck.
  TEST_ASYNC("a coroutine on a thread pool") {
    asio::thread_pool pool{1};
    const auto here = std::this_thread::get_id();
    CHECK(co_await asio::co_spawn(pool, whoami(), asio::use_awaitable) != here);
    CHECK(std::this_thread::get_id() == here);
  }

  // A coroutine that moves to another thread. `in` must be gone before it moves on: mind the braces.
  TEST_ASYNC("a body that goes to the pool itself") {
    const auto test = awaitest::context::capture();
    asio::thread_pool pool{1};
    const auto here = std::this_thread::get_id();
    co_await asio::post(asio::bind_executor(pool, asio::use_awaitable));
    {
      const auto in = test.enter();
      CHECK(std::this_thread::get_id() != here);
    }
    co_await asio::post(asio::use_awaitable);  // and back
    CHECK(std::this_thread::get_id() == here);
  }

  // Without the context the assertion belongs to no test. It is not lost: the run fails and names the place.
  TEST("assertions on a thread of one's own") {
    const auto test = awaitest::context::capture();
    std::thread worker{[test] {
      const auto in = test.enter();  // to the end of the scope this thread works for the test
      CHECK(awaitest::this_test::name() == "threads/assertions on a thread of one's own");
    }};
    worker.join();
  }

  // Gates, barriers and sequencers may be used from every thread.
  TEST_ASYNC("a callback from a foreign thread") {
    awaitest::gate called;
    std::thread driver{[&called] { called.open(); }};
    co_await called.wait();
    driver.join();
    CHECK(called.is_open());
  }
}
