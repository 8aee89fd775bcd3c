// Tests that would take their process with them.
#include <awaitest/awaitest.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <unistd.h>

TEST("passes and prints") {
  std::puts("nobody sees this");
  CHECK(true);
}
TEST("fails and prints") {
  std::puts("what it has printed");
  INFO("the {}", "context");
  CHECK(1 == 2);
}
TEST("crashes") {
  CHECK(3 == 4);
  std::raise(SIGSEGV);
}
TEST("is killed") { ::kill(::getpid(), SIGKILL); }
TEST("exits") { std::exit(0); }
TEST("exits at once") { ::_exit(7); }
TEST("skips") { SKIP("in its process"); }
TEST("is skipped", skip("before")) { CHECK(false); }
TEST("passes at the end") { CHECK(true); }
