// The process ends before the run does.
#include <awaitest/awaitest.hpp>

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "things.hpp"

using namespace std::chrono_literals;

namespace {
int* volatile nowhere = nullptr;
volatile bool for_ever = true;
}  // namespace

TEST("before", tag("every")) { CHECK(1 == 2); }
TEST_ASYNC("segv", tag("segv")) {
  CHECK(3 == 4);
  co_await asio::post(asio::use_awaitable);
  *nowhere = 1;
}
TEST("abort", tag("abort")) { std::abort(); }
TEST("terminate", tag("terminate")) {
  []() noexcept { things::throws(); }();
}
TEST("terminate on a thread", tag("terminate_thread")) {
  std::thread([] { throw std::runtime_error("out of a thread"); }).join();
}
TEST("exit", tag("exit")) { std::exit(0); }
TEST("quick exit", tag("quick_exit")) { std::quick_exit(0); }
TEST("exit on a thread", tag("exit_thread")) {
  std::thread([] { std::exit(0); }).join();
}
TEST("blocked", tag("blocked"), timeout(1ms)) {
  while (for_ever) continue;
}
TEST("after", tag("every")) { CHECK(true); }
TEST("the second time", tag("second")) {
  static int rounds = 0;
  if (++rounds == 2) std::abort();
  CHECK(true);
}
TEST("a child that it forks exits", tag("fork")) {
  const auto child = ::fork();
  if (child == 0) std::exit(7);
  int status = 0;
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 7);
}
