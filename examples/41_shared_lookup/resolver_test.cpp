// Two who ask for one name. The second comes half a millisecond after the answer, and finds it: in this order, which is the one that a
// test sees. A mock counts the lookups; in each schedule it is a new one.
#include "resolver.hpp"

#include <awaitest/awaitest.hpp>

#include <chrono>
#include <string>

using namespace std::chrono_literals;
using namespace awaitest::match;

namespace {

template <bool shares>
asio::awaitable<void> two_ask() {
  awaitest::async_mock<std::string(std::string)> look_up{"look_up"};
  look_up.expect("db").times(1).returns("10.0.0.7").after(1ms);
  net::resolver<shares> names{[&](std::string name) { return look_up(std::move(name)); }};

  const auto ask = [&](std::chrono::microseconds when) -> asio::awaitable<void> {
    co_await awaitest::sleep_for(when);
    CHECK(co_await names.address("db") == "10.0.0.7");
  };
  auto first = awaitest::spawn(ask(0us), "first"), second = awaitest::spawn(ask(1500us), "second");
  co_await first.join();
  co_await second.join();
}

}  // namespace

TEST_SUITE("shared lookup") {
  TEST_ASYNC("twice", explore(), should_fail("nobody knows of the lookup that is under way")) {
    co_await two_ask<false>();
  }
  TEST_ASYNC("once", explore()) { co_await two_ask<true>(); }
}
