// What goes wrong in coroutines whatever the test library, and how to write it so that it does not.
#include <awaitest/awaitest.hpp>

#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <asio/error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

using namespace std::chrono_literals;

namespace {

asio::awaitable<int> apply(std::function<int()> f) { co_return f(); }

asio::awaitable<int> sum(std::vector<int> values) {
  int total = 0;
  for (int v : values) total += v;
  co_return total;
}

}  // namespace

TEST_SUITE("traps") {
  // g++ 12 destroys some temporaries of an expression twice when there is a co_await in it: closures that
  // capture a string or the like by value, and braced aggregates. A braced std::vector does not even compile
  // ("array used as initializer"). An assertion is one expression: the same goes for its argument. Hence no
  //     co_await apply([text] { return text.size(); })       CHECK(co_await sum({1, 2, 3}) == 6)
  // but a name for it outside of the expression, which is right with every compiler:
  TEST_ASYNC("temporaries in a co_await expression") {
    const std::string text = "long enough to live on the heap, not in the string";
    auto size = apply([text] { return static_cast<int>(text.size()); });
    CHECK(co_await std::move(size) == static_cast<int>(text.size()));

    auto total = sum({1, 2, 3});
    CHECK(co_await std::move(total) == 6);
  }

  // A lambda's captures live in the lambda, not in the coroutine. Called on the spot, it is gone at the
  // semicolon, and the coroutine goes on without them:
  //     auto child = awaitest::spawn([text]() -> asio::awaitable<std::size_t> { ... }());
  // Give spawn the lambda itself, which it keeps; or pass what the coroutine needs: parameters live in it.
  TEST_ASYNC("captures of a coroutine lambda") {
    const std::string text = "hello";
    auto kept = awaitest::spawn([text]() -> asio::awaitable<std::size_t> {
      co_await awaitest::sleep_for(1ms);
      co_return text.size();
    });
    const auto measure = [](std::string t) -> asio::awaitable<std::size_t> {
      co_await awaitest::sleep_for(1ms);
      co_return t.size();
    };
    auto passed = awaitest::spawn(measure(text));
    CHECK(co_await kept.join() == co_await passed.join());
  }

  // A coroutine takes references as they are. Those of a child that is not joined may dangle when the body
  // ends: join it, or let it own what it uses.
  TEST_ASYNC("references") {
    int done = 0;
    auto child = awaitest::spawn([&done]() -> asio::awaitable<void> {
      co_await awaitest::sleep_for(1ms);
      ++done;
    });
    co_await child.join();  // before `done` goes out of scope
    CHECK(done == 1);
  }

  // co_await is not allowed in a catch handler: leave it first.
  TEST_ASYNC("awaiting after an exception") {
    bool failed = false;
    auto call = apply([]() -> int { throw std::runtime_error("no"); });
    try {
      co_await std::move(call);
    } catch (const std::runtime_error&) {
      failed = true;
    }
    if (failed) co_await awaitest::sleep_for(1ms);
    CHECK(failed);
  }
}
