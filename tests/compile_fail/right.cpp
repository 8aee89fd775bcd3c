// What is right, and must not bring a warning.
#include <awaitest/awaitest.hpp>

#include <asio/error.hpp>
#include <asio/use_awaitable.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace awaitest::match;

namespace {

struct opaque {
  int n;
  friend bool operator==(const opaque& a, const opaque& b) { return a.n == b.n; }
};
struct move_only {
  explicit move_only(int n) : value(std::make_unique<int>(n)) {}
  std::unique_ptr<int> value;
  bool operator==(const move_only& other) const { return *value == *other.value; }
  explicit operator bool() const { return *value != 0; }
};
struct flags {
  unsigned low : 3;
  unsigned high : 5;
  bool set : 1;
};
enum class color : std::uint8_t { red, green };
enum plain { one, two };
struct base {
  virtual ~base() = default;
};
struct derived final : base {};
template <class T>
struct pair_of {
  T first, second;
};

asio::awaitable<int> number(int n) { co_return n; }
asio::awaitable<std::unique_ptr<int>> moved() { co_return std::make_unique<int>(7); }
asio::awaitable<void> nothing() { co_return; }
int throws() { throw std::runtime_error("no"); }
[[nodiscard]] int precious() { return 1; }
asio::awaitable<void> helper(int n) { REQUIRE(n == co_await number(n)); }

#define IS_POSITIVE(value) CHECK((value) > 0)
#define BOTH(a, b)  \
  do {              \
    IS_POSITIVE(a); \
    IS_POSITIVE(b); \
  } while (false)

}  // namespace

TEST("types that cannot be printed") {
  CHECK(opaque{1} == opaque{1});
  CHECK_THAT(opaque{1}, eq(opaque{1}));
  CAPTURE(opaque{1});
  const std::vector<opaque> many{{1}, {2}};
  CHECK(many == many);
}
TEST("signedness") {
  const std::vector<int> v{1, 2, 3};
  CHECK(v.size() == 3);
  CHECK(v.size() > 2);
  CHECK(3 == v.size());
  CHECK(std::int64_t{1} < std::uint32_t{2});
  CHECK_THAT(v, size_is(3));
  CHECK_THAT(v.size(), gt(2));
  const char c = 'a';
  CHECK(c == 97);
  CHECK(1.5F < 2);
  CHECK(0.5 == 0.5);
  const bool yes = true;
  CHECK(yes == 1);
}
TEST("bit-fields") {
  flags f{1, 2, true};
  CHECK(f.low == 1);
  CHECK(f.low != f.high);
  CHECK(f.set);
  CHECK_FALSE(f.low > f.high);
}
TEST("operators of all kinds") {
  const unsigned bits = 5, mask = 4;
  const bool a = true, b = false;
  CHECK(bits & mask);
  CHECK((bits & mask) == 4);
  CHECK(bits | mask);
  CHECK(bits ^ mask);
  CHECK(a && !b);
  CHECK(a || b);
  CHECK(bits == 5 && mask == 4);
  CHECK(bits == 6 || mask == 4);
  CHECK(!b);
  CHECK(a != b);
  CHECK(bits + mask * 2 == 13);
  CHECK(bits << 1 == 10);
  CHECK(a ? true : false);
  CHECK(-1 < 1);
  CHECK_FALSE(bits == 4 && mask == 4);
  int n = 0;
  CHECK(n++ == 0);
  CHECK((n = 2) == 2);
}
TEST("pointers") {
  int n = 0;
  const int* nowhere = nullptr;
  const auto unique = std::make_unique<int>(1);
  const base* object = nullptr;
  const derived other;
  void (*function)() = nullptr;
  CHECK(&n != nullptr);
  CHECK(nowhere == nullptr);
  CHECK(nullptr == nowhere);
  CHECK(&n);
  CHECK(!nowhere);
  CHECK(unique != nullptr);
  CHECK(unique);
  CHECK(object != &other);
  CHECK(function == nullptr);
}
TEST("text") {
  const std::string text = "ada";
  const char* literal = "ada";
  const char array[] = "ada";
  CHECK(text == "ada");
  CHECK("ada" == text);
  CHECK(text == literal);
  CHECK(text == array);
  CHECK(text == std::string_view("ada"));
  CHECK(text != "");
  CHECK(text[0] == 'a');
  CHECK("literal");
  CHECK_THAT("ada", eq("ada"));
  CHECK_THAT(text, starts_with("a"));
}
TEST("temporaries") {
  CHECK(move_only(1) == move_only(1));
  CHECK(move_only(1));
  CHECK(std::make_unique<int>(1) != nullptr);
  CHECK(std::optional<int>(1) == 1);
  CHECK(std::optional<int>(1) == std::optional<int>(1));
  CHECK(*std::make_unique<int>(1) == 1);
  CHECK(std::vector<int>{1, 2} == std::vector<int>{1, 2});
  CHECK(std::map<std::string, int>{{"a", 1}, {"b", 2}}.size() == 2);
  CHECK(pair_of<int>{1, 2}.second == 2);
  CHECK(std::pair<int, int>(1, 2).first == 1);
}
TEST("enumerators and errors") {
  CHECK(color::red != color::green);
  CHECK(one != two);
  const std::error_code eof = asio::error::eof;
  CHECK(eof == asio::error::eof);
  CHECK(eof);
  CHECK(!std::error_code());
  CHECK(2s == 2000ms);
  CHECK(3.0 == awaitest::approx(3));
}
TEST("macros") {
  BOTH(1, 2);
  IS_POSITIVE(std::max<int>(1, 2));
  if (true)
    CHECK(true);
  else
    CHECK(true);
  for (int i = 0; i < 2; ++i) CHECK(i < 2);
}
TEST("exceptions") {
  CHECK_THROWS(throws());
  CHECK_THROWS_AS(throws(), std::runtime_error);
  CHECK_THROWS_AS(throws(), const std::exception&);
  CHECK_THROWS_WITH(throws(), "no");
  CHECK_NOTHROW(precious());
  REQUIRE_NOTHROW(precious());
  CHECK_ERROR(throw std::system_error(asio::error::make_error_code(asio::error::eof)), asio::error::eof);
}
TEST("FAIL and SKIP", skip()) {
  INFO("plain");
  INFO("{} and {}", 1, std::string("two"));
  const int n = 1;
  CAPTURE(n, n + 1, std::pair<int, int>(1, 2).first);
  if (n == 1) SKIP("because of {}", n);
  FAIL("because of {}", n);
}
TEST("generic") {
  const auto check = [](const auto& left, const auto& right) { CHECK(left == right); };
  check(1, 1L);
  check(1U, 1);
  check('a', 97);
}
TEST("shadowing") {
  const int verdict = 1, awaitest_count = 1, value = 1, macro = 1;
  CHECK(verdict == 1);
  CHECK(awaitest_count == value);
  CHECK_THAT(macro, 1);
  {
    INFO("one");
    INFO("two");
    CHECK(true);
  }
}
TEST_ASYNC("awaited") {
  CHECK(co_await number(1) == 1);
  CHECK(co_await number(1) == co_await number(1));
  CHECK(1 == co_await number(1));
  CHECK(co_await number(1));
  CHECK(co_await number(1) == 1 && co_await number(2) == 2);
  CHECK(co_await moved() != nullptr);
  CHECK_THAT(co_await number(1), gt(0));
}
TEST_ASYNC("awaited, and exceptions") {
  CHECK_NOTHROW(co_await nothing());
  CHECK_NOTHROW(co_await number(1));
  CHECK_THROWS(co_await number(throws()));
  CHECK_EVENTUALLY(co_await number(1) == 1, 1ms);
  REQUIRE(co_await number(1) == 1);
  co_await helper(1);
}
TEST_ASYNC("children") {
  co_await awaitest::with_timeout(1s, nothing());
  CHECK(co_await awaitest::with_timeout(1s, number(1)) == 1);
  awaitest::spawn(nothing());
  awaitest::spawn(number(1), "named");
  awaitest::spawn_background([]() -> asio::awaitable<void> { co_return; });
  awaitest::cleanup([] {});
}
TEST_ASYNC("options", tag("a", "b"), timeout(2s), serial(), resource("port"), skip_if(false, "never"),
           retries(1), repeat(2), allow_leaks()) {
  co_return;
}
TEST_SUITE("suite", tag("c"), timeout(500ms)) {
  TEST("in it") { CHECK(true); }
  TEST_SUITE("deeper") {
    TEST("in it") { CHECK(true); }
  }
}
