// Which coroutines wait, in a program without awaitest::tracking.
#include <awaitest/awaitest.hpp>

#include <asio/experimental/awaitable_operators.hpp>
#include <asio/experimental/channel.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <memory>
#include <string>
#include <system_error>
#include <utility>

using namespace std::chrono_literals;
using namespace asio::experimental::awaitable_operators;
using channel = asio::experimental::channel<void(std::error_code, int)>;

namespace app {

class session {
 public:
  explicit session(asio::any_io_executor on) : replies_{std::move(on)} {}
  asio::awaitable<int> next() { co_return co_await replies_.async_receive(asio::use_awaitable); }
  asio::awaitable<std::string> call(int times) {
    if (times > 1) co_return co_await call(times - 1);
    co_return std::to_string(co_await next());
  }
  asio::awaitable<int> either() { co_return (co_await (next() || next())).index(); }

 private:
  channel replies_;
};

template <class T>
asio::awaitable<T> first_of(session& one) {
  const auto get = [&]() -> asio::awaitable<T> { co_return static_cast<T>(co_await one.next()); };
  co_return co_await get();
}

asio::awaitable<void> turns() {
  for (;;) co_await asio::post(asio::use_awaitable);
}

}  // namespace app

TEST_SUITE("coroutines") {
  TEST_ASYNC("the body itself") {
    channel empty(co_await asio::this_coro::executor);
    co_await empty.async_receive(asio::use_awaitable);
  }
  TEST_ASYNC("members, and one that calls itself") {
    app::session one{co_await asio::this_coro::executor};
    CHECK(co_await one.call(2) == "1");
  }
  TEST_ASYNC("a template, and a lambda in it") {
    app::session one{co_await asio::this_coro::executor};
    CHECK(co_await app::first_of<long>(one) == 1);
  }
  TEST_ASYNC("one of two: who waits for both") {
    app::session one{co_await asio::this_coro::executor};
    CHECK(co_await one.either() == 0);
  }
  TEST_ASYNC("children, alike and not") {
    app::session one{co_await asio::this_coro::executor};
    for (int i = 0; i < 3; ++i)
      awaitest::spawn([&]() -> asio::awaitable<void> { co_await one.next(); }, "reader " + std::to_string(i));
    co_await awaitest::spawn(one.call(1), "caller").join();
  }
  TEST_ASYNC("within a limit") {
    app::session one{co_await asio::this_coro::executor};
    co_await awaitest::with_timeout(1h, awaitest::with_timeout(1h, one.call(1)));
  }
  TEST_ASYNC("a cleanup") {
    const auto one = std::make_shared<app::session>(co_await asio::this_coro::executor);
    awaitest::cleanup([one]() -> asio::awaitable<void> { co_await one->call(1); });
  }
}

TEST_ASYNC("always ready") { co_await app::turns(); }

TEST_ASYNC("over while it is looked at", tag("moving")) {
  for (;;) {
    awaitest::spawn([]() -> asio::awaitable<void> {
      awaitest::spawn(app::turns());
      co_return;
    });
    for (int i = 0; i < 100; ++i) {
      awaitest::spawn([]() -> asio::awaitable<void> { co_return; });
      co_await asio::post(asio::use_awaitable);
    }
  }
}
