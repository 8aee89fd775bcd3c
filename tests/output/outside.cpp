// Failures where no run is there to report them: before main, after it, on a thread of static objects. The environment says which.
#include <awaitest/awaitest.hpp>

#include <unistd.h>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

bool asked(const std::string& what) {
  const char* const found = std::getenv("OUTSIDE");
  return found && found == what;
}

const bool before_main = [] {
  if (asked("before main")) CHECK(1 == 2);
  if (asked("required before main")) REQUIRE(1 == 2);
  CHECK(true);
  return true;
}();

struct at_end {
  const char* when;
  ~at_end() {
    CHECK(true);
    if (asked(when)) CHECK(std::string("expected") == when);
    if (asked("on a thread") && std::string("static") == when) std::thread([] { CHECK(3 == 4); }).join();
    if (asked("_exit") && std::string("static") == when) ::_exit(0);
  }
};
const at_end in_static{"static"};
thread_local const at_end in_thread_local{"thread_local"};

struct greeter {
  MOCK(int, greet, (int));
};
greeter global;
const bool expected_before_main = [] {
  if (asked("mock")) global.on_greet.expect(1).returns(2);
  return true;
}();

}  // namespace

TEST("passes") {
  CHECK(before_main);
  CHECK(expected_before_main);
  CHECK(in_thread_local.when != nullptr);
}
TEST("fails", tag("fails")) { CHECK(5 == 6); }
