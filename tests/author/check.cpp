// CHECK on expressions of every shape that hold: they compile, without warnings, and are evaluated once.
#include <awaitest/awaitest.hpp>

#include <compare>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

struct move_only {
  explicit move_only(int v) : value{v} {}
  move_only(move_only&&) = default;
  int value;
  friend bool operator==(const move_only& a, const move_only& b) { return a.value == b.value; }
  friend bool operator<(const move_only& a, const move_only& b) { return a.value < b.value; }
  explicit operator bool() const { return value != 0; }
};
struct immovable {
  explicit immovable(int v) : value{v} {}
  immovable(const immovable&) = delete;
  immovable& operator=(const immovable&) = delete;
  int value;
  bool operator==(const immovable& other) const { return value == other.value; }
};
/// Its results are not bool, but say yes or no.
struct answer {
  bool yes;
  explicit operator bool() const { return yes; }
};
struct asked {
  int value;
  friend answer operator==(const asked& a, const asked& b) { return {a.value == b.value}; }
};
struct ordered {
  int value;
  auto operator<=>(const ordered&) const = default;
};
enum class color { red, green };
enum flag : unsigned { none = 0, first = 1, second = 2 };

struct with_bits {
  unsigned low : 3;
  unsigned high : 5;
};

int calls = 0;
int counted(int value) {
  ++calls;
  return value;
}

/// Says whether it is alive when it is looked at.
struct tracked {
  explicit tracked(int v) : value{v} { ++alive; }
  tracked(const tracked& o) : value{o.value} { ++alive; }
  tracked& operator=(const tracked&) = default;
  ~tracked() {
    --alive;
    value = -1;
  }
  int value;
  const int& look() const { return value; }
  inline static int alive = 0;
};

template <class T>
void equal_in_a_template(const T& a, const T& b) {
  CHECK(a == b);
  CHECK_FALSE(a != b);
  CHECK(a <= b);
  CHECK(std::is_same_v<T, T>);
  CHECK((std::pair<T, T>{a, b} == std::pair<T, T>{b, a}));
}

}  // namespace

TEST_SUITE("author: CHECK") {
  TEST("each operator") {
    const int two = 2, three = 3;
    CHECK(two == 2);
    CHECK(two != three);
    CHECK(two < three);
    CHECK(two <= 2);
    CHECK(three > two);
    CHECK(three >= 3);
    CHECK(three & two);
    CHECK(two | 1);
    CHECK(two ^ three);
    CHECK_FALSE(two == three);
    CHECK_FALSE(two != 2);
    CHECK_FALSE(three < two);
    CHECK_FALSE(three <= two);
    CHECK_FALSE(two > three);
    CHECK_FALSE(two >= three);
    CHECK_FALSE(two & 4);
    CHECK_FALSE(none | 0);
    CHECK_FALSE(two ^ 2);
    REQUIRE(two == 2);
    REQUIRE_FALSE(two == 3);
  }

  TEST("arithmetic, shifts, conditions, commas") {
    const int two = 2;
    CHECK(two + two == 4);
    CHECK(1 << two == 4);
    CHECK(two * 3 - 1 > two);
    CHECK(-two < 0);
    CHECK(!!two);
    CHECK(!(two == 3));
    CHECK(two == 3 ? false : true);
    CHECK(two ? two == 2 : false);
    CHECK((counted(0), two == 2));
    CHECK((two == 3) == false);
    CHECK_FALSE(!two);
  }

  TEST("and, or: the right side only when it matters") {
    calls = 0;
    const int two = 2;
    CHECK(two == 2 && two != 3);
    CHECK(two == 3 || two == 2);
    CHECK(two == 2 || counted(1) == 1);
    CHECK(calls == 0);
    CHECK_FALSE(two == 3 && counted(1) == 1);
    CHECK(calls == 0);
    CHECK(two && counted(1));
    CHECK(calls == 1);
    CHECK_FALSE(two == 3 || counted(0));
    CHECK(calls == 2);
    CHECK(two == 2 && two < 3 && (two == 5 || two > 1));
    CHECK_FALSE(two == 2 && two > 2);
  }

  TEST("mixed signs, sizes and kinds of numbers") {
    const std::vector<int> three{1, 2, 3};
    CHECK(three.size() == 3);
    CHECK(three.size() != 4);
    CHECK(three.size() > 2);
    CHECK(3 == three.size());
    CHECK('a' == 97);
    CHECK(1.5f == 1.5);
    CHECK(2 == 2.0);
    CHECK(short{3} == 3LL);
    CHECK(true == 1);
    with_bits bits{5, 17};
    CHECK(bits.low == 5);
    CHECK(17 == bits.high);
    CHECK(bits.low < bits.high);
    CHECK(first | second);
    CHECK(color::red == color::red);
    CHECK(color::red < color::green);
  }

  TEST("values that cannot be copied, or not even moved") {
    const auto null = std::unique_ptr<int>();
    const auto one = std::make_unique<int>(1);
    CHECK(one);
    CHECK(one != null);
    CHECK(one != nullptr);
    CHECK(null == nullptr);
    CHECK(nullptr == null);
    CHECK_FALSE(null);
    CHECK(std::make_unique<int>(3) != nullptr);
    CHECK(move_only(3) == move_only(3));
    CHECK(move_only(3) < move_only(4));
    CHECK(move_only(3));
    CHECK_FALSE(move_only(0));
    const immovable a(1), b(1);
    CHECK(a == b);
    CHECK(immovable(2) == immovable(2));
    CHECK(asked{1} == asked{1});
    CHECK_FALSE(asked{1} == asked{2});
    CHECK(ordered{1} < ordered{2});
  }

  TEST("text, in all its types") {
    const std::string text = "abc";
    const char* pointer = text.c_str();
    char array[] = "abc";
    CHECK(text == "abc");
    CHECK("abc" == text);
    CHECK(text == "abc"sv);
    CHECK("abc"s == "abc"sv);
    CHECK(array == text);
    CHECK(text == array);
    CHECK(pointer == text);
    CHECK(text < "abd");
    CHECK(text != "");
    CHECK("abc"sv != "abd");
    CHECK(pointer);
    CHECK(pointer != nullptr);
    CHECK(std::filesystem::path("/a/b") == "/a/b");
  }

  TEST("standard types") {
    std::optional<int> some = 3, no;
    CHECK(some);
    CHECK(some == 3);
    CHECK(no == std::nullopt);
    CHECK(some != no);
    CHECK_FALSE(no);
    CHECK(std::variant<int, std::string>("x") == std::variant<int, std::string>("x"));
    CHECK(std::vector{1, 2} == std::vector{1, 2});
    CHECK(std::vector<bool>{true}[0]);
    CHECK(std::vector<bool>{true}[0] == true);
    CHECK(std::map<int, int>{{1, 2}} == std::map<int, int>{{1, 2}});
    CHECK(std::set<int>{1}.contains(1));
    CHECK(std::error_code() == std::error_code());
    CHECK(std::make_error_code(std::errc::timed_out) == std::errc::timed_out);
    CHECK_FALSE(std::error_code());
    int value = 0;
    int* pointer = &value;
    const void* any = pointer;
    CHECK(pointer == any);
    CHECK(&counted == &counted);
    CHECK((1 <=> 2) == std::strong_ordering::less);
    CHECK(std::is_lt(1 <=> 2));
    CHECK(std::is_same_v<int, int>);
  }

  TEST("evaluates its expression once") {
    calls = 0;
    CHECK(counted(1) == 1);
    CHECK(calls == 1);
    CHECK(counted(counted(2)) == counted(2));
    CHECK(calls == 4);
    CHECK(counted(1));
    REQUIRE(counted(1) == 1);
    CHECK_FALSE(counted(0));
    CHECK(calls == 7);
    CHECK_THAT(counted(3), awaitest::match::eq(counted(3)));
    CHECK(calls == 9);
    CHECK_NOTHROW(counted(1));
    CHECK_THROWS((counted(1), throw 1));
    CHECK(calls == 11);
    int passes = 0;
    CHECK(++passes == 1);
    CHECK(passes++ == 1);
    CHECK(passes == 2);
  }

  TEST("temporaries live until the end of the expression") {
    CHECK(tracked(7).look() == 7);
    CHECK(7 == tracked(7).look());
    CHECK(tracked(7).look() == tracked(7).look());
    CHECK(std::string_view(std::string(50, 'x')) == std::string_view(std::string(50, 'x')));
    CHECK_THAT(std::string_view(std::string(50, 'x')), awaitest::match::size_is(50));
    CHECK(tracked::alive == 0);
  }

  TEST("wherever a statement may stand") {
    equal_in_a_template(1, 1);
    equal_in_a_template("x"s, "x"s);
    const auto in_a_lambda = [](auto a, auto b) { CHECK(a == b); };
    in_a_lambda(1, 1L);
    bool reached = false;
    if (calls >= 0)
      CHECK(true);
    else
      CHECK(false);
    if (calls < 0)
      REQUIRE(false);
    else
      reached = true;
    CHECK(reached);
    for (int i = 0; i < 3; ++i) CHECK(i < 3);
    switch (1) {
      case 1: CHECK(true); break;
      default: FAIL("not here");
    }
  }
}
