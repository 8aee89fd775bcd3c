// The seam of the order in which handlers run: what a schedule is asked, and that it is obeyed.
#include <awaitest/awaitest.hpp>
#include <awaitest/loop/schedule.hpp>
#include <awaitest/task/scope.hpp>

#include <asio.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace awaitest::match;
using awaitest::detail::schedule_choice;

namespace {

/// The test's order while it lives: always the newest of what is ready.
class newest_first final : public awaitest::detail::schedule {
 public:
  newest_first() { awaitest::detail::here.running->scope->order = this; }
  ~newest_first() override { end(); }
  void end() {
    if (auto* const mine = awaitest::detail::here.running) mine->scope->order = nullptr;
  }

  std::size_t choose(const std::vector<schedule_choice>& ready, std::int64_t) override {
    if (ready.size() < 2) return 0;
    ++asked;
    least = std::min(least, ready.size());
    of_the_context += std::count_if(ready.begin(), ready.end(), [](const auto& one) { return !one.handler; });
    return ready.size() - 1;
  }
  std::size_t choose_timer(std::size_t number) override {
    least = std::min(least, number);
    ++timers;
    return number - 1;
  }

  // No assertion is evaluated in a call: between two handlers no test is running.
  std::size_t least = 1000;
  int asked = 0, timers = 0;
  std::ptrdiff_t of_the_context = 0;
};

asio::awaitable<void> note(std::string& to, char what) {
  to += what;
  co_return;
}

}  // namespace

TEST_SUITE("loop: schedule") {
  TEST_ASYNC("without one: first in, first out") {
    std::string order;
    std::vector<awaitest::task<void>> all;
    for (const char name : {'a', 'b', 'c'}) all.push_back(awaitest::spawn(note(order, name)));
    for (auto& one : all) co_await one.join();
    CHECK(order == "abc");
  }

  TEST_ASYNC("it chooses among the heads of chains") {
    std::string order;
    std::vector<awaitest::task<void>> all;
    {
      newest_first newest;
      for (const char name : {'a', 'b', 'c'}) all.push_back(awaitest::spawn(note(order, name)));
      for (auto& one : all) co_await one.join();
      CHECK(newest.asked > 0);
      CHECK(newest.least == 2u);
    }
    CHECK(order == "cba");
  }

  TEST_ASYNC("what one origin posts for one task stays in order") {
    std::string order;
    {
      const newest_first newest;
      const auto mine = co_await asio::this_coro::executor;
      for (const char name : {'a', 'b', 'c'}) asio::post(mine, [&order, name] { order += name; });
      co_await asio::post(mine, asio::use_awaitable);
    }
    CHECK(order == "abc");
  }

  TEST_ASYNC("nothing runs inside the call that dispatches it") {
    const auto mine = co_await asio::this_coro::executor;
    std::string order;
    asio::dispatch(mine, [&] { order += "inside "; });
    order += "after ";
    {
      const newest_first newest;
      asio::dispatch(mine, [&] { order += "later"; });
      order += "before ";
      co_await asio::post(mine, asio::use_awaitable);
    }
    CHECK(order == "inside after before later");
  }

  TEST_ASYNC("handlers of the io_context's own are offered one by one") {
    std::string order;
    std::ptrdiff_t offered = 0;
    {
      newest_first newest;
      auto& io = awaitest::this_test::io_context();
      for (const char name : {'a', 'b', 'c'}) asio::post(io, [&order, name] { order += name; });
      auto child = awaitest::spawn(note(order, 'x'));
      co_await child.join();
      while (order.size() < 4) co_await asio::post(io, asio::use_awaitable);
      offered = newest.of_the_context;
    }
    CHECK(order.size() == 4u);
    CHECK(order.find('c') < order.find('b'));
    CHECK(order.find('b') < order.find('a'));
    CHECK(order.find('c') < order.find('x'));
    CHECK(offered > 0);
  }

  TEST_ASYNC("a strand's batch is one step") {
    std::string order;
    {
      const newest_first newest;
      auto& io = awaitest::this_test::io_context();
      auto strand = asio::make_strand(io);
      for (const char name : {'a', 'b', 'c'}) asio::post(strand, [&order, name] { order += name; });
      asio::post(io, [&order] { order += '.'; });
      while (order.size() < 4) co_await asio::post(io, asio::use_awaitable);
    }
    CHECK_THAT(order, contains("bc"));  // the first has made the strand run, the others were its next batch
  }

  TEST_ASYNC("timers that are due at one instant", virtual_time()) {
    std::string order;
    const auto wait = [&order](char name, std::chrono::milliseconds span) -> asio::awaitable<void> {
      asio::steady_timer timer(co_await asio::this_coro::executor, span);
      co_await timer.async_wait(asio::use_awaitable);
      order += name;
    };
    for (const char name : {'a', 'b', 'c'}) awaitest::spawn_background(wait(name, 5ms));
    co_await awaitest::sleep_for(10ms);
    CHECK(order == "abc");
    order.clear();
    int timers = 0;
    {
      newest_first newest;
      for (const char name : {'a', 'b', 'c', 'd'})
        awaitest::spawn_background(wait(name, name == 'd' ? 6ms : 5ms));
      co_await awaitest::sleep_for(10ms);
      timers = newest.timers;
      CHECK(newest.least >= 2u);
    }
    CHECK(timers == 2);
    CHECK_THAT(order, ends_with("d"));
    CHECK(order.size() == 4u);
  }
}
