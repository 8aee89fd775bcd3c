// Failures of tests whose schedules are searched, and what is said of those that pass.
#include <awaitest/awaitest.hpp>

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <string>
#include <thread>

using namespace std::chrono_literals;

namespace {

asio::awaitable<void> turn() { co_await asio::post(asio::use_awaitable); }
asio::awaitable<void> turns(int number) {
  while (number-- > 0) co_await turn();
}

/// A door with some turns behind it: their number at a task's end is another one with each version of Asio.
struct door {
  bool open = false;
  int entered = 0;

  asio::awaitable<void> opens() {
    open = true;
    co_await turns(3);
  }
  asio::awaitable<void> enters() {
    if (open) ++entered;
    co_await turns(3);
  }
};

}  // namespace

TEST_ASYNC("an order that nobody has thought of", explore()) {
  door front;
  auto porter = awaitest::spawn(front.opens(), "porter"), guest = awaitest::spawn(front.enters(), "guest");
  co_await porter.join();
  co_await guest.join();
  CHECK(front.entered == 1);
}
TEST_ASYNC("waits for what has passed", explore()) {
  awaitest::gate bell;
  auto ringer = awaitest::spawn(turn(), "ringer");
  if (awaitest::this_test::choose(2, "does it ring?") == 0) bell.open();
  co_await bell.wait();
  co_await ringer.join();
}
TEST_ASYNC("a choice of its own", explore()) {
  const int first = awaitest::this_test::choose(3, "first"),
            second = awaitest::this_test::choose(3, "second");
  CHECK(first + second < 4);
  co_return;
}
TEST_ASYNC("fails in any order", explore()) {
  auto other = awaitest::spawn(turn(), "other");
  co_await other.join();
  CHECK(1 == 2);
}
TEST_ASYNC("is not the same again", explore()) {
  static int runs = 0;
  if (++runs == 2) co_await turn();
  CHECK(awaitest::this_test::choose(runs == 2 ? 3 : 2, "how") < 3);
}
TEST_ASYNC("is nowhere near", explore()) {
  bool opened = false;
  auto porter = awaitest::spawn(
      [](bool& door) -> asio::awaitable<void> {
        door = true;
        co_return;
      }(opened),
      "porter");
  co_await porter.join();
  if (!opened) awaitest::this_test::reached("the door is closed");
  CHECK(opened);
}
TEST_ASYNC("all orders are fine", explore(exhaustive), tag("fine")) {
  int came = 0;
  auto porter = awaitest::spawn(
      [&]() -> asio::awaitable<void> {
        ++came;
        co_return;
      },
      "porter");
  auto guest = awaitest::spawn(
      [&]() -> asio::awaitable<void> {
        if (came == 0) awaitest::this_test::reached("the guest came first");
        ++came;
        co_return;
      },
      "guest");
  co_await porter.join();
  co_await guest.join();
  CHECK(came == 2);
}
TEST_ASYNC("nothing to choose", explore(), tag("fine")) {
  CHECK(true);
  co_return;
}
TEST_ASYNC("kept as a test", replay("v1:0000:fifo:900s1/2@a41f"), tag("fine")) {
  CHECK(true);
  co_return;
}
TEST_ASYNC("in real time", explore(), real_time(), tag("unsupported")) { co_return; }
