// Assertions in the destructors of what a test has made: they are the test's.
#include <awaitest/awaitest.hpp>

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <chrono>
#include <memory>
#include <utility>

using namespace std::chrono_literals;

namespace {

struct asserts {
  int number = 0;
  ~asserts() { CHECK(number == 0); }
};
struct fixture_of_the_test : asserts {
  fixture_of_the_test() { number = 1; }
};
struct fixture_with_hooks : asserts {
  asio::awaitable<void> set_up() {
    number = 2;
    co_await asio::post(asio::use_awaitable);
  }
  asio::awaitable<void> tear_down() { co_await asio::post(asio::use_awaitable); }
};
struct fixture_of_the_suite : asserts {
  static constexpr auto scope = awaitest::scope::suite;
  fixture_of_the_suite() { number = 3; }
};
std::shared_ptr<asserts> made(int number) {
  auto one = std::make_shared<asserts>();
  one->number = number;
  return one;
}

}  // namespace

TEST_F("a fixture", (fixture_of_the_test & one)) { CHECK(one.number == 1); }
TEST_ASYNC_F("a fixture with hooks", (fixture_with_hooks & one)) {
  CHECK(one.number == 2);
  co_return;
}
TEST("a cleanup's capture") {
  awaitest::cleanup([kept = made(4)] { CHECK(kept->number == 4); });
  awaitest::cleanup([kept = made(5)] { CHECK(kept->number == 5); });
}
TEST("the capture of a cleanup that is awaited") {
  auto action = [kept = made(6)]() -> asio::awaitable<void> {
    co_await asio::post(asio::use_awaitable);
    CHECK(kept->number == 6);
  };
  awaitest::cleanup(std::move(action));
}
TEST_ASYNC("a child's capture") {
  auto work = [kept = made(7)]() -> asio::awaitable<void> {
    CHECK(kept->number == 7);
    co_return;
  };
  auto child = awaitest::spawn(std::move(work), "child");
  co_await child.join();
}
TEST_ASYNC("the capture of a child that is cancelled") {
  auto work = [kept = made(8)]() -> asio::awaitable<void> { co_await awaitest::sleep_for(1h); };
  awaitest::spawn_background(std::move(work), "child");
  CHECK(true);
  co_return;
}
TEST_SUITE("suite") {
  TEST_F("a fixture", (fixture_of_the_suite & one)) { CHECK(one.number == 3); }
}
TEST("the last one") { CHECK(true); }
