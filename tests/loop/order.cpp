// gate, barrier, sequencer: who goes when; cancelled, destroyed while waited for, used from other threads.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <atomic>
#include <future>
#include <latch>
#include <optional>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using namespace awaitest::match;

namespace {

asio::awaitable<void> note_when_open(awaitest::gate& gate, std::string& log, char what) {
  co_await gate.wait();
  log += what;
}
asio::awaitable<void> note_turn(awaitest::sequencer& order, std::size_t turn, std::string& log) {
  co_await order.turn(turn);
  log += static_cast<char>('0' + turn);
}

}  // namespace

TEST_SUITE("loop: gate") {
  TEST_ASYNC("holds until it is opened, in the order of arrival") {
    awaitest::gate gate;
    std::string log;
    for (const char c : {'a', 'b', 'c'}) awaitest::spawn(note_when_open(gate, log, c));
    co_await awaitest::settle();
    CHECK(log.empty());
    CHECK_FALSE(gate.is_open());
    gate.open();
    CHECK(log.empty());  // never inside the call
    co_await awaitest::settle();
    CHECK(log == "abc");
  }

  TEST_ASYNC("is passed at once while open, and holds again when closed") {
    awaitest::gate gate;
    gate.open();
    co_await gate.wait();
    CHECK(gate.is_open());
    gate.close();
    const auto waiting = awaitest::spawn(gate.wait());
    co_await awaitest::settle();
    CHECK_FALSE(waiting.done());
    gate.open();
    gate.close();  // those who waited are let go all the same
    co_await waiting.join();
    CHECK(waiting.done());
  }

  TEST_ASYNC("a cancelled wait ends, the others go on waiting") {
    awaitest::gate gate;
    const auto first = awaitest::spawn(gate.wait());
    const auto second = awaitest::spawn(gate.wait());
    co_await awaitest::settle();
    first.cancel();
    CHECK_ERROR(co_await first.join(), asio::error::operation_aborted);
    CHECK_FALSE(second.done());
    gate.open();
    co_await second.join();
  }

  TEST_ASYNC("destroyed, it lets its waiters go with an error") {
    std::optional<awaitest::gate> gate(std::in_place);
    const auto waiting = awaitest::spawn([&]() -> asio::awaitable<void> { co_await gate->wait(); });
    co_await awaitest::settle();
    gate.reset();
    CHECK_ERROR(co_await waiting.join(), asio::error::operation_aborted);
  }

  TEST_ASYNC("a waiter may destroy it") {
    auto gate = std::make_unique<awaitest::gate>();
    const auto waiting = awaitest::spawn([&]() -> asio::awaitable<void> {
      co_await gate->wait();
      gate.reset();
    });
    co_await awaitest::settle();
    gate->open();
    co_await waiting.join();
    CHECK(gate == nullptr);
  }

  TEST_ASYNC("coroutines on a pool wait at it", repeat(50)) {
    static asio::thread_pool pool(2);
    awaitest::gate gate;
    std::atomic<int> passed{0};
    std::promise<void> all;
    for (int i = 0; i < 8; ++i)
      asio::co_spawn(
          pool,
          [&]() -> asio::awaitable<void> {
            co_await gate.wait();
            if (++passed == 8) all.set_value();
          },
          asio::detached);
    gate.open();
    all.get_future().wait();
    CHECK(passed.load() == 8);
    co_return;
  }
}

TEST_SUITE("loop: barrier") {
  TEST("needs at least one") {
    CHECK_THROWS_AS(awaitest::barrier(0), std::invalid_argument);
    CHECK_THROWS_WITH(awaitest::barrier(0), contains("at least one"));
  }

  TEST_ASYNC("of one never waits") {
    awaitest::barrier alone(1);
    for (int i = 0; i < 3; ++i) co_await alone.arrive();
    CHECK(alone.waiting() == 0u);
  }

  TEST_ASYNC("lets all go together, round after round") {
    awaitest::barrier three(3);
    std::string log;
    const auto walk = [&](char name) -> asio::awaitable<void> {
      for (int round = 0; round < 3; ++round) {
        log += name;
        co_await three.arrive();
      }
    };
    const auto a = awaitest::spawn([&] { return walk('x'); });
    const auto b = awaitest::spawn([&] { return walk('x'); });
    co_await awaitest::settle();
    CHECK(log == "xx");
    CHECK(three.waiting() == 2u);
    co_await walk('x');
    co_await a.join();
    co_await b.join();
    CHECK(log == "xxxxxxxxx");
    CHECK(three.waiting() == 0u);
  }

  TEST_ASYNC("cancelled, one has not arrived") {
    awaitest::barrier two(2);
    const auto gone = awaitest::spawn(two.arrive());
    co_await awaitest::settle();
    gone.cancel();
    CHECK_ERROR(co_await gone.join(), asio::error::operation_aborted);
    CHECK(two.waiting() == 0u);
    const auto first = awaitest::spawn(two.arrive());
    co_await awaitest::settle();
    CHECK_FALSE(first.done());
    co_await two.arrive();
    co_await first.join();
  }

  TEST_ASYNC("destroyed, it lets its waiters go with an error") {
    std::optional<awaitest::barrier> two(2);
    const auto waiting = awaitest::spawn([&]() -> asio::awaitable<void> { co_await two->arrive(); });
    co_await awaitest::settle();
    two.reset();
    CHECK_ERROR(co_await waiting.join(), asio::error::operation_aborted);
  }

  // Three arrive at a barrier of two, each on a thread of its own, many times: two of them go, one waits for a fourth.
  TEST_ASYNC("counts arrivals from several threads") {
    asio::thread_pool pool(3);
    const auto turn = [] {
      std::this_thread::yield();
      return asio::post(asio::use_awaitable);
    };
    for (int round = 0; round < 5000; ++round) {
      const auto two = std::make_shared<awaitest::barrier>(2);
      std::latch start(3);
      std::atomic<int> passed{0};
      const auto one = [&]() -> asio::awaitable<void> {
        start.arrive_and_wait();
        co_await two->arrive();
        ++passed;
      };
      for (int i = 0; i < 3; ++i) asio::co_spawn(pool, one, asio::detached);
      while (passed < 2 || passed + static_cast<int>(two->waiting()) < 3) co_await turn();
      const int gone = passed;
      if (gone == 2) co_await two->arrive();
      while (passed < 3) co_await turn();
      REQUIRE(gone == 2);
    }
  }
}

TEST_SUITE("loop: sequencer") {
  TEST_ASYNC("turns come in order, whoever asks first") {
    awaitest::sequencer order;
    std::string log;
    for (const std::size_t turn : {3u, 1u, 2u, 0u}) awaitest::spawn(note_turn(order, turn, log));
    co_await order.turn(4);
    CHECK(log == "0123");
    CHECK(order.next() == 5u);
  }

  TEST_ASYNC("a turn lasts until its taker suspends") {
    awaitest::sequencer order;
    std::string log;
    awaitest::spawn([&]() -> asio::awaitable<void> {
      co_await order.turn(1);
      log += "second";
    });
    co_await awaitest::settle();
    co_await order.turn(0);
    log += "first,";
    co_await awaitest::settle();
    CHECK(log == "first,second");
  }

  TEST_ASYNC("a turn that is over is an error") {
    awaitest::sequencer order;
    co_await order.turn(0);
    CHECK_THROWS_AS(co_await order.turn(0), std::logic_error);
    CHECK_THROWS_WITH(co_await order.turn(0), contains("turn 0 is over"));
    CHECK(order.next() == 1u);
  }

  TEST_ASYNC("two that wait for one turn: one takes it, to the other it is over") {
    awaitest::sequencer order;
    const auto a = awaitest::spawn(order.turn(1));
    const auto b = awaitest::spawn(order.turn(1));
    co_await awaitest::settle();
    co_await order.turn(0);
    co_await a.join();
    CHECK_THROWS_AS(co_await b.join(), std::logic_error);
    CHECK(order.next() == 2u);
    co_await order.turn(2);  // nobody has lost a turn
  }

  TEST_ASYNC("cancelled, one has not taken its turn") {
    awaitest::sequencer order;
    const auto gone = awaitest::spawn(order.turn(1));
    co_await awaitest::settle();
    gone.cancel();
    CHECK_ERROR(co_await gone.join(), asio::error::operation_aborted);
    co_await order.turn(0);
    CHECK(order.next() == 1u);
    co_await order.turn(1);
  }

  TEST_ASYNC("destroyed, it lets its waiters go with an error") {
    std::optional<awaitest::sequencer> order(std::in_place);
    const auto waiting = awaitest::spawn([&]() -> asio::awaitable<void> { co_await order->turn(7); });
    co_await awaitest::settle();
    order.reset();
    CHECK_ERROR(co_await waiting.join(), asio::error::operation_aborted);
  }
}
