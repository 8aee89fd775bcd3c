// Reports are written while a test does this and that to the process: see reports.cmake.
#include <awaitest/awaitest.hpp>

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {
struct prints {
  explicit prints(const char* text) { std::puts(text); }
  prints(const prints&) = delete;
  prints& operator=(const prints&) = delete;
  ~prints() { std::puts("noise of a destructor"); }
};
const prints at_the_start{"noise of a constructor"};
}  // namespace

TEST("passes", tag("every")) { CHECK(true); }
TEST("fails", tag("every")) { CHECK(1 == 2); }
TEST("prints", tag("prints")) {
  std::puts("noise of puts");
  std::cout << "noise of cout" << std::endl;
  CHECK(::write(STDOUT_FILENO, "noise of write\n", 15) == 15);
  CHECK(std::system("echo noise of a process") == 0);
}
TEST("is killed", tag("killed")) { ::kill(::getpid(), SIGKILL); }
TEST("crashes", tag("crashes")) { std::abort(); }
TEST("goes elsewhere", tag("chdir")) { CHECK(::chdir("/") == 0); }
TEST("is skipped", tag("skipped"), skip("why not")) {}
TEST("writes", tag("writes")) {
  if (auto* const file = std::fopen((awaitest::this_test::temp_dir() + "/written").c_str(), "w")) {
    std::fputs("the text\n", file);
    std::fclose(file);
  }
  FAIL("so that it is kept");
}
// For whoever kills it at some moment.
TEST_P("endless", (int n), tag("endless"), cases::from([] {
         std::vector<int> all(20'000);
         for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
         return all;
       }())) {
  CHECK(n % 3 == 0);
}
// Two runs at once: this one goes on when somebody writes to the pipe that READ_FROM names.
TEST("waits", tag("waits")) {
  const auto* const name = std::getenv("READ_FROM");
  REQUIRE(name);
  std::FILE* const pipe = std::fopen(name, "r");
  REQUIRE(pipe);
  CHECK(std::fgetc(pipe) == '\n');
  std::fclose(pipe);
}
TEST_P("named", (int n), cases::from([] {
         std::vector<int> all(40);
         for (int i = 0; i < 40; ++i) all[static_cast<std::size_t>(i)] = i;
         return all;
       }())) {
  FAIL("{}", n);
}
