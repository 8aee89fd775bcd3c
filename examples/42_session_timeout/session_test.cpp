// An answer that comes at the instant at which its deadline is over. It may be in time or too late; but a request that was answered is not
// to close its session. In virtual time the instant is exact, and explore() has both orders.
#include "session.hpp"

#include <awaitest/awaitest.hpp>

#include <chrono>

using namespace std::chrono_literals;

namespace {

template <bool checks>
asio::awaitable<void> answered_at_the_last_moment() {
  rpc::session<checks> one{co_await asio::this_coro::executor};
  co_await one.request(20ms, 20ms);
  const bool answered = one.was_answered();
  if (!answered) awaitest::this_test::reached("too late");
  co_await awaitest::settle();
  CHECK(one.is_open() == answered);
}

}  // namespace

TEST_SUITE("session timeout") {
  TEST_ASYNC("closes a session that was answered", explore(),
             should_fail("an expired timer cannot be cancelled")) {
    co_await answered_at_the_last_moment<false>();
  }
  TEST_ASYNC("closes no session that was answered", explore()) {
    co_await answered_at_the_last_moment<true>();
  }
}
