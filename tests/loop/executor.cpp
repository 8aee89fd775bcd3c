// A task's executor, as code that takes any executor meets it: properties, order, inline or not, and after
// its test.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <optional>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

// Outlives the attempt that filled it, as an executor in a static object does.
std::optional<asio::any_io_executor> left_behind;
int attempts_begun = 0;
bool ran_after_its_test = false;

/// Plain bools go into the assertions: how CHECK takes comparisons of executors is the matter of
/// author/check_asio.cpp.
template <class A, class B>
bool same(const A& a, const B& b) {
  return a == b;
}

template <class Executor>
void needs_an_io_executor(Executor executor) {
  asio::steady_timer timer(executor);
  asio::ip::tcp::socket socket(executor);
  asio::strand<Executor> strand(executor);
  CHECK(same(timer.get_executor(), executor));
  CHECK(same(socket.get_executor(), executor));
  CHECK(same(strand.get_inner_executor(), executor));
}

}  // namespace

TEST_SUITE("loop: executor") {
  TEST_ASYNC("is the body's own") {
    const auto mine = co_await asio::this_coro::executor;
    CHECK(same(mine, awaitest::this_test::executor()));
    CHECK(static_cast<bool>(mine));
    needs_an_io_executor(mine);
  }

  TEST_ASYNC("a child has another, on the same context") {
    const auto mine = co_await asio::this_coro::executor;
    const auto child = awaitest::spawn([]() -> asio::awaitable<asio::any_io_executor> {
      const auto its = co_await asio::this_coro::executor;
      CHECK(same(its, awaitest::this_test::executor()));
      co_return its;
    });
    const auto other = co_await child.join();
    CHECK_FALSE(same(mine, other));
    CHECK(&asio::query(mine, asio::execution::context) == &asio::query(other, asio::execution::context));
  }

  TEST("properties are kept and answered") {
    using namespace asio::execution;
    const auto plain = awaitest::this_test::executor();
    CHECK(same(asio::query(plain, blocking), blocking.possibly));
    CHECK(same(asio::query(plain, relationship), relationship.fork));
    CHECK(same(asio::query(plain, outstanding_work), outstanding_work.untracked));
    CHECK(same(asio::query(plain, mapping), mapping.thread));
    CHECK(&asio::query(plain, context) == &awaitest::this_test::io_context());

    const auto never = asio::require(plain, blocking.never);
    CHECK(same(asio::query(never, blocking), blocking.never));
    CHECK(same(asio::query(asio::prefer(never, blocking.possibly), blocking), blocking.possibly));
    const auto next = asio::prefer(plain, relationship.continuation);
    CHECK(same(asio::query(next, relationship), relationship.continuation));
    CHECK(same(asio::query(asio::prefer(next, relationship.fork), relationship), relationship.fork));
    const auto tracked = asio::prefer(plain, outstanding_work.tracked);
    CHECK(same(asio::query(tracked, outstanding_work), outstanding_work.tracked));
    const auto again = asio::prefer(tracked, outstanding_work.untracked);
    CHECK(same(asio::query(again, outstanding_work), outstanding_work.untracked));
    // One property leaves the others alone.
    const auto both = asio::prefer(never, relationship.continuation);
    CHECK(same(asio::query(both, blocking), blocking.never));
    CHECK(same(asio::query(both, relationship), relationship.continuation));
  }

  TEST("runs inline what is dispatched from inside") {
    const auto mine = awaitest::this_test::executor();
    int inside = 0;
    asio::dispatch(mine, [&] { ++inside; });
    CHECK(inside == 1);
    mine.execute([&] { ++inside; });
    CHECK(inside == 2);
  }

  TEST_ASYNC("never runs inline what is posted") {
    std::vector<int> order;
    const auto mine = co_await asio::this_coro::executor;
    asio::post(mine, [&] { order.push_back(1); });
    asio::defer(mine, [&] { order.push_back(2); });
    asio::require(mine, asio::execution::blocking.never).execute([&] { order.push_back(3); });
    CHECK(order.empty());
    co_await asio::post(mine, asio::use_awaitable);
    CHECK(order == std::vector{1, 2, 3});
  }

  TEST_ASYNC("a child's executor does not run inline in the body") {
    bool ran = false;
    std::optional<asio::any_io_executor> its;
    awaitest::gate may_end;
    const auto child = awaitest::spawn([&]() -> asio::awaitable<void> {
      its = co_await asio::this_coro::executor;
      co_await may_end.wait();
    });
    co_await awaitest::settle();
    REQUIRE(its.has_value());
    asio::dispatch(*its, [&] { ran = true; });
    CHECK_FALSE(ran);
    may_end.open();
    co_await child.join();
    CHECK(ran);
  }

  TEST_ASYNC("takes move-only, large and throwing-free handlers") {
    const auto mine = co_await asio::this_coro::executor;
    struct large {
      char bytes[500] = {};
    };
    auto owned = std::make_unique<int>(7);
    int seen = 0;
    asio::require(mine, asio::execution::blocking.never).execute([&seen, owned = std::move(owned)] {
      seen += *owned;
    });
    asio::post(mine, [&seen, filler = large{}] { seen += filler.bytes[0] + 1; });
    co_await awaitest::settle();
    CHECK(seen == 8);
  }

  TEST_ASYNC("carries strands, with their order") {
    auto strand = asio::make_strand(co_await asio::this_coro::executor);
    std::vector<int> order;
    for (int i = 0; i < 5; ++i) asio::post(strand, [&order, i] { order.push_back(i); });
    bool on_it = false;
    asio::post(strand, [&] { on_it = strand.running_in_this_thread(); });
    co_await awaitest::settle();
    CHECK(order == std::vector{0, 1, 2, 3, 4});
    CHECK(on_it);
    CHECK_FALSE(strand.running_in_this_thread());
    co_await asio::co_spawn(
        strand,
        [&]() -> asio::awaitable<void> {
          CHECK(strand.running_in_this_thread());
          co_await awaitest::sleep_for(1ms);
          CHECK(strand.running_in_this_thread());
        },
        asio::use_awaitable);
  }

  // Each attempt looks at the executor of the one before, whose slot it may well have got.
  TEST_ASYNC("does nothing once its test is over", repeat(20)) {
    const auto mine = co_await asio::this_coro::executor;
    if (attempts_begun++ > 0) {
      REQUIRE(left_behind.has_value());
      CHECK_FALSE(same(*left_behind, mine));
      auto alive = std::make_shared<int>(0);
      const std::weak_ptr<int> watch = alive;
      asio::post(*left_behind, [kept = alive] { ran_after_its_test = true; });
      asio::dispatch(*left_behind, [kept = std::move(alive)] { ran_after_its_test = true; });
      CHECK(watch.expired());  // destroyed, not kept
      std::thread([] { asio::post(*left_behind, [] { ran_after_its_test = true; }); }).join();
      asio::steady_timer timer(*left_behind, 0ms);  // a stale one is still an executor of the loop's context
      timer.async_wait([](std::error_code) { ran_after_its_test = true; });
      co_await awaitest::sleep_for(1ms);
      CHECK_FALSE(ran_after_its_test);
    }
    left_behind = mine;
  }

  TEST_ASYNC("work that it counts keeps the test from ending", repeat(20)) {
    // A tracked executor in another thread's hands: the handler comes when the body has long ended.
    auto tracked =
        asio::prefer(co_await asio::this_coro::executor, asio::execution::outstanding_work.tracked);
    auto thread = std::make_shared<std::thread>();
    awaitest::cleanup([thread] { thread->join(); });
    *thread = std::thread([tracked = std::move(tracked)]() mutable {
      std::this_thread::yield();
      asio::post(tracked, [] { CHECK(awaitest::this_test::name().ends_with("from ending")); });
      tracked = {};
    });
  }
}
