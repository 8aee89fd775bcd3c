// What a test starts beside its body belongs to it: an exception or failure in a child is the test's, and the
// test is not over before its children are. Nothing is detached, so nothing is lost.
#include <awaitest/awaitest.hpp>

#include <memory>
#include <string>
#include <vector>

#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

using namespace std::chrono_literals;

namespace {

using steps = std::vector<std::string>;

asio::awaitable<int> square(int n) {
  const int result = n * n;
  co_await awaitest::sleep_for(1ms);
  co_return result;
}

// Serves for ever, as a server does.
asio::awaitable<void> tick(std::shared_ptr<int> count) {
  asio::steady_timer timer{co_await asio::this_coro::executor};
  for (;;) {
    ++*count;
    timer.expires_after(1ms);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

}  // namespace

TEST_SUITE("children") {
  TEST_ASYNC("run at once, and give their values") {
    auto three = awaitest::spawn(square(3));
    auto four = awaitest::spawn(square(4));
    CHECK(co_await three.join() + co_await four.join() == 25);
    CHECK(three.done());
  }

  // For what never ends by itself: it is cancelled and drained after the body. By then the variables of the
  // body are gone, so a background task must not refer to them: here it shares the counter.
  TEST_ASYNC("in the background end with the test") {
    auto count = std::make_shared<int>(0);
    awaitest::spawn_background(tick(count));
    CHECK_EVENTUALLY(*count >= 3, 2s);
  }

  // The same holds for a child that nobody joins: it may outlive the body, never the test.
  TEST_ASYNC("need not be joined") {
    awaitest::spawn([]() -> asio::awaitable<void> { CHECK(co_await square(5) == 25); });
    co_return;
  }
}

TEST_SUITE("cleanup") {
  // Cleanups run when body and children are done, the last one first, whatever has failed. They may await.
  TEST_ASYNC("is undone in reverse") {
    auto done = std::make_shared<steps>();
    awaitest::cleanup([done] { CHECK(*done == steps{"close", "flush"}); });
    awaitest::cleanup([done]() -> asio::awaitable<void> {
      co_await awaitest::sleep_for(1ms);
      done->push_back("flush");
    });
    awaitest::cleanup([done] { done->push_back("close"); });
    CHECK(done->empty());
    co_return;
  }
}
