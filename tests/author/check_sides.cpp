// What a failed CHECK says of its expression: both sides, the relation, and whether the types fit at all.
#include <asio.hpp>

#include <atomic>
#include <chrono>
#include <cmath>
#include <compare>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../run/inner_run.hpp"

using namespace awaitest::match;

namespace {

awaitest::failure failing(void (*body)()) {
  const auto got = inner::run(inner::plain("failing", body));
  REQUIRE(got.tests.at(0).failures.size() == 1u);
  return got.failure();
}
std::string sides(void (*body)()) {
  const auto made = failing(body);
  return made.left.text + "|" + made.relation + "|" + made.right.text;
}

/// Whether CHECK(a == b) compiles, as far as overload resolution can say.
template <class L, class R>
concept checks_equal = requires(const L& l, const R& r) {
  { (awaitest::detail::decompose{} <=> l) == r } -> std::same_as<awaitest::detail::verdict>;
};
template <class L, class R>
concept checks_unequal = requires(const L& l, const R& r) {
  { (awaitest::detail::decompose{} <=> l) != r } -> std::same_as<awaitest::detail::verdict>;
};

/// A comparison that takes anything on its other side, as those of many libraries do.
struct greedy {
  int value = 0;
  template <class T>
  friend bool operator==(const greedy&, const T&) {
    return true;
  }
};
struct twice_greedy {
  template <class T, class U>
    requires(std::is_same_v<T, twice_greedy> || std::is_same_v<U, twice_greedy>)
  friend bool operator==(const T&, const U&) {
    return true;
  }
};
struct bad_printer {
  friend std::ostream& operator<<(std::ostream&, const bad_printer&) { throw std::runtime_error("no ink"); }
  bool operator==(const bad_printer&) const { return false; }
};
struct unprintable {
  bool operator==(const unprintable&) const { return false; }
};

}  // namespace

TEST_SUITE("author: failing sides") {
  TEST("both sides and the relation, for each operator") {
    CHECK(sides([] { CHECK(1 + 1 == 3); }) == "2|==|3");
    CHECK(sides([] { CHECK(2 != 2); }) == "2|!=|2");
    CHECK(sides([] { CHECK(3 < 2); }) == "3|<|2");
    CHECK(sides([] { CHECK(3 <= 2); }) == "3|<=|2");
    CHECK(sides([] { CHECK(2 > 3); }) == "2|>|3");
    CHECK(sides([] { CHECK(2 >= 3); }) == "2|>=|3");
    CHECK(sides([] { CHECK(4 & 3); }) == "4|&|3");
    CHECK(sides([] { CHECK(0 | 0); }) == "0|||0");
    CHECK(sides([] { CHECK(5 ^ 5); }) == "5|^|5");
    CHECK(sides([] { REQUIRE(1 == 2); }) == "1|==|2");
    CHECK(sides([] { CHECK_FALSE(2 == 2); }) == "2|==|2");
    CHECK(sides([] { CHECK_FALSE(1 < 2); }) == "1|<|2");
  }

  TEST("one value, and what has become bool") {
    CHECK(sides([] { CHECK(0); }) == "0||");
    CHECK(sides([] { CHECK(false); }) == "false||");
    CHECK(sides([] { CHECK_FALSE(7); }) == "7||");
    CHECK(sides([] { CHECK(1 == 1 && 1 == 2); }) == "false||");
    CHECK(sides([] { CHECK(1 == 3 || 1 == 2); }) == "false||");
    CHECK(sides([] { CHECK_FALSE(1 == 1 || 1 == 2); }) == "true||");
    CHECK(sides([] { CHECK(!true); }) == "false||");
    CHECK(sides([] { CHECK(std::optional<int>()); }) == "nullopt||");
    CHECK(sides([] { CHECK(std::unique_ptr<int>()); }) == "nullptr||");
  }

  TEST("text is kept raw, and marked as text") {
    const auto made = failing([] { CHECK(std::string("a\n") == "b\""); });
    CHECK(made.left.is_text);
    CHECK(made.right.is_text);
    CHECK(made.left.text == "a\n");
    CHECK(made.right.text == "b\"");
    const auto null = failing([] {
      const char* nothing = nullptr;
      CHECK(nothing);
    });
    CHECK_FALSE(null.left.is_text);
    CHECK(null.left.text == "nullptr");
  }

  TEST("sequences know where their elements begin") {
    const auto made = failing([] { CHECK(std::vector{1, 22, 3} == std::vector{1, 22}); });
    CHECK(made.left.text == "[1, 22, 3]");
    CHECK(made.left.elements == std::vector<std::uint32_t>{1, 4, 8});
    CHECK(made.right.elements == std::vector<std::uint32_t>{1, 4});
  }

  TEST("the place and the words as written") {
    const auto line = static_cast<unsigned>(__LINE__) + 1;
    const auto made = failing([] { CHECK(std::is_same_v<int, long> == true); });
    CHECK(made.where.line == line);
    CHECK(std::string(made.where.file).ends_with("check_sides.cpp"));
    CHECK(made.macro == "CHECK");
    CHECK(made.expression == "std::is_same_v<int, long> == true");
    CHECK(failing([] { REQUIRE_FALSE(true); }).macro == "REQUIRE_FALSE");
    CHECK(failing([] { CHECK_THAT(1, eq(2)); }).expression == "1, eq(2)");
  }

  TEST("a printer that throws hides nothing") {
    CHECK_THAT(sides([] { CHECK(bad_printer() == bad_printer()); }), contains("no ink"));
    CHECK_THAT(sides([] { CHECK(unprintable() == unprintable()); }), contains("unprintable, 1 byte"));
  }

  TEST("a matcher says what was expected and what is wrong") {
    const auto made = failing([] { CHECK_THAT((std::vector{1, 5}), elements_are(1, gt(7))); });
    CHECK(made.left.text == "[1, 5]");
    CHECK(made.expected == "elements are (== 1, > 7)");
    CHECK(made.message == "element 1 does not match");
  }

  TEST("a null pointer on the right side") {
    CHECK(sides([] { CHECK(std::make_exception_ptr(1) == std::exception_ptr()); }) != "");
    CHECK(sides([] {
            int value = 0;
            int* pointer = &value;
            CHECK(pointer == static_cast<int*>(nullptr));
          }).ends_with("|==|nullptr"));
  }

  TEST("comparisons that take anything do not get in the way") {
    CHECK(checks_equal<int, int>);
    CHECK(checks_equal<greedy, int>);
    CHECK(checks_equal<greedy, greedy>);
    CHECK(checks_equal<int, greedy>);
    CHECK(checks_equal<twice_greedy, twice_greedy>);
    CHECK(checks_equal<asio::any_io_executor, asio::any_io_executor>);
    CHECK(checks_unequal<asio::any_io_executor, asio::any_io_executor>);
    CHECK(checks_equal<asio::io_context::executor_type, asio::io_context::executor_type>);
    CHECK(checks_equal<asio::any_io_executor, asio::io_context::executor_type>);
    CHECK(checks_equal<asio::strand<asio::any_io_executor>, asio::strand<asio::any_io_executor>>);
    CHECK(checks_equal<asio::ip::tcp::endpoint, asio::ip::tcp::endpoint>);
    CHECK(checks_equal<asio::execution::blocking_t, asio::execution::blocking_t>);
    CHECK(checks_equal<std::function<void()>, std::nullptr_t>);
    CHECK(checks_equal<std::error_code, std::errc>);
    CHECK(checks_equal<std::error_code, asio::error::misc_errors>);
  }

  TEST("atomics are compared and printed by their value") {
    CHECK(sides([] {
            std::atomic<int> count{3};
            CHECK(count == 4);
          }) == "3|==|4");
    CHECK(sides([] {
            std::atomic<bool> done{false};
            CHECK(done);
          }) == "false||");
  }
}

// The process crashes as long as this is wrong: the last of the file.
TEST_SUITE("author: failing sides, nullptr") {
  TEST("is printed as nullptr") {
    CHECK(sides([] {
            const auto shared = std::make_shared<int>(1);
            CHECK(shared == nullptr);
          }).ends_with("|==|nullptr"));
  }

  TEST("the result of a three-way comparison and the literal 0") {
    CHECK((2 <=> 3) < 0);
    CHECK((2 <=> 3) <= 0);
    CHECK((2 <=> 3) != 0);
    CHECK((3 <=> 3) == 0);
    CHECK(0 > (2 <=> 3));
    CHECK(0 == (3 <=> 3));
    CHECK_FALSE((2 <=> 3) > 0);
    CHECK((std::string("a") <=> std::string("b")) < 0);
    CHECK((2.0 <=> std::nan("")) != 0);
    CHECK_FALSE((2.0 <=> std::nan("")) < 0);
    CHECK(std::weak_ordering::less <= 0);
    CHECK((2 <=> 3) == std::strong_ordering::less);
    CHECK_THAT((2 <=> 3), eq(std::partial_ordering::less));
    CHECK(sides([] { CHECK((2 <=> 3) > 0); }) == "less|>|0");
    CHECK(sides([] { CHECK(0 < (3 <=> 3)); }) == "0|<|equal");
    CHECK(sides([] { CHECK(std::weak_ordering::equivalent != 0); }) == "equivalent|!=|0");
    CHECK(sides([] { CHECK((2.0 <=> std::nan("")) == 0); }) == "unordered|==|0");
    CHECK(sides([] { CHECK_FALSE((3 <=> 2) != std::strong_ordering::equal); }) == "greater|!=|equal");
  }

  TEST("volatile operands") {
    enum class color { red, green };
    static int target = 0;
    volatile int number = 3;
    const volatile int four = 4;
    volatile bool yes = true;
    volatile char letter = 'x';
    volatile unsigned long large = 7;
    volatile double real = 1.5;
    volatile color red = color::red;
    int* volatile pointer = &target;
    const char* volatile text = "text";
    volatile std::atomic<int> atomic{2};
    CHECK(number == 3);
    CHECK(3 == number);
    CHECK(number < four);
    CHECK(number == number);
    CHECK(number);
    CHECK(number & 1);
    CHECK(number && four);
    CHECK_FALSE(!number);
    CHECK(yes);
    CHECK(yes == true);
    CHECK(letter == 'x');
    CHECK(large == 7u);
    CHECK(real == awaitest::approx(1.5));
    CHECK(red == color::red);
    CHECK(pointer == &target);
    CHECK(pointer);
    CHECK(text == std::string("text"));
    CHECK(atomic == 2);
    CHECK(2 == atomic);
    CHECK_THAT(number, eq(3));
    CHECK_THAT(letter, _);
    CAPTURE(number, yes, atomic);
    CHECK(sides([] {
            volatile int n = 3;
            CHECK(n == 4);
          }) == "3|==|4");
    CHECK(sides([] {
            volatile bool no = false;
            CHECK(no);
          }) == "false||");
    CHECK(sides([] {
            volatile std::atomic<int> n{3};
            CHECK(4 == n);
          }) == "4|==|3");
  }

  TEST("of mixed signs, as they were compared") {
    static const std::vector<int> three{1, 2, 3};
    const auto unsigned_one = failing([] { CHECK(three.size() > -1); });
    CHECK(unsigned_one.right.text == "-1");
    CHECK(unsigned_one.message ==
          "compared as unsigned numbers: the signed -1 becomes " + std::to_string(std::size_t(-1)));
    CHECK(failing([] { CHECK(-1 < 3U); }).message ==
          "compared as unsigned numbers: the signed -1 becomes 4294967295");
    CHECK(failing([] { CHECK_FALSE(-1 == 4294967295U); }).message != "");
    CHECK_THAT(failing([] { CHECK_THAT(3U, gt(-1)); }).message, contains("the signed -1 becomes 4294967295"));
    // Nothing is lost in these:
    CHECK(failing([] { CHECK(three.size() == 4); }).message == "");
    CHECK(failing([] { CHECK(static_cast<unsigned char>(1) < -1); }).message == "");
    CHECK(failing([] { CHECK(-1 < -2); }).message == "");
  }

  TEST("approx: how far apart, and how far they may be") {
    CHECK(failing([] { CHECK(3.0 == awaitest::approx(3.5)); }).message ==
          "the difference is 0.5, the tolerance 3.5e-06");
    CHECK(failing([] { CHECK(awaitest::approx(3).margin(0.25) == 2.0F); }).message ==
          "the difference is 1, the tolerance 0.25");
    CHECK(failing([] { CHECK(1 >= awaitest::approx(2).epsilon(0.25)); }).message ==
          "the difference is 1, the tolerance 0.5");
    CHECK(failing([] { CHECK_FALSE(1 == awaitest::approx(1)); }).message ==
          "the difference is 0, the tolerance 1e-06");
    CHECK_THAT(failing([] { CHECK_THAT(3, awaitest::approx(2)); }).message,
               contains("the difference is 1, the tolerance 3e-06"));
    CHECK(failing([] { CHECK(std::nan("") == awaitest::approx(1)); }).message == "a NaN equals nothing");
    CHECK(failing([] { CHECK(HUGE_VAL == awaitest::approx(1)); }).message ==
          "an infinity equals itself alone");
  }

  TEST("which side of && and || was false") {
    static const bool yes = true, no = false;
    static const int* const null = nullptr;
    const auto said = [](void (*body)()) { return failing(body).message; };
    CHECK(said([] { CHECK(yes && no); }) == "true:  yes\nfalse: no");
    CHECK(said([] { CHECK(no && yes); }) == "false: no");
    CHECK(said([] { CHECK(no || !yes); }) == "false: no\nfalse: !yes");
    CHECK(said([] { CHECK_FALSE(yes && !no); }) == "true:  yes\ntrue:  !no");
    CHECK(said([] { CHECK_FALSE(yes || no); }) == "true:  yes");
    CHECK(said([] { CHECK_FALSE(no || yes); }) == "false: no\ntrue:  yes");
    CHECK(said([] { CHECK(null && *null == 1); }) == "false: null");
    CHECK(said([] { CHECK(null != nullptr && *null == 1); }) == "false: null != nullptr");
    CHECK(said([] { CHECK(null == nullptr && no); }) == "true:  null == nullptr\nfalse: no");
    CHECK(said([] { CHECK(yes and no); }) == "true:  yes\nfalse: no");
    CHECK(said([] { CHECK(std::string("a && b") == "x" || 1'000 == 2'000 || '&' == '|'); }) ==
          "false: std::string(\"a && b\") == \"x\"\nfalse: 1'000 == 2'000\nfalse: '&' == '|'");
    CHECK(said([] { CHECK(R"(a" && b)" == std::string() || no); }) ==
          "false: R\"(a\" && b)\" == std::string()\nfalse: no");
    CHECK(said([] { CHECK(yes && static_cast<const bool&&>(no)); }) ==
          "true:  yes\nfalse: static_cast<const bool&&>(no)");
    // More than two sides: it is known that one was false.
    CHECK(said([] { CHECK(yes && yes && no); }) == "true:  yes\nfalse: one of yes, no");
    CHECK(said([] { CHECK_FALSE(no || no || yes); }) == "false: no\ntrue:  one of no, yes");
    CHECK(said([] { CHECK(no || (yes && no)); }) == "false: no\nfalse: (yes && no)");
    CHECK(said([] { CHECK(yes ? no : yes && no); }) == "");
    CHECK(said([] { CHECK((yes && no)); }) == "");
  }
  TEST("an assertion within a side has its own") {
    static const bool yes = true, no = false;
    const auto got = inner::run(inner::plain("inside", [] {
      CHECK(yes && [] {
        CHECK(no || no);
        return no;
      }());
    }));
    CHECK(got.failure(0, 0).message == "false: no\nfalse: no");
    CHECK_THAT(got.failure(0, 1).message, starts_with("true:  yes\nfalse: [] {"));
  }
  TEST("sides that are awaited") {
    const auto got = inner::run(inner::async("awaited", []() -> asio::awaitable<void> {
      const auto later = [](bool value) -> asio::awaitable<bool> {
        co_await awaitest::settle();
        co_return value;
      };
      const bool yes = true, no = false;
      CHECK(yes && co_await later(false));
      CHECK(co_await later(true) && no);
      CHECK(co_await later(false) && co_await later(true));
      CHECK_EVENTUALLY(yes && co_await later(false), std::chrono::milliseconds{1});
    }));
    CHECK(got.failure(0, 0).message == "true:  yes\nfalse: co_await later(false)");
    CHECK(got.failure(0, 1).message == "true:  co_await later(true)\nfalse: no");
    CHECK(got.failure(0, 2).message == "false: co_await later(false)");
    CHECK(got.failure(0, 3).message == "true:  yes\nfalse: co_await later(false)");
  }
}
