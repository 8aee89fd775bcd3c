// std::future awaited: its value, its exceptions, its ends, and what it means for time.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using namespace awaitest::match;

TEST_SUITE("loop: await") {
  TEST_ASYNC("a value from another thread") {
    std::promise<std::string> promise;
    auto future = promise.get_future();
    std::thread other([&] { promise.set_value("from there"); });
    CHECK(co_await awaitest::await(future) == "from there");
    CHECK_FALSE(future.valid());
    other.join();
  }
  TEST_ASYNC("void, values that move, references") {
    co_await awaitest::await(std::async(std::launch::async, [] {}));
    auto moved = std::async(std::launch::async, [] { return std::make_unique<int>(7); });
    const auto value = co_await awaitest::await(std::move(moved));
    CHECK(*value == 7);
    int variable = 1;
    std::promise<int&> promise;
    auto future = promise.get_future();
    promise.set_value(variable);
    int& got = co_await awaitest::await(future);
    CHECK(&got == &variable);
  }
  TEST_ASYNC("an exception") {
    auto failing = std::async(std::launch::async, []() -> int { throw std::runtime_error("no answer"); });
    CHECK_THROWS_WITH(co_await awaitest::await(failing), "no answer");
    std::future<int> broken = std::promise<int>{}.get_future();
    CHECK_THROWS_AS(co_await awaitest::await(broken), std::future_error);
  }
  TEST_ASYNC("a shared one, by several") {
    std::promise<int> promise;
    const std::shared_future<int> shared = promise.get_future().share();
    auto first =
        awaitest::spawn([&]() -> asio::awaitable<int> { co_return co_await awaitest::await(shared); });
    auto second =
        awaitest::spawn([&]() -> asio::awaitable<int> { co_return co_await awaitest::await(shared); });
    co_await awaitest::settle();
    promise.set_value(3);
    CHECK(co_await first.join() == 3);
    CHECK(co_await second.join() == 3);
    CHECK(shared.valid());
  }
  TEST_ASYNC("a deferred one is run here") {
    const auto here = std::this_thread::get_id();
    auto deferred = std::async(std::launch::deferred, [&] { return std::this_thread::get_id() == here; });
    CHECK(co_await awaitest::await(deferred));
  }
  TEST_ASYNC("an invalid one") {
    std::future<int> none;
    CHECK_THROWS_WITH(co_await awaitest::await(none), contains("the future is not valid"));
    CHECK_THROWS_AS(co_await awaitest::await(std::shared_future<void>{}), std::invalid_argument);
  }
  TEST_ASYNC("of asio::use_future, on the test's own loop") {
    for (int i = 0; i < 20; ++i) {
      const auto executor = co_await asio::this_coro::executor;
      auto future = asio::post(executor, asio::use_future);
      co_await awaitest::await(future);
    }
    CHECK(true);
  }
  TEST_ASYNC("a time limit and a cancellation end the wait") {
    std::promise<int> never;
    auto future = never.get_future();
    CHECK_THROWS_AS(co_await awaitest::with_timeout(1ms, awaitest::await(future)), awaitest::timed_out);
    std::promise<int> late;
    auto child = awaitest::spawn(
        [&]() -> asio::awaitable<int> { co_return co_await awaitest::await(late.get_future()); });
    co_await awaitest::settle();
    child.cancel();
    CHECK_THROWS_AS(co_await child.join(), std::system_error);
    late.set_value(1);
    never.set_value(2);
  }
  TEST_ASYNC("virtual time stands still while another thread works", virtual_time()) {
    for (int i = 0; i < 50; ++i) {
      const auto before = awaitest::now();
      auto work = std::async(std::launch::async, [i] {
        std::atomic<int> sum{0};
        for (int n = 0; n < i * 1000; ++n) sum.fetch_add(n);
        return i;
      });
      const int got = co_await awaitest::with_timeout(1ns, awaitest::await(work));
      CHECK(got == i);
      CHECK(awaitest::now() == before);
    }
  }
  TEST_ASYNC("virtual time goes on where nobody works", virtual_time()) {
    std::promise<void> after_an_hour;
    auto child = awaitest::spawn([&]() -> asio::awaitable<void> {
      co_await awaitest::sleep_for(1h);
      after_an_hour.set_value();
    });
    const auto before = awaitest::now();
    co_await awaitest::await(after_an_hour.get_future());
    CHECK(awaitest::now() - before == 1h);
    std::promise<void> never;
    auto waiting = awaitest::await(never.get_future());
    CHECK_THROWS_AS(co_await awaitest::with_timeout(24h, std::move(waiting)), awaitest::timed_out);
  }
  TEST_ASYNC("a coroutine of another executor type") {
    using other = asio::io_context::executor_type;
    const other executor = awaitest::this_test::io_context().get_executor();
    const auto answer = []() -> asio::awaitable<int, other> {
      CHECK(true);
      co_return 42;
    };
    auto work = asio::co_spawn(executor, answer(), asio::use_awaitable);
    auto child = awaitest::spawn(std::move(work));
    CHECK(co_await child.join() == 42);
  }
}
