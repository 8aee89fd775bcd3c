// The test in control of a mock's calls: next_call, replies in any order, cancellation, threads, the mock's end.
#include <awaitest/awaitest.hpp>

#include <asio/bind_executor.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using namespace awaitest::match;
using awaitest::call_state;

namespace {

asio::awaitable<int> sum_of_both(awaitest::async_mock<int(int)>& f) {
  auto first = f(1);
  const int one = co_await std::move(first);
  auto second = f(2);
  co_return one + co_await std::move(second);
}

}  // namespace

TEST_SUITE("mock: the test answers") {
  TEST_ASYNC("in the reverse order of the calls") {
    awaitest::async_mock<std::string(int)> f{"f"};
    auto a = awaitest::spawn(f(1));
    auto b = awaitest::spawn(f(2));
    auto first = co_await f.next_call();
    auto second = co_await f.next_call();
    CHECK(first.arg<0>() == 1);
    CHECK(second.arg<0>() == 2);
    CHECK(f.in_flight() == 2);
    CHECK(f.max_in_flight() == 2);
    second.reply("two");
    CHECK(co_await b.join() == "two");
    CHECK_FALSE(a.done());
    first.reply("one");
    CHECK(co_await a.join() == "one");
    CHECK(first.state() == call_state::completed);
    CHECK(first.number() == 1);
  }

  TEST_ASYNC("calls that come after next_call, one after the other") {
    awaitest::async_mock<int(int)> f{"f"};
    auto sum = awaitest::spawn(sum_of_both(f));
    auto one = co_await f.next_call();
    CHECK(one.state() == call_state::pending);
    one.reply(10);
    auto two = co_await f.next_call();
    two.reply(20);
    CHECK(co_await sum.join() == 30);
  }

  TEST_ASYNC("calls that came before, after settle") {
    awaitest::async_mock<void(int)> f{"f"};
    auto a = awaitest::spawn(f(1));
    co_await awaitest::settle();
    auto call = co_await f.next_call();
    call.fail(asio::error::connection_reset);
    CHECK_ERROR(co_await a.join(), asio::error::connection_reset);
    CHECK(call.state() == call_state::failed);
    auto b = awaitest::spawn(f(2));
    auto other = co_await f.next_call();
    other.raise(std::out_of_range("x"));
    CHECK_THROWS_AS(co_await b.join(), std::out_of_range);
    auto c = awaitest::spawn(f(3));
    auto last = co_await f.next_call();
    last.reply();
    co_await c.join();
    f.expect_no_call();
  }

  TEST_ASYNC("before the call is awaited") {
    awaitest::async_mock<int(int)> f{"f"};
    auto call = f(1);
    auto taken = co_await f.next_call();
    CHECK(taken.state() == call_state::called);
    taken.reply(5);
    CHECK(co_await std::move(call) == 5);
  }

  TEST_ASYNC("those whose expectation pends, while others are answered") {
    awaitest::async_mock<int(int)> f{"f"};
    f.allow(lt(10)).returns(0);
    f.expect(10).pends();
    CHECK(co_await f(1) == 0);
    auto slow = awaitest::spawn(f(10));
    auto call = co_await f.next_call();
    CHECK(call.arg<0>() == 10);
    call.reply(7);
    CHECK(co_await slow.join() == 7);
  }

  TEST_ASYNC("a call has one answer") {
    awaitest::async_mock<int(int)> f{"f"};
    f.expect(1).returns(1);
    auto a = awaitest::spawn(f(1));
    CHECK(co_await a.join() == 1);
    CHECK_THROWS_WITH(f.last_call().reply(2), contains("it is completed"));
    f.allow(2).pends();
    auto b = awaitest::spawn(f(2));
    auto call = co_await f.next_call();
    call.reply(2);
    CHECK_THROWS_WITH(call.reply(3), contains("it has an answer already"));
    CHECK(co_await b.join() == 2);
  }

  TEST_ASYNC("cancelled calls", virtual_time()) {
    awaitest::async_mock<int(int)> f{"f"};
    f.allow(_).pends();
    f.expect(1).pends().must_be_cancelled();
    f.expect(2).after(1h).must_be_cancelled();
    auto a = awaitest::spawn(f(1));
    auto b = awaitest::spawn(f(2));
    auto bounded = awaitest::spawn([&]() -> asio::awaitable<bool> {
      auto work = f(3);
      try {
        co_await awaitest::with_timeout(1ms, std::move(work));
      } catch (const awaitest::timed_out&) {
        co_return true;
      }
      co_return false;
    });
    co_await awaitest::settle();
    CHECK(f.in_flight() == 3);
    a.cancel();
    b.cancel();
    CHECK(co_await bounded.join());
    co_await awaitest::settle();
    CHECK(f.in_flight() == 0);
    for (const auto& call : f.calls()) CHECK(call.state() == call_state::cancelled);
    CHECK_THROWS_WITH(f.last_call().reply(1), contains("it is cancelled"));
  }

  TEST_ASYNC("the mock dies with calls pending and a next_call waiting") {
    auto f = std::make_unique<awaitest::async_mock<int(int)>>("f");
    f->allow(_).pends();
    auto a = awaitest::spawn((*f)(1));
    auto late = (*f)(2);
    co_await awaitest::settle();
    auto kept = f->last_call();
    auto first = f->calls().front();
    auto g = std::make_unique<awaitest::async_mock<int(int)>>("g");
    auto waiting = awaitest::spawn(g->next_call());
    co_await awaitest::settle();
    f.reset();
    g.reset();
    CHECK_ERROR(co_await a.join(), asio::error::operation_aborted);
    CHECK_ERROR(co_await waiting.join(), asio::error::operation_aborted);
    CHECK_ERROR(co_await std::move(late), asio::error::operation_aborted);
    CHECK(first.state() == call_state::cancelled);
    CHECK(kept.arg<0>() == 2);
  }

  TEST_ASYNC("a stampede is seen by max_in_flight") {
    awaitest::async_mock<int(int)> f{"f"};
    awaitest::gate go;
    f.allow(_).through(go).returns(1);
    std::vector<awaitest::task<int>> all;
    for (int n = 0; n < 20; ++n) all.push_back(awaitest::spawn(f(n)));
    co_await awaitest::settle();
    CHECK(f.in_flight() == 20);
    go.open();
    for (auto& one : all) co_await one.join();
    CHECK(f.max_in_flight() == 20);
    CHECK(f.in_flight() == 0);
  }
}

TEST_SUITE("mock: threads", repeat(50)) {
  TEST_ASYNC("called from several threads at once") {
    awaitest::async_mock<int(int)> f{"f"};
    awaitest::mock<int(int)> g{"g"};
    f.expect(_).times(400).returns(1);
    g.expect(_).times(400).returns(1);
    asio::thread_pool pool(4);
    std::atomic<int> sum{0};
    for (int t = 0; t < 4; ++t)
      asio::co_spawn(
          pool,
          [](auto& async, auto& plain, auto& total) -> asio::awaitable<void> {
            for (int n = 0; n < 100; ++n) {
              auto call = async(n);
              total += co_await std::move(call);
              total += plain(n);
            }
          }(f, g, sum),
          asio::detached);
    pool.join();
    CHECK(sum == 800);
    co_return;
  }

  TEST_ASYNC("calls on a pool, answered by the test") {
    awaitest::async_mock<int(int)> f{"f"};
    f.allow(_).pends();
    asio::thread_pool pool(2);
    auto result = asio::co_spawn(pool, f(5), asio::use_future);
    auto call = co_await f.next_call();
    call.reply(6);
    pool.join();
    CHECK(result.get() == 6);
  }
}

TEST_SUITE("mock: many") {
  TEST_ASYNC("10 000 calls pending at once, answered by the test") {
    awaitest::async_mock<int(int)> f{"f"};
    std::vector<awaitest::task<int>> all;
    for (int n = 0; n < 10'000; ++n) all.push_back(awaitest::spawn(f(n)));
    for (int n = 0; n < 10'000; ++n) {
      auto call = co_await f.next_call();
      call.reply(call.arg<0>());
    }
    long sum = 0;
    for (auto& one : all) sum += co_await one.join();
    CHECK(sum == 49'995'000);
    CHECK(f.max_in_flight() == 10'000);
  }
}
