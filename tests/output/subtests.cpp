// Parts of a body that have a name: what fails in one ends that one, and the others run.
#include <awaitest/awaitest.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using awaitest::match::_;

namespace {

int runs = 0;
asio::awaitable<int> answer(int n) {
  co_await awaitest::sleep_for(1ms);
  if (n == 7) throw std::runtime_error("no answer to 7");
  co_return n;
}
struct counter {
  int value = 0;
};

}  // namespace

TEST("a CHECK goes on") {
  for (int i = 1; i <= 3; ++i) {
    SUBTEST("row {}", i) {
      CHECK(i != 2);
      CHECK(i * i != 4);
    }
  }
}
TEST_ASYNC("a REQUIRE ends its subtest alone") {
  std::vector<std::string> done;
  for (const std::string currency : {"eur", "usd", "yen"}) {
    SUBTEST(currency) {
      REQUIRE(co_await answer(1) == (currency == "yen" ? 1 : 2));
      done.push_back(currency);
    }
  }
  CHECK(done == std::vector<std::string>{"yen", "pound"});  // told once
}
TEST_ASYNC("an exception, too") {
  INFO("of all");
  SUBTEST("seven") {
    INFO("of seven");
    CHECK(co_await answer(7) == 7);
  }
  SUBTEST("eight") { CHECK(co_await answer(8) == 9); }
}
TEST("nested") {
  SUBTEST("outer") {
    SUBTEST("first") { REQUIRE(1 == 2); }
    SUBTEST("second") { REQUIRE(2 == 3); }
    SUBTEST("passes") { CHECK(3 == 3); }
    REQUIRE(4 == 5);
  }
  SUBTEST("other") {
    SUBTEST("first") { REQUIRE(5 == 6); }
  }
  SUBTEST("last") { CHECK(6 == 7); }
}
TEST("one is skipped") {
  SUBTEST("one") { SKIP("not here"); }
  SUBTEST("two") { CHECK(2 == 2); }
  SUBTEST("three") { CHECK(3 == 4); }
}
TEST("one is skipped, and the others pass") {
  SUBTEST("one") { SKIP("not here"); }
  SUBTEST("two") { CHECK(2 == 2); }
}
TEST("of the same name") {
  for (int i = 0; i < 3; ++i) {
    SUBTEST("row") { REQUIRE(i == 0); }
  }
}
TEST_F("with a fixture, which is there anew", (counter & c)) {
  CHECK(++c.value == 1);
  SUBTEST("a") { REQUIRE(c.value == 2); }
  SUBTEST("b") { CHECK(++c.value == 3); }
}
TEST_ASYNC("in a child") {
  auto child = awaitest::spawn([]() -> asio::awaitable<void> {
    SUBTEST("a") { REQUIRE(co_await answer(1) == 2); }
    SUBTEST("b") { REQUIRE(co_await answer(2) == 3); }
  });
  co_await child.join();
}
TEST_ASYNC("mocks of each run") {
  awaitest::async_mock<int(int)> ask{"ask"};
  ask.expect(_).returns(1);
  SUBTEST("before") { REQUIRE(1 == 2); }
  SUBTEST("asks") { CHECK(co_await ask(1) == 2); }
}
TEST_ASYNC("late in one: that ends the test", timeout(20ms), virtual_time()) {
  SUBTEST("late") { co_await awaitest::sleep_for(1h); }
  SUBTEST("not run") { CHECK(1 == 2); }
}
// The second run tells what the first one has not come to, at the same place.
TEST("a loop that comes further when it runs again") {
  for (int i = 0; i < 3; ++i) {
    INFO("round {}", i);
    CHECK(i == 1);
    SUBTEST("a") { REQUIRE(i != 0); }
  }
}
TEST("of another name each time") {
  SUBTEST("run {}", ++runs) { REQUIRE(1 == 2); }
  SUBTEST("not run") { CHECK(1 == 2); }
}
// Where a part of the body cannot be run, the test does not pass.
TEST("skips one of another name each time") {
  static int number = 0;
  SUBTEST("run {}", ++number) { SKIP("not here"); }
  SUBTEST("not run") { CHECK(1 == 2); }
}
TEST("caught, with an expectation that is not met") {
  awaitest::mock<int(int)> ask{"ask"};
  ask.expect(_).returns(1);
  try {
    SUBTEST("a") { throw std::runtime_error("swallowed"); }
  } catch (const std::runtime_error&) {
  }
  CHECK(1 == 1);
}
TEST("may pass yet", retries(1)) {
  static int attempt = 0;
  ++attempt;
  SUBTEST("a") { REQUIRE(attempt > 2); }
  SUBTEST("b") { CHECK(attempt > 2); }
}
TEST("is to fail", should_fail("of its own accord")) {
  SUBTEST("a") { REQUIRE(1 == 2); }
  SUBTEST("b") { CHECK(2 == 2); }
}
// A REQUIRE that somebody has swallowed has ended the task: the next subtest does not begin, and runs when the body does again.
TEST("swallowed") {
  try {
    SUBTEST("first") { REQUIRE(1 == 2); }
  } catch (...) {
  }
  SUBTEST("second") { CHECK(2 == 3); }
}
TEST("without a name, and of two lines") {
  SUBTEST("") { CHECK(1 == 2); }
  SUBTEST("two\nlines") { CHECK(2 == 3); }
}
TEST("all pass") {
  SUBTEST("a") { CHECK(1 == 1); }
  SUBTEST("b") { CHECK(2 == 2); }
}
TEST("crashes", tag("crash")) {
  SUBTEST("a") { CHECK(1 == 1); }
  SUBTEST("b") {
    SUBTEST("c") { std::abort(); }
  }
}
TEST("more than are told", tag("many")) {
  for (int i = 0; i < 1100; ++i) {
    SUBTEST("{}", i) { CHECK(i < 500); }
  }
}
TEST("more than end their runs", tag("many")) {
  for (int i = 0; i < 200; ++i) {
    SUBTEST("{}", i) { REQUIRE(1 == 2); }
  }
}
