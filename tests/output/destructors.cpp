// A destructor asserts while an exception is in flight: that is told, and nothing more is thrown.
#include <awaitest/awaitest.hpp>

#include <stdexcept>
#include <string>
#include <thread>

namespace {

template <class F>
struct at_end {
  F f;
  explicit at_end(F g) : f{g} {}
  ~at_end() { f(); }
};

struct checks {
  ~checks() { CHECK(true); }
};
struct check_fails {
  ~check_fails() { CHECK(1 == 2); }
};
struct requires_more {
  int* reached;
  ~requires_more() {
    REQUIRE(1 == 2);
    ++*reached;
    REQUIRE_FALSE(true);
    REQUIRE_THROWS(void());
    REQUIRE_NOTHROW(throw 1);
    ++*reached;
  }
};
struct fails {
  ~fails() {
    FAIL("the {}", "first");
    FAIL("the second");
  }
};
struct skips {
  ~skips() { SKIP("too late"); }
};
struct port {
  MOCK(void, close, ());
  MOCK(int, flush, (int n), (const));
};
struct user {
  port& it;
  ~user() {
    CHECK(it.flush(3) == 0);
    it.close();
  }
};
asio::awaitable<void> nested() {
  const checks x;
  REQUIRE(false);
  co_return;
}
int value() { FAIL("no value"); }

}  // namespace

TEST("a CHECK that holds, after a REQUIRE") {
  const checks x;
  REQUIRE(false);
}
TEST("a CHECK that holds, after a FAIL") {
  const checks x;
  FAIL("here");
}
TEST("a CHECK that holds, after a SKIP") {
  const checks x;
  SKIP("here");
}
TEST("a CHECK that fails, after a REQUIRE") {
  const check_fails x;
  REQUIRE(false);
}
TEST_ASYNC("in a nested coroutine") {
  const checks x;
  co_await nested();
}
TEST_ASYNC("in a child") {
  auto t = awaitest::spawn(nested());
  co_await t.join();
}
TEST("each REQUIRE of a destructor is told") {
  static int reached = 0;
  const at_end outer{[] { CHECK(reached == 2); }};
  const requires_more x{&reached};
  REQUIRE(false);
}
TEST("a FAIL in a destructor") {
  const fails x;
  REQUIRE(false);
}
TEST("a SKIP in a destructor") {
  const skips x;
  REQUIRE(false);
}
TEST("a REQUIRE while the test's own exception is in flight") {
  static int reached = 0;
  try {
    const requires_more x{&reached};
    throw std::runtime_error("own");
  } catch (const std::runtime_error&) {
  }
  CHECK(reached == 3);  // has ended
}
TEST("an unexpected call in a destructor") {
  port p;
  const user u{p};
  REQUIRE(false);
}
TEST("an unexpected call in a destructor, while the test's own exception is in flight") {
  port p;
  try {
    const user u{p};
    throw std::runtime_error("own");
  } catch (const std::runtime_error&) {
  }
}
TEST("on a thread with the test's context") {
  std::thread([context = awaitest::context::capture()] {
    const auto in = context.enter();
    try {
      const check_fails y;
      const checks x;
      REQUIRE(false);
    } catch (...) {
    }
  }).join();
}
TEST("a FAIL in a function with a value") { CHECK(value() == 1); }
TEST("a REQUIRE in a destructor that no exception has called") {
  static int reached = 0;
  {
    const requires_more x{&reached};
  }
  ++reached;
  CHECK(false);  // has ended
}
TEST("a FAIL in a destructor that no exception has called") { const fails x; }
TEST("a SKIP in a destructor that no exception has called") { const skips x; }
TEST_ASYNC("a destructor after a REQUIRE whose exception was swallowed") {
  const check_fails y;
  const checks x;
  try {
    co_await nested();
  } catch (...) {
  }
}
TEST("goes on") { CHECK(true); }
