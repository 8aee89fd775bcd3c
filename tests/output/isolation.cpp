// Tests that would take their process with them.
#include <awaitest/awaitest.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <unistd.h>

using namespace std::chrono_literals;

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
TEST("fails twice, and is killed", retries(1)) {
  CHECK(5 == 6);
  CHECK(7 == 8);
  ::kill(::getpid(), SIGKILL);
}
TEST("exits") { std::exit(0); }
TEST("exits at once") { ::_exit(7); }
TEST("leaves a process behind that keeps its pipes open") {
  if (::fork() == 0) {
    ::sleep(5);
    ::_exit(0);
  }
  CHECK(true);
}
TEST("ends badly when all is over") {
  static const struct last_word {
    ~last_word() { ::_exit(3); }
  } at_the_end;
  CHECK(true);
}
TEST("has the number of its place") { CHECK(awaitest::this_test::worker() < 4u); }
TEST("blocks its loop", tag("slow"), timeout(50ms)) {
  std::puts("before it blocks");
  std::fflush(stdout);
  for (;;) ::pause();
}
TEST("is heard of no more, and hangs", tag("slow")) {
  for (int descriptor = 3; descriptor < 256; ++descriptor) ::close(descriptor);
  for (;;) ::pause();
}
TEST("does not end when all is over", tag("slow")) {
  static const struct last_word {
    ~last_word() {
      for (;;) ::pause();
    }
  } at_the_end;
  CHECK(true);
}
TEST("skips") { SKIP("in its process"); }
TEST("is skipped", skip("before")) { CHECK(false); }
TEST("passes at the end") { CHECK(true); }
TEST("prints more than a pipe holds when all is over") {
  static const struct last_words {
    ~last_words() {
      for (int i = 0; i < 20'000; ++i) std::puts("nobody sees this");
    }
  } at_the_end;
  CHECK(true);
}
TEST("a thread fails that belongs to no test") {
  std::thread([] { CHECK(9 == 10); }).join();
  CHECK(true);
}
