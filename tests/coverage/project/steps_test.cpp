// Some tests end their process: what was counted until then is to be in the report, too. CTest skips them; they run where
// the environment asks for it.
#include <awaitest/awaitest.hpp>

#include <cstdlib>
#include <exception>

#include "steps.hpp"

TEST("a plain function") { CHECK(steps::plain(1) == 2); }
TEST("a plain function, twice") {
  CHECK(steps::plain(2) == 4);
  CHECK(steps::plain(3) == 6);
}

TEST_ASYNC("a coroutine") { CHECK(co_await steps::awaited(2) == 3); }
TEST_ASYNC("a coroutine, twice") {
  CHECK(co_await steps::awaited(3) == -6);
  CHECK(co_await steps::awaited(4) == 10);
}

TEST_SUITE("the process ends", tag("ends"), skip_if(std::getenv("STEPS_TO_THE_END") == nullptr)) {
  TEST("by exit") {
    CHECK(steps::plain(4) == 8);
    std::exit(0);
  }
  TEST("by quick_exit") {
    CHECK(steps::plain(4) == 8);
    std::quick_exit(0);
  }
  TEST("by abort") {
    CHECK(steps::plain(4) == 8);
    std::abort();
  }
  TEST("by terminate") {
    CHECK(steps::plain(4) == 8);
    std::terminate();
  }
  TEST_ASYNC("in a coroutine") {
    CHECK(co_await steps::awaited(2) == 3);
    std::abort();
  }
}
