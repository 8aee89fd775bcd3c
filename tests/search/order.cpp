// The schedules of explore(): every order that Asio allows, and no other.
#include "../run/inner_run.hpp"

#include <asio.hpp>
#include <asio/experimental/channel.hpp>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace awaitest::match;
using asio::use_awaitable;
using awaitest::search_end;

namespace {

void every_order(awaitest::option_set& to) {
  to.add({awaitest::option_names::explore(awaitest::option_names::exhaustive)});
}
void some_orders(awaitest::option_set& to) { to.add({awaitest::option_names::explore(300)}); }

/// The orders that the schedules of the last inner run have made.
std::set<std::string> orders;

asio::awaitable<void> note(std::string& to, char what) {
  to += what;
  co_return;
}
asio::awaitable<void> turn() { co_await asio::post(use_awaitable); }
asio::awaitable<void> note_twice(std::string& to, char what) {
  to += what;
  co_await turn();
  to += what;
}
template <class... Work>
asio::awaitable<void> together(Work... work) {
  std::vector<awaitest::task<void>> all;
  (all.push_back(awaitest::spawn(std::move(work))), ...);
  for (auto& one : all) co_await one.join();
}

inner::report run(asio::awaitable<void> (*body)(), void (*options)(awaitest::option_set&) = every_order) {
  orders.clear();
  return inner::run(inner::async("explored", body, options));
}

}  // namespace

TEST_SUITE("search: order") {
  TEST("children begin in every order") {
    const auto got = run([]() -> asio::awaitable<void> {
      std::string order;
      co_await together(note(order, 'a'), note(order, 'b'), note(order, 'c'));
      orders.insert(order);
      CHECK(order.size() == 3u);
    });
    CHECK(got.code == 0);
    CHECK(got.tests[0].searches.at(0).end == search_end::all);
    CHECK(orders == std::set<std::string>{"abc", "acb", "bac", "bca", "cab", "cba"});
  }
  TEST("steps of two tasks interleave in every way, each in its own order") {
    const auto got = run([]() -> asio::awaitable<void> {
      std::string order;
      co_await together(note_twice(order, 'a'), note_twice(order, 'b'));
      orders.insert(order);
      CHECK(order.size() == 4u);
    });
    CHECK(got.code == 0);
    CHECK(orders == std::set<std::string>{"aabb", "abab", "abba", "baab", "baba", "bbaa"});
  }
  TEST("what one task posts for itself stays in order") {
    const auto got = run([]() -> asio::awaitable<void> {
      std::string order;
      const auto mine = co_await asio::this_coro::executor;
      for (const char name : {'a', 'b', 'c'}) asio::post(mine, [&order, name] { order += name; });
      co_await together(note(order, 'x'));
      while (order.size() < 4) co_await turn();
      std::erase(order, 'x');
      orders.insert(order);
      CHECK(order == "abc");
    });
    CHECK(got.code == 0);
    CHECK(orders == std::set<std::string>{"abc"});
  }
  TEST("what one task posts for itself changes places where that is asked for") {
    const auto got = run(
        []() -> asio::awaitable<void> {
          std::string order;
          const auto mine = co_await asio::this_coro::executor;
          for (const char name : {'a', 'b'}) asio::post(mine, [&order, name] { order += name; });
          while (order.size() < 2) co_await turn();
          orders.insert(order);
          CHECK(order.size() == 2u);
        },
        [](awaitest::option_set& to) {
          to.add({awaitest::option_names::explore(awaitest::option_names::reorder::posts, 100)});
        });
    CHECK(got.code == 0);
    CHECK(orders == std::set<std::string>{"ab", "ba"});
  }
  TEST("a strand keeps its order") {
    const auto got = run([]() -> asio::awaitable<void> {
      std::string order;
      const auto strand = asio::make_strand(co_await asio::this_coro::executor);
      for (const char name : {'a', 'b', 'c'}) asio::post(strand, [&order, name] { order += name; });
      co_await together(turn());
      while (order.size() < 3) co_await turn();
      orders.insert(order);
      CHECK(order == "abc");
    });
    CHECK(got.code == 0);
  }
  TEST("a strand of the io_context keeps its order, too") {
    const auto got = run([]() -> asio::awaitable<void> {
      std::string order;
      const auto strand = asio::make_strand(awaitest::this_test::io_context());
      for (const char name : {'a', 'b', 'c'}) asio::post(strand, [&order, name] { order += name; });
      co_await together(turn());
      while (order.size() < 3) co_await turn();
      orders.insert(order);
      CHECK(order == "abc");
    });
    CHECK(got.code == 0);
  }
  TEST("handlers that are posted to the io_context run in every order among tasks") {
    const auto got = run(
        []() -> asio::awaitable<void> {
          std::string order;
          asio::post(awaitest::this_test::io_context(), [&order] { order += 'i'; });
          co_await together(note(order, 'a'));
          while (order.size() < 2) co_await turn();
          orders.insert(order);
          CHECK(order.size() == 2u);
        },
        some_orders);
    CHECK(got.code == 0);
    CHECK(orders == std::set<std::string>{"ai", "ia"});
  }
  TEST("what is dispatched inside runs inside") {
    const auto got = run([]() -> asio::awaitable<void> {
      std::string order;
      auto child = awaitest::spawn(note(order, 'x'));
      asio::dispatch(co_await asio::this_coro::executor, [&order] { order += 'd'; });
      order += 'a';
      co_await child.join();
      std::erase(order, 'x');
      orders.insert(order);
      CHECK(order == "da");
    });
    CHECK(got.code == 0);
    CHECK(orders == std::set<std::string>{"da"});
  }
  TEST("messages of a channel stay in order") {
    const auto got = run(
        []() -> asio::awaitable<void> {
          asio::experimental::channel<void(asio::error_code, int)> numbers{co_await asio::this_coro::executor,
                                                                           1};
          auto sender = awaitest::spawn([](auto& to) -> asio::awaitable<void> {
            for (int i = 0; i < 3; ++i) co_await to.async_send(asio::error_code{}, i, use_awaitable);
          }(numbers));
          // There is an order to choose also where a channel completes at once.
          auto other = awaitest::spawn([]() -> asio::awaitable<void> {
            for (int i = 0; i < 6; ++i) co_await asio::post(use_awaitable);
          });
          for (int i = 0; i < 3; ++i) CHECK(co_await numbers.async_receive(use_awaitable) == i);
          co_await sender.join();
          co_await other.join();
        },
        some_orders);
    CHECK(got.code == 0);
    CHECK(got.tests[0].searches.at(0).distinct > 1u);
  }
  TEST("timers that are due at one instant, and no others, change places") {
    const auto got = run([]() -> asio::awaitable<void> {
      std::string order;
      const auto wait = [&order](char name, std::chrono::milliseconds span) -> asio::awaitable<void> {
        asio::steady_timer timer(co_await asio::this_coro::executor, span);
        co_await timer.async_wait(use_awaitable);
        order += name;
      };
      co_await together(wait('a', 5ms), wait('b', 5ms), wait('c', 50ms));
      orders.insert(order);
      CHECK(order.size() == 3u);
    });
    CHECK(got.code == 0);
    CHECK(orders == std::set<std::string>{"abc", "bac"});
  }
  TEST("a handler may be late for a timer that is due at once, and not for one of a second") {
    const auto got = run(
        []() -> asio::awaitable<void> {
          std::string order;
          const auto timer = [&order](char name, std::chrono::milliseconds span) -> asio::awaitable<void> {
            asio::steady_timer one(co_await asio::this_coro::executor, span);
            co_await one.async_wait(use_awaitable);
            order += name;
          };
          auto soon = awaitest::spawn(timer('1', 1ms)), late = awaitest::spawn(timer('2', 1s));
          co_await awaitest::settle();
          order += 'b';
          co_await turn();
          order += 'a';
          co_await soon.join();
          co_await late.join();
          orders.insert(order);
          CHECK(order.back() == '2');
        },
        some_orders);
    CHECK(got.code == 0);
    CHECK_THAT(orders, contains("ba12"));
    CHECK_THAT(orders, contains("b1a2"));
  }
  TEST("nobody waits for ever for a task that only waits in a loop for it") {
    const auto got = run(
        []() -> asio::awaitable<void> {
          bool done = false;
          auto child = awaitest::spawn([](bool& what) -> asio::awaitable<void> {
            co_await turn();
            what = true;
          }(done));
          while (!done) co_await turn();
          co_await child.join();
          CHECK(done);
        },
        some_orders);
    CHECK(got.code == 0);
  }
  TEST("a loop that waits for the io_context does not keep it from its work") {
    const auto got = run(
        []() -> asio::awaitable<void> {
          bool done = false;
          asio::post(awaitest::this_test::io_context(), [&done] { done = true; });
          while (!done) co_await turn();
          CHECK(done);
        },
        some_orders);
    CHECK(got.code == 0);
  }
  TEST("a cancellation comes after what had ended before it") {
    // The timer is gone when the child is cancelled: its handler, which is still queued, refers to it.
    const auto got = run(
        []() -> asio::awaitable<void> {
          auto timer = std::make_unique<asio::steady_timer>(co_await asio::this_coro::executor, 1h);
          bool waits = false;
          auto child = awaitest::spawn([](asio::steady_timer& on, bool& begun) -> asio::awaitable<void> {
            begun = true;
            asio::error_code error;
            co_await on.async_wait(asio::redirect_error(use_awaitable, error));
            CHECK(error == asio::error::operation_aborted);
          }(*timer, waits));
          auto other = awaitest::spawn(turn());
          while (!waits) co_await turn();
          timer.reset();
          child.cancel();
          try {
            co_await child.join();
          } catch (const asio::system_error&) {
          }
          co_await other.join();
        },
        some_orders);
    CHECK(got.code == 0);
    CHECK_THAT(got.failures(), is_empty());
  }
  TEST("in a callback's test, without coroutines") {
    const auto got = run([]() -> asio::awaitable<void> {
      auto& io = awaitest::this_test::io_context();
      std::string order;
      asio::steady_timer first(io, 1ms), second(io, 1ms);
      first.async_wait([&order](asio::error_code) { order += 'a'; });
      second.async_wait([&order](asio::error_code) { order += 'b'; });
      co_await awaitest::sleep_for(2ms);
      orders.insert(order);
      CHECK(order.size() == 2u);
    });
    CHECK(got.code == 0);
    CHECK(orders == std::set<std::string>{"ab", "ba"});
  }
}
