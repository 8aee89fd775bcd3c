// spawn, join, cancel, done, spawn_background, cleanup.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>
#include <asio/experimental/channel.hpp>

#include <time.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace awaitest::match;

namespace {

std::vector<std::string> cleaned;

struct refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

asio::awaitable<int> give(int value) {
  co_await awaitest::sleep_for(1ms);
  co_return value;
}
asio::awaitable<void> refuse() {
  co_await awaitest::sleep_for(1ms);
  throw refused("no");
}
asio::awaitable<void> for_ever() { co_await awaitest::sleep_for(1h); }

/// Of this thread: however busy the machine is.
std::chrono::nanoseconds processor_time() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace

TEST_SUITE("loop: children") {
  TEST_ASYNC("start at the next turn of the loop, in order") {
    std::string log;
    const auto a = awaitest::spawn([&]() -> asio::awaitable<void> {
      log += 'a';
      co_return;
    });
    const auto b = awaitest::spawn([&]() -> asio::awaitable<void> {
      log += 'b';
      co_return;
    });
    CHECK(log.empty());
    CHECK_FALSE(a.done());
    co_await b.join();
    CHECK(log == "ab");
    CHECK(a.done());
    CHECK(b.done());
  }

  TEST_ASYNC("give their value, by value and by move") {
    CHECK(co_await awaitest::spawn(give(7)).join() == 7);
    const auto owned = awaitest::spawn(
        []() -> asio::awaitable<std::unique_ptr<int>> { co_return std::make_unique<int>(8); });
    const auto got = co_await owned.join();
    REQUIRE(got != nullptr);
    CHECK(*got == 8);
  }

  TEST_ASYNC("a value without a default constructor") {
    struct no_default {
      explicit no_default(int v) : value{v} {}
      int value;
    };
    const auto child = awaitest::spawn([]() -> asio::awaitable<no_default> {
      co_await awaitest::sleep_for(1ms);
      co_return no_default(3);
    });
    const auto got = co_await child.join();
    CHECK(got.value == 3);
  }

  TEST_ASYNC("an exception goes to who joins, and does not fail the test then") {
    const auto child = awaitest::spawn(refuse());
    CHECK_THROWS_AS(co_await child.join(), refused);
    CHECK(child.done());
    CHECK_THROWS_WITH(co_await child.join(), "no");
  }

  TEST_ASYNC("nobody joined it: the test fails", should_fail("by a child's exception")) {
    awaitest::spawn(refuse());
    CHECK(true);
    co_return;
  }

  TEST_ASYNC("cancelled ones have not failed") {
    const auto child = awaitest::spawn(for_ever());
    co_await awaitest::settle();
    child.cancel();
    CHECK_FALSE(child.done());  // from the loop
    co_await awaitest::settle();
    CHECK(child.done());
    const auto before_it_began = awaitest::spawn(for_ever());
    before_it_began.cancel();
    co_await awaitest::settle();
    CHECK(before_it_began.done());
    before_it_began.cancel();  // of one that has ended: nothing
    CHECK_ERROR(co_await before_it_began.join(), asio::error::operation_aborted);
  }

  TEST_ASYNC("cancelled in a channel, whose error for it is its own") {
    asio::experimental::channel<void(asio::error_code, int)> channel(co_await asio::this_coro::executor);
    const auto child = awaitest::spawn(
        [&]() -> asio::awaitable<void> { co_await channel.async_receive(asio::use_awaitable); });
    awaitest::spawn_background(
        [&]() -> asio::awaitable<void> { co_await channel.async_receive(asio::use_awaitable); });
    co_await awaitest::settle();
    child.cancel();
    co_await awaitest::settle();
    CHECK(child.done());
  }

  TEST_ASYNC("cancels itself, and cancels its canceller") {
    std::optional<awaitest::task<void>> self, other;
    self = awaitest::spawn([&]() -> asio::awaitable<void> {
      self->cancel();
      co_await awaitest::sleep_for(1h);
    });
    other = awaitest::spawn([&]() -> asio::awaitable<void> {
      self->cancel();
      co_await awaitest::sleep_for(1h);
    });
    co_await awaitest::settle();
    CHECK(self->done());
    other->cancel();
    co_await awaitest::settle();
    CHECK(other->done());
  }

  TEST_ASYNC("several may join one; a join that is cancelled leaves the child alone") {
    awaitest::gate go;
    const auto child = awaitest::spawn([&]() -> asio::awaitable<int> {
      co_await go.wait();
      co_return 4;
    });
    const auto impatient = awaitest::spawn([&]() -> asio::awaitable<void> { co_await child.join(); });
    const auto patient = awaitest::spawn([&]() -> asio::awaitable<int> { co_return co_await child.join(); });
    co_await awaitest::settle();
    impatient.cancel();
    CHECK_ERROR(co_await impatient.join(), asio::error::operation_aborted);
    CHECK_FALSE(child.done());
    go.open();
    CHECK(co_await patient.join() == 4);
  }

  TEST_ASYNC("children have children") {
    int deepest = 0;
    std::function<asio::awaitable<void>(int)> grow = [&](int depth) -> asio::awaitable<void> {
      deepest = std::max(deepest, depth);
      if (depth < 50) awaitest::spawn([&, depth] { return grow(depth + 1); });
      co_return;
    };
    awaitest::spawn([&] { return grow(1); });
    co_await awaitest::settle();
    CHECK(deepest == 50);
  }

  TEST_ASYNC("the fifteen thousandth costs what the first did") {
    int count = 0;
    const auto some = [&](int many) {
      const auto begun = processor_time();
      for (int i = 0; i < many; ++i)
        awaitest::spawn([&]() -> asio::awaitable<void> {
          ++count;
          co_return;
        });
      return processor_time() - begun;
    };
    // The cheapest of many: what the machine does to one of them is nobody's cost.
    const auto cheapest_of_ten = [&] {
      auto cheapest = std::chrono::nanoseconds::max();
      for (int i = 0; i < 10; ++i) cheapest = std::min(cheapest, some(300));
      return cheapest;
    };
    const auto first = cheapest_of_ten();
    some(9000);
    const auto last = cheapest_of_ten();
    co_await awaitest::settle();
    CHECK(count == 15000);
    CHECK(last < 4 * first + 2ms);
  }

  TEST("a plain test has them too") {
    const auto child = awaitest::spawn(give(1));
    CHECK_FALSE(child.done());
    awaitest::cleanup([child] { CHECK(child.done()); });
  }

  TEST_ASYNC("background: cancelled when the rest has ended") {
    struct state {
      bool running = false, cancelled = false;
    };
    const auto shared = std::make_shared<state>();
    awaitest::spawn_background([shared]() -> asio::awaitable<void> {
      shared->running = true;
      try {
        co_await awaitest::sleep_for(1h);
      } catch (const std::system_error&) {
        shared->cancelled = true;
        throw;
      }
    });
    awaitest::spawn([shared]() -> asio::awaitable<void> {
      co_await awaitest::sleep_for(2ms);
      CHECK(shared->running);
      CHECK_FALSE(shared->cancelled);  // children are awaited first
    });
    awaitest::cleanup([shared] { CHECK(shared->cancelled); });
    co_await awaitest::settle();
    CHECK(shared->running);
  }

  TEST_ASYNC("background: its own failure is the test's", should_fail("by the background child"),
             virtual_time()) {
    awaitest::spawn_background(refuse());
    CHECK(true);
    co_await awaitest::sleep_for(5ms);
  }

  TEST_ASYNC("cleanups: last in first out, awaited, also those added by cleanups", repeat(2)) {
    if (!cleaned.empty()) {  // the second time: what the first one left
      CHECK_THAT(cleaned, elements_are("child", "c begins", "c ends", "b", "added by b", "a"));
      co_return;
    }
    awaitest::cleanup([] { cleaned.push_back("a"); });
    awaitest::cleanup([] {
      cleaned.push_back("b");
      awaitest::cleanup([] { cleaned.push_back("added by b"); });
    });
    awaitest::cleanup([]() -> asio::awaitable<void> {
      cleaned.push_back("c begins");
      co_await awaitest::sleep_for(1ms);
      cleaned.push_back("c ends");
    });
    awaitest::spawn([]() -> asio::awaitable<void> {
      co_await awaitest::sleep_for(1ms);
      cleaned.push_back("child");
    });
    CHECK(cleaned.empty());
    co_await awaitest::settle();
  }

  TEST("a cleanup keeps what it owns, and may move") {
    auto owned = std::make_unique<int>(5);
    awaitest::cleanup([owned = std::move(owned)] { CHECK(*owned == 5); });
    auto other = std::make_unique<int>(6);
    awaitest::cleanup([other = std::move(other)]() -> asio::awaitable<void> {
      co_await awaitest::sleep_for(1ms);
      CHECK(*other == 6);
    });
  }

  TEST("a cleanup's exception fails the test", should_fail("by a cleanup")) {
    CHECK(true);
    awaitest::cleanup([] { throw refused("left open"); });
  }

  TEST("a cleanup's child fails the test", should_fail("by a child of a cleanup")) {
    CHECK(true);
    awaitest::cleanup([] { awaitest::spawn(refuse()); });
  }
}
