// Code under test that answers with a std::future: a test awaits that as it awaits anything else.
#include <awaitest/awaitest.hpp>

#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

using namespace std::chrono_literals;

namespace {

std::future<std::string> look_up(std::string name) {
  return std::async(std::launch::async, [name = std::move(name)] {
    if (name.empty()) throw std::invalid_argument("no name");
    return "hello " + name;
  });
}

}  // namespace

TEST_SUITE("futures") {
  TEST_ASYNC("a value, and an exception") {
    CHECK(co_await awaitest::await(look_up("ada")) == "hello ada");
    CHECK_THROWS_AS(co_await awaitest::await(look_up("")), std::invalid_argument);
  }

  // The loop goes on meanwhile, which a blocking get() would not let it: what fulfils the promise may run on it.
  TEST_ASYNC("a promise that the test's own loop keeps") {
    std::promise<int> promise;
    awaitest::spawn([&]() -> asio::awaitable<void> {
      co_await awaitest::settle();
      promise.set_value(7);
    });
    CHECK(co_await awaitest::await(promise.get_future()) == 7);
  }

  // Work of another thread holds virtual time still; where nobody works, time goes on to the limit.
  TEST_ASYNC("a promise that nobody keeps", virtual_time()) {
    std::promise<int> forgotten;
    auto future = forgotten.get_future();
    CHECK_THROWS_AS(co_await awaitest::with_timeout(24h, awaitest::await(future)), awaitest::timed_out);
  }

  // A deferred future has no thread: it runs when it is awaited, here.
  TEST_ASYNC("a deferred one") {
    auto here = std::async(std::launch::deferred, [] { return std::this_thread::get_id(); });
    CHECK(co_await awaitest::await(here) == std::this_thread::get_id());
  }
}
