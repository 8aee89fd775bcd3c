// Exit tests: those that fail, and what is said of them.
#include <awaitest/awaitest.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

using namespace awaitest::match;

namespace {

void end_with(int code, const char* text) {
  std::fputs(text, stderr);
  std::exit(code);
}

void check_and_end() {
  CHECK(1 == 2);
  std::exit(0);
}

}  // namespace

TEST_SUITE("passes") {
  TEST("an exit code") {
    CHECK_EXITS(std::exit(3), 3);
    CHECK_EXITS(::_exit(0), 0);
    CHECK_EXITS(std::quick_exit(7), 7);
    REQUIRE_EXITS((end_with(2, "usage: x\n")), 2, starts_with("usage: x\n"));
    CHECK_EXITS((end_with(2, "usage: x\n")), 2, contains("usage"));
  }
  TEST("a signal") {
    CHECK_EXITS(std::abort(), awaitest::signalled{SIGABRT});
    CHECK_EXITS(::raise(SIGTERM), awaitest::signalled{SIGTERM}, is_empty());
  }
  TEST_ASYNC("in a coroutine") {
    int code = 4;
    CHECK_EXITS(std::exit(code), 4);
    co_return;
  }
  TEST("more than a pipe holds") {
    CHECK_EXITS((end_with(1, std::string(200'000, 'x').c_str())), 1, starts_with(std::string(200'000, 'x')));
  }
  TEST("an orphan keeps standard error open") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    CHECK_EXITS(
        {
          if (::fork() == 0) {  // until the test closes the other end
            char c;
            ::close(STDOUT_FILENO);
            ::close(ends[1]);
            ::_exit(static_cast<int>(::read(ends[0], &c, 1)));
          }
          ::_exit(5);
        },
        5);
    ::close(ends[0]);
    ::close(ends[1]);
  }
  TEST_ASYNC("in virtual time", virtual_time()) {
    CHECK_EXITS(std::exit(3), 3);
    co_return;
  }
}

TEST_SUITE("fails") {
  TEST("another code") { CHECK_EXITS((end_with(4, "because\n")), 3); }
  TEST("another signal") { CHECK_EXITS(std::abort(), awaitest::signalled{SIGTERM}); }
  TEST("a code, and no signal") { CHECK_EXITS(std::exit(SIGABRT), awaitest::signalled{SIGABRT}); }
  TEST("a signal, and no code") { CHECK_EXITS(std::abort(), 0); }
  TEST("another text") { CHECK_EXITS((end_with(3, "one\n")), 3, contains("two")); }
  TEST("both") { CHECK_EXITS((end_with(1, "one\n")), 3, "two\n"); }
  TEST("no end") { CHECK_EXITS(std::fputs("done\n", stderr), 0); }
  TEST("an exception") { CHECK_EXITS(throw std::runtime_error("thrown"), 1); }
  TEST("an end that does not come") { CHECK_EXITS(for (;;)::pause(), 0); }
  TEST("a CHECK in it, which is the test's") { CHECK_EXITS(check_and_end(), 0); }
  TEST("ends the test") {
    REQUIRE_EXITS(std::exit(1), 0);
    FAIL("not reached");
  }
}
