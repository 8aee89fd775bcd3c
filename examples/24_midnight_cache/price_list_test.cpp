// What happens at midnight, at any time of the day: virtual time starts where the test says.
#include "price_list.hpp"

#include <awaitest/awaitest.hpp>

#include <stdexcept>
#include <string>

#include <asio.hpp>

using namespace std::chrono_literals;
using std::chrono::system_clock;

namespace {

// A price list whose source counts the questions, and takes its time to answer.
struct shop_fixture {
  int questions = 0;
  std::chrono::nanoseconds takes = 1s;
  shop::price_list prices{awaitest::this_test::executor(),
                          [this](std::string article) { return ask(std::move(article)); }};

  void set_up() { awaitest::spawn_background(prices.run(), "midnight"); }

  asio::awaitable<int> ask(std::string article) {
    const int price = 100 + ++questions;
    co_await awaitest::sleep_for(takes);
    if (article.empty()) throw std::invalid_argument("no article");
    co_return price;
  }
};

}  // namespace

TEST_SUITE("price list", virtual_time(at("2030-03-01T23:00:00Z"))) {
  TEST_ASYNC_F("a price is asked for once a day", (shop_fixture & s)) {
    CHECK(co_await s.prices.price("tea") == 101);
    co_await awaitest::sleep_for(1h - 2s);  // a second before midnight
    CHECK(co_await s.prices.price("tea") == 101);
    co_await awaitest::sleep_for(1s);
    CHECK(s.prices.size() == 0u);
    CHECK(co_await s.prices.price("tea") == 102);
    co_await awaitest::sleep_for(12h);
    CHECK(co_await s.prices.price("tea") == 102);
  }

  TEST_ASYNC_F("an answer that comes after midnight is not kept", (shop_fixture & s)) {
    co_await awaitest::sleep_for(1h - 500ms);
    CHECK(co_await s.prices.price("tea") == 101);
    CHECK(s.prices.size() == 0u);
    CHECK(co_await s.prices.price("tea") == 102);
  }

  TEST_ASYNC_F("an error is not kept", (shop_fixture & s)) {
    CHECK_THROWS_AS(co_await s.prices.price(""), std::invalid_argument);
    CHECK(s.prices.size() == 0u);
  }

  TEST_ASYNC_F("a year is 365 midnights", (shop_fixture & s)) {
    for (int day = 0; day < 365; ++day) {
      co_await s.prices.price("tea");
      co_await s.prices.price("tea");
      co_await awaitest::sleep_for(24h);
    }
    CHECK(s.questions == 365);
  }

  // By hand: every step is the test's own.
  TEST_ASYNC_F("the last moment of the day", (shop_fixture & s),
               virtual_time(at("2028-02-29T23:59:59.999Z"), manual)) {
    s.takes = 0s;
    co_await awaitest::settle();  // run() has set its timer
    const auto asked = awaitest::spawn(s.prices.price("tea"));
    co_await awaitest::this_test::advance(0s);
    REQUIRE(asked.done());
    CHECK(s.prices.size() == 1u);
    co_await awaitest::this_test::advance(1ms - 1ns);
    CHECK(s.prices.size() == 1u);
    co_await awaitest::this_test::advance(1ns);
    CHECK(s.prices.size() == 0u);
  }
}

TEST("midnight is in the future, also before 1970") {
  const auto day = [](int n) { return system_clock::time_point{} + n * 24h; };
  CHECK(shop::next_midnight(day(3)) == day(4));
  CHECK(shop::next_midnight(day(3) + 1h) == day(4));
  CHECK(shop::next_midnight(day(-3)) == day(-2));
  CHECK(shop::next_midnight(day(-3) - 1h) == day(-3));
}
