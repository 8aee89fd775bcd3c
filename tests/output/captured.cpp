// The output of tests is told with those that fail.
#include <awaitest/awaitest.hpp>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

using namespace std::chrono_literals;

namespace {

void run_in_a_child(const char* command) { CHECK(std::system(command) == 0); }

}  // namespace

TEST("passes", tag("one by one")) {
  std::puts("of one that passes");
  CHECK(true);
}
TEST("prints nothing", tag("one by one")) { FAIL("and fails"); }
TEST("prints in all ways", tag("one by one")) {
  std::puts("by stdio");
  std::cout << "by a stream" << std::endl;
  std::cerr << "on standard error\n";
  CHECK(::write(STDOUT_FILENO, "by a system call\n", 17) == 17);
  run_in_a_child("echo from a child; echo its error >&2");
  std::thread([] { std::puts("from a thread"); }).join();
  std::printf("without an end of the line");
  FAIL("and fails");
}
TEST("is skipped", tag("one by one")) {
  std::puts("of one that is skipped");
  SKIP("today");
}
TEST_ASYNC("is tried twice", tag("one by one"), retries(1)) {
  static int attempt = 0;
  std::printf("attempt %d\n", ++attempt);
  CHECK(attempt > 1);
  co_return;
}
TEST("sends standard output elsewhere, and back", tag("one by one")) {
  std::puts("before");
  std::fflush(stdout);
  const int before = ::dup(STDOUT_FILENO);
  REQUIRE(std::freopen("/dev/null", "w", stdout) != nullptr);
  std::puts("elsewhere");
  std::fflush(stdout);
  ::dup2(before, STDOUT_FILENO);
  ::close(before);
  std::puts("after");
  FAIL("and fails");
}
TEST("bytes", tag("one by one")) {
  std::fputs("\x1b[31mred\x1b[0m \xff ]]> <&\r\ttab\n\n\n", stdout);
  FAIL("and fails");
}
TEST("a lot", tag("a lot")) {
  const std::string line(1023, 'x');
  for (int i = 0; i < 5 * 1024; ++i) std::puts(line.c_str());
  FAIL("and fails");
}

TEST("crashes", tag("crash")) {
  std::printf("before it, without an end of the line");
  std::abort();
}
TEST("terminates", tag("terminate")) {
  std::puts("before it");
  std::thread([] { throw 1; }).join();
}
TEST("exits", tag("exit")) {
  std::puts("before it");
  ::_exit(0);
}

// In flight together: whose it is cannot be known.
TEST_ASYNC("the first of two", tag("two")) {
  std::puts("of the first");
  co_await awaitest::sleep_for(1ms);
  CHECK(1 == 2);
}
TEST_ASYNC("the second of two", tag("two")) {
  std::puts("of the second");
  co_await awaitest::sleep_for(20ms);
  CHECK(true);
}

// Output after the last test is told in the end.
namespace {
struct talks {
  static constexpr auto scope = awaitest::scope::suite;
  void set_up() { std::puts("a suite's fixture comes up"); }
  void tear_down() { std::puts("a suite's fixture goes down"); }
};
}  // namespace
TEST_SUITE("talkative") {
  TEST_F("passes", (talks&), tag("talkative")) { CHECK(true); }
}
