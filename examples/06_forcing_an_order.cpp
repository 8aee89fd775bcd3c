// A test that waits "long enough" is slow on good days and wrong on bad ones. These force the order instead.
// All can be awaited anywhere in the test and cancelled, and a test that hangs names the one it hangs at.
#include <awaitest/awaitest.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace {

asio::awaitable<void> say(std::string& out, char what, awaitest::sequencer& order, std::size_t turn) {
  co_await order.turn(turn);
  out.push_back(what);
}

asio::awaitable<void> pass(awaitest::gate& g, int& passed) {
  co_await g.wait();
  ++passed;
}

asio::awaitable<void> meet(awaitest::barrier& all, int& arrived, std::vector<int>& seen) {
  ++arrived;
  co_await all.arrive();
  seen.push_back(arrived);
}

}  // namespace

TEST_SUITE("order") {
  // A gate holds everybody back until it is opened.
  TEST_ASYNC("gate") {
    awaitest::gate g;
    int passed = 0;
    auto one = awaitest::spawn(pass(g, passed));
    auto two = awaitest::spawn(pass(g, passed));

    co_await awaitest::settle();  // everything else has got as far as it can: both stand at the gate
    CHECK(passed == 0);
    g.open();
    co_await one.join();
    co_await two.join();
    CHECK(passed == 2);
  }

  // A barrier lets nobody through before so many have arrived.
  TEST_ASYNC("barrier") {
    awaitest::barrier all{3};
    int arrived = 0;
    std::vector<int> seen;
    auto one = awaitest::spawn(meet(all, arrived, seen));
    auto two = awaitest::spawn(meet(all, arrived, seen));
    co_await meet(all, arrived, seen);
    co_await one.join();
    co_await two.join();
    CHECK(seen == std::vector<int>{3, 3, 3});
  }

  // A sequencer gives turns: 0, 1, 2... in whatever order they are asked for.
  TEST_ASYNC("sequencer") {
    awaitest::sequencer order;
    std::string out;
    auto c = awaitest::spawn(say(out, 'c', order, 2));
    auto a = awaitest::spawn(say(out, 'a', order, 0));
    auto b = awaitest::spawn(say(out, 'b', order, 1));
    co_await c.join();
    CHECK(out == "abc");
  }
}
