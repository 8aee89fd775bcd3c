// Loops that never come back: who has their thread, for how long, and where it is. One at a time: each ends the process.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <pthread.h>
#include <unistd.h>
#include <csignal>
#include <memory>

using namespace std::chrono_literals;

namespace hangs {

volatile bool for_ever = true;

[[gnu::noinline]] void in_the_machine() {
  while (for_ever) ::pause();
}
[[gnu::noinline]] void in_a_function() {
  in_the_machine();
  for_ever = true;  // no tail call
}
asio::awaitable<void> in_a_coroutine() {
  co_await asio::post(asio::use_awaitable);
  in_a_function();
}

}  // namespace hangs

TEST("a plain body", timeout(1ms)) { hangs::in_a_function(); }
TEST_ASYNC("a body", timeout(1ms)) { co_await hangs::in_a_coroutine(); }
TEST_ASYNC("a child", timeout(1ms)) {
  awaitest::spawn(hangs::in_a_coroutine(), "loader");
  co_return;
}
TEST_ASYNC("a handler of the io_context", timeout(1ms)) {
  asio::post(awaitest::this_test::io_context(), [] { hangs::in_a_function(); });
  co_await awaitest::sleep_for(1h);
}
TEST_ASYNC("a timer of the io_context, after a wait", timeout(1s)) {
  asio::steady_timer timer(awaitest::this_test::io_context(), 200ms);
  timer.async_wait([](asio::error_code) { hangs::in_a_function(); });
  co_await awaitest::sleep_for(1h);
}
TEST("without signals", timeout(1ms)) {
  sigset_t all;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
  hangs::in_a_function();
}

// What a test leaves to others to destroy.
namespace hangs {

struct when_destroyed {
  bool armed = false;
  ~when_destroyed() {
    if (armed) in_a_function();
  }
};
std::shared_ptr<when_destroyed> armed() {
  auto made = std::make_shared<when_destroyed>();
  made->armed = true;
  return made;
}
when_destroyed at_exit;
struct with_the_run {
  static constexpr auto scope = awaitest::scope::run;
};

}  // namespace hangs

TEST("with the test", timeout(1s)) {
  CHECK(1 == 2);
  awaitest::cleanup([held = hangs::armed()] {});
}
TEST("left on the io_context", timeout(1min), allow_leaks()) {
  auto timer = std::make_shared<asio::steady_timer>(awaitest::this_test::io_context(), 1h);
  timer->async_wait([timer, held = hangs::armed()](asio::error_code) {});
}
TEST_F("left to the end of the run", (hangs::with_the_run&), timeout(1min), allow_leaks()) {
  auto timer = std::make_shared<asio::steady_timer>(awaitest::this_test::io_context(), 1h);
  timer->async_wait([timer, held = hangs::armed()](asio::error_code) {});
}
TEST("at exit", timeout(1min)) { hangs::at_exit.armed = true; }

namespace hangs {

struct with_the_suite {
  static constexpr auto scope = awaitest::scope::suite;
  when_destroyed last;
};

}  // namespace hangs

TEST_SUITE("suite") {
  TEST_F("with its fixture", (hangs::with_the_suite & it), timeout(1min)) { it.last.armed = true; }
}
