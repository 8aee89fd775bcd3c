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

// Ends without a word: libc's functions for that.
namespace {
int code_of(pid_t process) {
  int status = 0;
  return ::waitpid(process, &status, 0) == process && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
struct ends_in_its_destructor {
  ~ends_in_its_destructor() { ::_exit(0); }
};
struct starts_true {
  char name[5] = "true";
  char* arguments[2] = {name, nullptr};
};
}  // namespace
TEST("_exit", tag("_exit")) { ::_exit(0); }
TEST("_Exit", tag("std_Exit")) { std::_Exit(0); }
TEST("_exit on a thread", tag("_exit_thread")) {
  std::thread([] { ::_exit(0); }).join();
}
TEST("quick_exit on a thread", tag("quick_exit_thread")) {
  std::thread([] { std::quick_exit(0); }).join();
}
TEST_F("_exit in a fixture", (ends_in_its_destructor & one), tag("_exit_fixture")) {
  static_cast<void>(one);
  CHECK(true);
}
TEST("execl", tag("execl")) { ::execl("/bin/true", "true", nullptr); }
TEST("execlp", tag("execlp")) { ::execlp("true", "true", nullptr); }
TEST("execle", tag("execle")) { ::execle("/bin/true", "true", nullptr, environ); }
TEST("execv", tag("execv")) { ::execv("/bin/true", starts_true{}.arguments); }
TEST("execvp", tag("execvp")) { ::execvp("true", starts_true{}.arguments); }
TEST("execve", tag("execve")) { ::execve("/bin/true", starts_true{}.arguments, environ); }
TEST("ends that are none", tag("no_end")) {
  CHECK(::execl("/nowhere", "nowhere", nullptr) == -1);
  CHECK(::execlp("no-such-program", "none", nullptr) == -1);
  auto child = ::fork();
  if (child == 0) ::_exit(7);
  CHECK(code_of(child) == 7);
  child = ::fork();
  if (child == 0) {
    char variable[] = "CODE=5";
    char* environment[] = {variable, nullptr};
    ::execle("/bin/sh", "sh", "-c", "exit $CODE", nullptr, environment);
  }
  CHECK(code_of(child) == 5);
  child = ::vfork();
  if (child == 0) ::_exit(8);
  CHECK(code_of(child) == 8);
  child = ::vfork();
  if (child == 0) {
    ::execlp("sh", "sh", "-c", "exit 9", nullptr);
    ::_exit(1);
  }
  CHECK(code_of(child) == 9);
  CHECK(std::system("exit 3") == 3 << 8);
}
