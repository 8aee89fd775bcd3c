// Values of all kinds, as a failure shows them.
#include <awaitest/awaitest.hpp>

#include <asio/error.hpp>

#include <fmt/format.h>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace things {

enum class color : std::uint8_t { red, green = 5 };
enum plain { one, two };
struct opaque {
  int n;
  bool operator==(const opaque&) const = default;
};
struct streamed {
  int n;
  bool operator==(const streamed&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const streamed& s) { return out << "streamed " << s.n; }
};
struct formatted {
  int n;
  bool operator==(const formatted&) const = default;
};
struct bad_printer {
  bool operator==(const bad_printer&) const { return false; }
  friend std::ostream& operator<<(std::ostream&, const bad_printer&) { throw std::runtime_error("no paper"); }
};
struct flags {
  unsigned low : 3;
  bool high : 1;
};
inline std::string lines(int wrong) {
  std::string text;
  for (int i = 1; i <= 6; ++i) text += fmt::format("line {}{}\n", i, i == wrong ? " is wrong" : "");
  return text;
}

}  // namespace things

template <>
struct fmt::formatter<things::formatted> : fmt::formatter<int> {
  template <class Context>
  auto format(const things::formatted& f, Context& context) const {
    return fmt::format_to(context.out(), "formatted {}", f.n);
  }
};

using namespace std::chrono_literals;

TEST_SUITE("printing") {
  TEST("numbers") {
    CHECK(-1 == 1);
    CHECK(18446744073709551615U == 0U);
    CHECK(1.5 == 2.5);
    CHECK(0.1F == 0.5F);
    CHECK(0.1 + 0.2 == 0.3);
    CHECK(std::numeric_limits<double>::infinity() == -std::numeric_limits<double>::infinity());
    CHECK(std::numeric_limits<double>::quiet_NaN() == 1.0);
    CHECK('a' == '\n');
    CHECK(static_cast<unsigned char>(7) == static_cast<signed char>(-7));
    CHECK(std::int8_t{65} == std::int8_t{66});
    CHECK(true == false);
  }
  TEST("enumerators") {
    CHECK(things::color::red == things::color::green);
    CHECK(things::color::red == static_cast<things::color>(77));
    CHECK(things::one == things::two);
  }
  TEST("pointers") {
    int n = 0;
    const int* nowhere = nullptr;
    const char* no_text = nullptr;
    CHECK(&n == nullptr);
    CHECK(nowhere == &n);
    CHECK(no_text != nullptr);
    CHECK(std::make_unique<int>(1) == nullptr);
    CHECK(std::shared_ptr<int>() != nullptr);
  }
  TEST("strings") {
    const std::string ada = "ada";
    CHECK(ada == "bob");
    CHECK("bob" == ada);
    CHECK(std::string_view("a\"b\\c\t\r\n\x01") == "plain");
    CHECK(ada == std::string());
    const char* literal = "ada";
    CHECK(literal == std::string("bob"));
    CHECK(ada < "a");
    const char array[4] = "abc";
    CHECK(array == std::string("abd"));
    CHECK(std::string("grüße") == "grüsse");
  }
  TEST("long strings") {
    const std::string left =
        "The quick brown fox jumps over the lazy dog, and then over the lazy cat as well.";
    auto right = left;
    right.replace(right.find("lazy cat"), 8, "busy bee");
    CHECK(left == right);
    CHECK(left == left + "!");
    CHECK_FALSE(left == left);
    CHECK(left != left);
    CHECK(std::string(3000, 'x') == std::string(3000, 'y'));
  }
  TEST("text of several lines") {
    CHECK(things::lines(0) == things::lines(4));
    CHECK(things::lines(0) == things::lines(0) + "line 7\n");
    CHECK("one\n" == std::string("one"));
    CHECK("one" == std::string("two\nthree\n"));
  }
  TEST("sequences") {
    const std::vector<int> numbers{1, 2, 3, 4};
    CHECK(numbers == std::vector<int>{1, 2, 7, 4});
    CHECK(numbers == std::vector<int>{1, 2});
    CHECK(numbers == std::vector<int>{});
    CHECK_FALSE(numbers == numbers);
    CHECK(std::vector<std::string>{"a, b", "c"} == std::vector<std::string>{"a", "b"});
    CHECK(std::vector<bool>{true, false} == std::vector<bool>{true, true});
    CHECK(std::deque<double>{1.5} == std::deque<double>{2.5});
    CHECK(std::set<int>{1} == std::set<int>{2});
    CHECK(std::map<std::string, int>{{"ada", 1}} == std::map<std::string, int>{{"ada", 2}});
    CHECK(std::array<int, 2>{1, 2} == std::array<int, 2>{1, 3});
    CHECK(std::vector<std::vector<int>>{{1}, {}} == std::vector<std::vector<int>>{{1}, {2}});
  }
  TEST("optionals, variants, pairs, tuples") {
    CHECK(std::optional<int>(1) == std::optional<int>());
    CHECK(std::optional<std::string>("a") == "b");
    CHECK(std::optional<int>(1) == std::nullopt);
    CHECK(std::variant<int, std::string>(1) == std::variant<int, std::string>("one"));
    CHECK(std::pair<int, std::string>(1, "a") == std::pair<int, std::string>(1, "b"));
    CHECK(std::tuple<int, bool>(1, true) == std::tuple<int, bool>(1, false));
  }
  TEST("errors") {
    const std::error_code none, eof = asio::error::eof;
    CHECK(eof == none);
    CHECK(!eof);
    CHECK(eof == std::errc::timed_out);
    CHECK(eof == asio::error::connection_reset);
    CHECK_FALSE(eof);
    const std::exception_ptr nothing;
    CHECK(nothing);
    CHECK_FALSE(std::make_exception_ptr(std::out_of_range("index 7")));
  }
  TEST("time") {
    CHECK(1500ms == 2s);
    CHECK(1min == 2h);
    CHECK(0ns == 1us);
    CHECK(std::chrono::duration<double>(1.5) == 2s);
    CHECK(std::chrono::steady_clock::time_point(1s) == std::chrono::steady_clock::time_point(2s));
  }
  TEST("one's own types") {
    CHECK(things::opaque{1} == things::opaque{2});
    CHECK(things::streamed{1} == things::streamed{2});
    CHECK(things::formatted{1} == things::formatted{2});
    CHECK(things::bad_printer{} == things::bad_printer{});
    CHECK(std::vector<things::opaque>{{1}} == std::vector<things::opaque>{{2}});
  }
  TEST("bit-fields") {
    const things::flags flags{3, false};
    CHECK(flags.low == 4);
    CHECK(flags.high);
  }
}
