// CHECK reports a failure and goes on, REQUIRE ends the test; each assertion below has both forms. They
// evaluate their argument once, take a co_await anywhere in it, and work in every helper and coroutine of the
// test.
#include <awaitest/awaitest.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

#include <asio/error.hpp>

using namespace std::chrono_literals;

namespace {

asio::awaitable<int> parse(std::string text) {
  if (text.empty()) throw std::invalid_argument("there is nothing to parse");
  if (text == "cut off") throw std::system_error(asio::error::eof);
  co_return std::stoi(text);
}

// A helper asserts like the body. INFO and CAPTURE say what it was doing; they are printed with a failure
// only, and belong to the task that wrote them, however many tasks take turns.
asio::awaitable<int> parse_positive(std::string text) {
  CAPTURE(text);
  const int value = co_await parse(text);
  REQUIRE(value > 0);
  co_return value;
}

}  // namespace

TEST_SUITE("assertions") {
  TEST_ASYNC("values") {
    CHECK(co_await parse("7") == 7);  // on failure both sides are printed
    CHECK(co_await parse("7") + 1 < co_await parse("9"));
    CHECK_FALSE(co_await parse("0"));
    CHECK(0.1 + 0.2 == awaitest::approx(0.3));
    REQUIRE(std::optional{5});
    for (int n = 1; n != 4; ++n) {
      INFO("round {}", n);
      CHECK(co_await parse_positive(std::to_string(n)) == n);
    }
  }

  TEST_ASYNC("exceptions") {
    CHECK_THROWS(co_await parse("seven"));
    CHECK_THROWS_AS(co_await parse(""), std::invalid_argument);  // or a type derived from it
    CHECK_THROWS_WITH(co_await parse(""), "there is nothing to parse");
    CHECK_ERROR(co_await parse("cut off"), asio::error::eof);  // a std::system_error with that code
    CHECK_NOTHROW(co_await parse("7"));
  }

  TEST_ASYNC("what comes true in time") {
    int asked = 0;
    CHECK_EVENTUALLY(++asked == 3, 2s);  // evaluates again and again while the rest of the test runs
    if (asked != 3) FAIL("asked {} times", asked);
  }

  TEST("what ends the process") {
    CHECK_EXITS(std::exit(3), 3);  // the statement runs in a process of its own
    CHECK_EXITS((std::fputs("no such file", stderr), std::abort()), awaitest::signalled{SIGABRT},
                "no such file");
  }

  TEST("where a test cannot run") {
    if (sizeof(void*) >= 2) SKIP("needs a machine with one-byte pointers, this one has {}", sizeof(void*));
    FAIL("not reached");
  }
}
