// Tests that nothing can wake, coroutines that were dropped, and what outlives its test.
#include <awaitest/awaitest.hpp>

#include <asio/async_result.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/experimental/channel.hpp>
#include <asio/io_context.hpp>
#include <asio/local/connect_pair.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/steady_timer.hpp>
#include <asio/system_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <memory>
#include <system_error>
#include <utility>

using namespace std::chrono_literals;
using channel = asio::experimental::channel<void(std::error_code, int)>;

namespace {

asio::awaitable<void> dropped() {
  auto operation = asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      [](auto handler) { auto gone = std::move(handler); }, asio::use_awaitable);
  co_await std::move(operation);
}

struct kept {
  static constexpr auto scope = awaitest::scope::suite;
};

}  // namespace

TEST_SUITE("stuck") {
  TEST_ASYNC("at a gate") {
    awaitest::gate gate;
    co_await gate.wait();
    CHECK(false);
  }
  TEST_ASYNC("at a barrier") {
    awaitest::barrier barrier{2};
    co_await barrier.arrive();
  }
  TEST_ASYNC("at a sequencer") {
    awaitest::sequencer sequencer;
    co_await sequencer.turn(1);
  }
  TEST_ASYNC("at a channel") {
    channel empty(co_await asio::this_coro::executor);
    co_await empty.async_receive(asio::use_awaitable);
  }
  TEST_ASYNC("at a timer that stands for a condition") {
    asio::steady_timer changed(co_await asio::this_coro::executor,
                               std::chrono::steady_clock::time_point::max());
    asio::system_timer never(co_await asio::this_coro::executor);
    never.expires_at(std::chrono::system_clock::time_point::max());
    never.async_wait([](std::error_code) {});
    co_await changed.async_wait(asio::use_awaitable);
  }
  TEST_ASYNC("two at one such timer") {
    const auto changed = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor,
                                                              std::chrono::steady_clock::time_point::max());
    for (int i = 0; i < 2; ++i)
      awaitest::spawn(
          [changed]() -> asio::awaitable<void> { co_await changed->async_wait(asio::use_awaitable); });
    CHECK(true);
  }
  TEST_ASYNC("a child") {
    const std::shared_ptr<awaitest::gate> gate{new awaitest::gate};
    awaitest::spawn([gate]() -> asio::awaitable<void> { co_await gate->wait(); }, "waiter");
    CHECK(true);
    co_return;
  }
  TEST_ASYNC("two that wait for each other") {
    const std::shared_ptr<awaitest::gate> first{new awaitest::gate};
    const std::shared_ptr<awaitest::gate> second{new awaitest::gate};
    awaitest::spawn(
        [first, second]() -> asio::awaitable<void> {
          co_await first->wait();
          second->open();
        },
        "first");
    co_await second->wait();
    first->open();
  }
  TEST_ASYNC("joining a child that is stuck") {
    awaitest::gate gate;
    auto child = awaitest::spawn(gate.wait(), "waiter");
    co_await child.join();
  }
  TEST("in a cleanup") {
    awaitest::cleanup([]() -> asio::awaitable<void> {
      awaitest::gate gate;
      co_await gate.wait();
    });
    CHECK(true);
  }
  TEST_ASYNC("the next one has nothing to do with it") {
    co_await awaitest::settle();
    CHECK(true);
  }
}

TEST_SUITE("dropped") {
  TEST_ASYNC("the body") { co_await dropped(); }
  TEST_ASYNC("a child") {
    awaitest::spawn(dropped(), "reader");
    CHECK(true);
    co_return;
  }
  TEST_ASYNC("a joined child") {
    auto child = awaitest::spawn(dropped());
    co_await child.join();
  }
  TEST("a cleanup") {
    awaitest::cleanup([]() -> asio::awaitable<void> { co_await dropped(); });
    CHECK(true);
  }
  TEST_ASYNC("the next one has nothing to do with it") {
    co_await awaitest::settle();
    CHECK(true);
  }
}

TEST_SUITE("leaks") {
  TEST_ASYNC("a detached coroutine") {
    asio::co_spawn(
        awaitest::this_test::executor(),
        []() -> asio::awaitable<void> {
          asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
          co_await timer.async_wait(asio::use_awaitable);
        },
        asio::detached);
    CHECK(true);
    co_return;
  }
  TEST_ASYNC("a detached coroutine at a gate") {
    const std::shared_ptr<awaitest::gate> gate{new awaitest::gate};
    asio::co_spawn(
        awaitest::this_test::executor(),
        [](std::shared_ptr<awaitest::gate> at) -> asio::awaitable<void> { co_await at->wait(); }(gate),
        asio::detached);
    co_await awaitest::settle();
    CHECK(true);
  }
  TEST_ASYNC("a timer") {
    auto timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, 1h);
    timer->async_wait([timer](std::error_code) {});
    CHECK(true);
  }
  TEST_ASYNC("a timer on the io_context") {
    auto timer = std::make_shared<asio::steady_timer>(awaitest::this_test::io_context(), 1h);
    timer->async_wait([timer](std::error_code) {});
    CHECK(true);
    co_return;
  }
  TEST_ASYNC("allowed", allow_leaks()) {
    auto timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, 1h);
    timer->async_wait([timer](std::error_code) {});
    CHECK(true);
  }
  TEST_ASYNC("the next one has nothing to do with it") {
    co_await awaitest::settle();
    CHECK(true);
  }
}

TEST_SUITE("reports") {
  TEST_ASYNC("fifty children at one gate, and two others") {
    const std::shared_ptr<awaitest::gate> gate{new awaitest::gate};
    const std::shared_ptr<awaitest::gate> other{new awaitest::gate};
    for (int i = 0; i < 50; ++i)
      awaitest::spawn([gate]() -> asio::awaitable<void> { co_await gate->wait(); },
                      "worker " + std::to_string(i));
    for (int i = 0; i < 2; ++i)
      awaitest::spawn([other]() -> asio::awaitable<void> { co_await other->wait(); });
    auto finished = awaitest::spawn([]() -> asio::awaitable<void> { co_return; }, "finished");
    co_await finished.join();
    CHECK(true);
  }
  TEST_ASYNC("what happened last") {
    awaitest::gate start, never;
    auto first = awaitest::spawn([&]() -> asio::awaitable<void> { co_await start.wait(); }, "first");
    awaitest::spawn_background(
        []() -> asio::awaitable<void> {
          for (int i = 0; i < 3; ++i) co_await awaitest::settle();
          co_await awaitest::gate{}.wait();
        },
        "busy");
    auto throws = awaitest::spawn(
        []() -> asio::awaitable<void> {
          co_await awaitest::settle();
          throw std::runtime_error("on purpose");
        },
        "throws");
    CHECK_THROWS_AS(co_await throws.join(), std::runtime_error);
    start.open();
    co_await first.join();
    co_await never.wait();
  }
}

TEST_SUITE("waits twice") {
  TEST_ASYNC("one child, at one place") {
    const std::shared_ptr<awaitest::gate> gate{new awaitest::gate};
    awaitest::spawn(
        [gate]() -> asio::awaitable<void> {
          for (int i = 0; i < 2; ++i)
            asio::co_spawn(
                awaitest::this_test::executor(),
                [](std::shared_ptr<awaitest::gate> at) -> asio::awaitable<void> {
                  co_await at->wait();
                }(gate),
                asio::detached);
          co_await gate->wait();
        },
        "twice");
    CHECK(true);
    co_return;
  }
  TEST_ASYNC("a leak where a handler has stopped the io_context") {
    auto timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, 1h);
    timer->async_wait([timer](std::error_code) {});
    awaitest::this_test::io_context().stop();
    CHECK(true);
  }
}

TEST_SUITE("several leaks") {
  TEST_ASYNC("of the body and of a child") {
    const std::shared_ptr<awaitest::gate> gate{new awaitest::gate};
    const auto detach = [](asio::awaitable<void> work) {
      asio::co_spawn(awaitest::this_test::executor(), std::move(work), asio::detached);
    };
    detach(awaitest::sleep_for(1h));
    detach([](std::shared_ptr<awaitest::gate> at) -> asio::awaitable<void> { co_await at->wait(); }(gate));
    awaitest::spawn(
        [detach]() -> asio::awaitable<void> {
          detach(awaitest::sleep_for(2h));
          co_return;
        },
        "careless");
    CHECK(true);
    co_return;
  }
}

// The suite's fixture keeps the io_context, and the timer with it.
TEST_SUITE("what is left beside a wider fixture", uses<kept>()) {
  TEST_ASYNC("a timer", allow_leaks()) {
    auto timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, 1h);
    timer->async_wait([timer](std::error_code) {});
    CHECK(true);
  }
  TEST_ASYNC("at a gate") {
    awaitest::gate gate;
    co_await gate.wait();
  }
  TEST_ASYNC("at a socket of which nobody writes") {
    const auto executor = co_await asio::this_coro::executor;
    asio::local::stream_protocol::socket mine(executor), theirs(executor);
    asio::local::connect_pair(mine, theirs);
    char byte;
    co_await mine.async_receive(asio::buffer(&byte, 1), asio::use_awaitable);
  }
  TEST_ASYNC("a timer of its own is none that was left", timeout(50ms)) {
    asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
    co_await timer.async_wait(asio::use_awaitable);
  }
  TEST_ASYNC("nor does it hold up the next one") {
    asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
    co_await timer.async_wait(asio::use_awaitable);
    CHECK(true);
  }
}
