// Assertions with a co_await anywhere in them: awaited once, and right.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <memory>
#include <string>
#include <system_error>

using namespace std::chrono_literals;
using namespace awaitest::match;

namespace {

int awaited = 0;

template <class T>
asio::awaitable<T> later(T value) {
  ++awaited;
  co_await asio::post(asio::use_awaitable);
  co_return value;
}
asio::awaitable<void> nothing() {
  ++awaited;
  co_await asio::post(asio::use_awaitable);
}
asio::awaitable<int> throwing() {
  ++awaited;
  co_await asio::post(asio::use_awaitable);
  throw std::system_error(asio::error::eof);
}
int sum(int a, int b, int c = 0) { return a + b + c; }

struct tracked {
  explicit tracked(std::string t) : text{std::move(t)} { ++alive; }
  tracked(tracked&& o) noexcept : text{std::move(o.text)} { ++alive; }
  ~tracked() { --alive; }
  std::string text;
  const std::string& look() const { return text; }
  inline static int alive = 0;
};

template <class T>
asio::awaitable<void> in_a_template(T value) {
  CHECK(co_await later(value) == value);
  CHECK_THAT(co_await later(value), eq(value));
  REQUIRE(value == co_await later(value));
}

}  // namespace

TEST_SUITE("author: co_await") {
  TEST_ASYNC("left, right, both, alone, negated") {
    awaited = 0;
    CHECK(co_await later(3) == 3);
    CHECK(3 == co_await later(3));
    CHECK(co_await later(3) < co_await later(4));
    CHECK(co_await later(true));
    CHECK(!co_await later(false));
    CHECK_FALSE(co_await later(false));
    CHECK_FALSE(co_await later(3) == co_await later(4));
    CHECK(awaited == 9);
  }

  TEST_ASYNC("in arguments, in members, in operators") {
    awaited = 0;
    CHECK(sum(co_await later(1), 2) == 3);
    CHECK(sum(co_await later(1), co_await later(2), co_await later(3)) == 6);
    CHECK((co_await later(std::string("abc"))).size() == 3);
    CHECK(co_await later(1) + co_await later(2) == 3);
    CHECK(sum(co_await later(co_await later(1)), 1) == 2);
    CHECK((co_await later(6) & 2) == 2);
    CHECK(co_await later(6) & co_await later(2));
    CHECK(awaited == 12);
  }

  TEST_ASYNC("and, or: right whatever is awaited") {
    CHECK(co_await later(1) == 1 && co_await later(2) == 2);
    CHECK(co_await later(1) == 1 || co_await later(2) == 3);
    CHECK_FALSE(co_await later(1) == 2 && co_await later(2) == 2);
    CHECK_FALSE(co_await later(false) || co_await later(false));
    CHECK(co_await later(true) ? co_await later(true) : co_await later(false));
  }

  TEST_ASYNC("and, or: what is not needed is not awaited") {
    awaited = 0;
    CHECK(co_await later(1) == 1 || co_await later(2) == 2);
    CHECK(awaited == 1);
    CHECK_FALSE(co_await later(1) == 2 && co_await later(2) == 2);
    CHECK(awaited == 2);
    const std::unique_ptr<int> null;  // in earnest it would be `null && co_await later(*null)`
    CHECK_FALSE(null && co_await later(1) == 1);
    CHECK(awaited == 2);
  }

  TEST_ASYNC("every macro, with its twin") {
    awaited = 0;
    REQUIRE(co_await later(3) == 3);
    REQUIRE_FALSE(co_await later(3) == 4);
    CHECK_THAT(co_await later(std::string("abc")), contains("b"));
    REQUIRE_THAT(co_await later(std::string("abc")), size_is(3));
    CHECK_THROWS(co_await throwing());
    REQUIRE_THROWS(co_await throwing());
    CHECK_THROWS_AS(co_await throwing(), std::system_error);
    REQUIRE_THROWS_AS(co_await throwing(), std::exception);
    CHECK_THROWS_WITH(co_await throwing(), contains("End of file"));
    REQUIRE_THROWS_WITH(co_await throwing(), contains("End of file"));
    CHECK_ERROR(co_await throwing(), asio::error::eof);
    REQUIRE_ERROR(co_await throwing(), asio::error::eof);
    CHECK_NOTHROW(co_await nothing());
    REQUIRE_NOTHROW(co_await later(1));
    CHECK_EVENTUALLY(co_await later(1) == 1, 1s);
    REQUIRE_EVENTUALLY(co_await later(1) == co_await later(1), 1s);
    CHECK(awaited == 17);
  }

  TEST_ASYNC("in the matcher's arguments") {
    awaited = 0;
    CHECK_THAT(3, eq(co_await later(3)));
    CHECK_THAT(co_await later(3), all_of(ge(co_await later(1)), le(co_await later(5))));
    CHECK_THAT(co_await later(std::string("abc")), starts_with(co_await later(std::string("ab"))));
    CHECK(awaited == 6);
  }

  TEST_ASYNC("temporaries live across the suspension") {
    CHECK(tracked("one, long enough for the heap to hold it").look() ==
          co_await later(std::string("one, long enough for the heap to hold it")));
    CHECK((co_await later(tracked("two, long enough for the heap to hold it"))).look() ==
          tracked("two, long enough for the heap to hold it").look());
    CHECK_THAT((co_await later(tracked("three"))).look(), eq(co_await later(std::string("three"))));
    CHECK(tracked::alive == 0);
    CHECK(*co_await later(std::make_unique<int>(5)) == 5);
    CHECK(co_await later(std::make_unique<int>(5)) != nullptr);
  }

  TEST_ASYNC("in templates and lambdas, and where a statement may stand") {
    co_await in_a_template(7);
    co_await in_a_template(std::string("seven"));
    const auto lambda = [](auto value) -> asio::awaitable<int> {
      CHECK(co_await later(value) == value);
      co_return 1;
    };
    CHECK(co_await lambda(1) == 1);
    int rounds = 0;
    if (co_await later(rounds) == 0)
      CHECK(co_await later(1) == 1);
    else
      CHECK(false);
    for (; rounds < 3; ++rounds) CHECK(co_await later(rounds) == rounds);
    while (co_await later(rounds) > 0) REQUIRE(co_await later(rounds--) > 0);
    CHECK(rounds == 0);
    try {
      CHECK(co_await throwing() == 1);
      FAIL("it threw nothing");
    } catch (const std::system_error& e) {
      CHECK(e.code() == asio::error::eof);
    }
  }

  TEST_ASYNC("an exception from the expression is the test's", should_fail("eof")) {
    CHECK(co_await throwing() == 1);
  }

  TEST_ASYNC("deep in nested coroutines") {
    const auto third = []() -> asio::awaitable<int> {
      CHECK(co_await later(3) == 3);
      co_return 3;
    };
    const auto second = [&]() -> asio::awaitable<int> {
      REQUIRE(co_await third() == 3);
      co_return 2;
    };
    CHECK(co_await second() == 2);
  }
}
