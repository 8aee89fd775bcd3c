// Values as text: every kind of type that a test compares.
#include <awaitest/awaitest.hpp>

#include <fmt/format.h>
#include <asio/error.hpp>

#include <array>
#include <atomic>
#include <bitset>
#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>
#if __has_include(<expected>)
#include <expected>
#endif

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace awaitest::match;
using awaitest::detail::text_of;

namespace shapes {
enum class color { red, green = 5 };
enum weekday : unsigned char { monday, tuesday };
enum plain { zero, one };
enum class wide : std::uint64_t { all = std::numeric_limits<std::uint64_t>::max() };
enum class signed_one : int { below = -3, none = 0 };
struct formatted {
  int value;
};
struct streamed {
  int value;
  friend std::ostream& operator<<(std::ostream& out, const streamed& s) { return out << "s" << s.value; }
};
struct point {
  int x, y;
};
struct line {
  point from, to;
  std::string name;
};
struct arrays {
  int numbers[3];
  char text[2];
  point points[1];
};
struct owner {
  std::unique_ptr<int> pointer;
  std::optional<line> maybe;
  std::map<int, point> by_number;
};
struct ten {
  int a, b, c, d, e, f, g, h, i, j;
};
struct eleven {
  int a, b, c, d, e, f, g, h, i, j, k;
};
struct bits {
  unsigned low : 3;
  bool high : 1;
  volatile int number;
};
template <class T>
struct marked {
  T value;
  bool is_set;
};
union number {
  int i;
  float f;
};
struct with_union {
  int kind;
  number value;
};
struct derived : point {
  int z;
};
inline int somewhere = 0;
struct reference {
  int& to;
};
struct late_reference {
  int n;
  int& to = somewhere;
};
struct needs_a_value {
  explicit needs_a_value(int) {}
};
struct without_default {
  int n;
  needs_a_value value;
};
/// As a JSON value does: text for some values only.
struct converts {
  int kind;
  operator std::string() const { return kind == 0 ? "text" : throw std::runtime_error("no text"); }
  friend std::ostream& operator<<(std::ostream& out, const converts& c) {
    return out << "streamed " << c.kind;
  }
};
struct views {
  int kind;
  operator std::string_view() const { return kind == 0 ? "text" : throw std::runtime_error("no text"); }
  friend std::ostream& operator<<(std::ostream& out, const views& v) { return out << "streamed " << v.kind; }
};
struct says_itself {
  void awaitest_print(std::string& out) const { out += "itself"; }
};
struct silent {
  int bytes[2] = {};
};
}  // namespace shapes

template <>
struct fmt::formatter<shapes::formatted> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  template <class Context>
  auto format(const shapes::formatted& f, Context& context) const {
    return fmt::format_to(context.out(), "f{}", f.value);
  }
};

namespace {
enum class hidden { first, second };
struct unnamed_namespace {};
}  // namespace

TEST_SUITE("author: print") {
  TEST("numbers") {
    CHECK(text_of(42) == "42");
    CHECK(text_of(-1L) == "-1");
    CHECK(text_of(std::uint8_t{200}) == "200");
    CHECK(text_of(std::int8_t{-5}) == "-5");
    CHECK(text_of(std::numeric_limits<long long>::min()) == "-9223372036854775808");
    CHECK(text_of(std::numeric_limits<unsigned long long>::max()) == "18446744073709551615");
    CHECK(text_of(true) == "true");
    CHECK(text_of(false) == "false");
  }

  TEST("floating point, in the shortest exact form") {
    CHECK(text_of(0.1) == "0.1");
    CHECK(text_of(0.1f) == "0.1");
    CHECK(text_of(0.1 + 0.2) == "0.30000000000000004");
    CHECK(text_of(1e300) == "1e+300");
    CHECK(text_of(2.5L) == "2.5");
    CHECK(text_of(-0.0) == "-0");
    CHECK(text_of(std::numeric_limits<double>::infinity()) == "inf");
    CHECK(text_of(std::numeric_limits<double>::quiet_NaN()) == "nan");
  }

  TEST("characters and text are quoted and escaped") {
    CHECK(text_of('x') == "'x'");
    CHECK(text_of('\n') == "'\\n'");
    CHECK(text_of('\'') == "'\\''");
    CHECK(text_of('"') == "'\"'");
    CHECK(text_of('\0') == "'\\x00'");
    CHECK(text_of("a\"b\\c\td"s) == "\"a\\\"b\\\\c\\td\"");
    CHECK(text_of(std::string("a\0b\x7f", 4)) == "\"a\\x00b\\x7f\"");
    CHECK(text_of(std::string_view("é€")) == "\"é€\"");
    CHECK(text_of("literal") == "\"literal\"");
    const char* null = nullptr;
    CHECK(text_of(null) == "nullptr");
    CHECK(text_of(""s) == "\"\"");
  }

  TEST("a lone byte that is no character is escaped") { CHECK(text_of('\xff') == "'\\xff'"); }

  TEST("what becomes a bool or a number by itself is printed as that, whatever fmt and streams make of it") {
    std::vector<bool> bits{true, false};
    CHECK(text_of(bits[0]) == "true");
    CHECK(text_of(bits[1]) == "false");
    CHECK(text_of(std::as_const(bits)) == "[true, false]");
    CHECK(text_of(std::bitset<2>{1}[0]) == "true");
    CHECK(text_of(std::atomic<bool>{false}) == "false");
    CHECK(text_of(std::atomic<int>{7}) == "7");
    CHECK(text_of([] {}) == "true");
    struct ready {
      operator bool() const { return true; }
    };
    CHECK(text_of(ready{}) == "true");
  }

  TEST("sequences and maps, nested") {
    CHECK(text_of(std::vector{1, 2}) == "[1, 2]");
    CHECK(text_of(std::vector<int>()) == "[]");
    CHECK(text_of(std::vector<std::vector<std::string>>{{"a"}, {}, {"b", "c"}}) ==
          "[[\"a\"], [], [\"b\", \"c\"]]");
    CHECK(text_of(std::map<int, std::string>{{1, "a"}, {2, "b"}}) == "{1: \"a\", 2: \"b\"}");
    CHECK(text_of(std::map<std::string, std::vector<int>>{{"k", {1, 2}}}) == "{\"k\": [1, 2]}");
    CHECK(text_of(std::unordered_map<int, int>{{1, 2}}) == "{1: 2}");
    CHECK(text_of(std::set{3, 1}) == "[1, 3]");
    CHECK(text_of(std::list{1.5}) == "[1.5]");
    CHECK(text_of(std::deque<char>{'a', 'b'}) == "['a', 'b']");
    CHECK(text_of(std::vector<bool>{true, false}) == "[true, false]");
    CHECK(text_of(std::array{1, 2}) == "[1, 2]");
    const int array[] = {1, 2, 3};
    CHECK(text_of(array) == "[1, 2, 3]");
    CHECK(text_of(std::span(array)) == "[1, 2, 3]");
    CHECK(text_of(std::initializer_list<int>{4}) == "[4]");
  }

  TEST("optional, variant, tuple, pair") {
    CHECK(text_of(std::optional<int>(3)) == "optional(3)");
    CHECK(text_of(std::optional<std::string>("x")) == "optional(\"x\")");
    CHECK(text_of(std::optional<int>()) == "nullopt");
    CHECK(text_of(std::optional<std::optional<int>>(std::in_place)) == "optional(nullopt)");
    CHECK(text_of(std::variant<int, std::string>("x")) == "\"x\"");
    CHECK(text_of(std::variant<int, std::string>(7)) == "7");
    CHECK(text_of(std::tuple(1, "a"s, 2.5)) == "(1, \"a\", 2.5)");
    CHECK(text_of(std::tuple()) == "()");
    CHECK(text_of(std::pair('a', std::vector{1})) == "('a', [1])");
  }

  TEST("what stands for nothing has a name") { CHECK(text_of(std::nullopt) == "nullopt"); }

#if defined(__cpp_lib_expected)
  TEST("expected: the value or the error") {
    CHECK_THAT(text_of(std::expected<int, std::string>(3)), contains("3"));
    CHECK_THAT(text_of(std::expected<int, std::string>(std::unexpect, "bad")), contains("bad"));
  }
#endif

  TEST("errors and exceptions") {
    CHECK(text_of(std::error_code(asio::error::eof)) == "asio.misc:2 (End of file)");
    CHECK(text_of(std::error_code()) == "system:0 (no error)");
    CHECK(text_of(std::make_error_condition(std::errc::timed_out)) == "generic:110 (Connection timed out)");
    CHECK(text_of(std::make_exception_ptr(std::runtime_error("boom"))) == "std::runtime_error: boom");
    CHECK(text_of(std::exception_ptr()) == "no exception");
    CHECK(text_of(std::make_exception_ptr(3)) == "an exception of type int");
    CHECK(text_of(std::make_exception_ptr("text"s)) == "a std::string: \"text\"");
    CHECK_THAT(text_of(std::make_exception_ptr(std::system_error(asio::error::eof))),
               ends_with("[asio.misc:2]"));
    CHECK(text_of(std::out_of_range("far")) == "std::out_of_range: far");
  }

  TEST("durations, in the unit in which they are whole") {
    CHECK(text_of(5ms) == "5ms");
    CHECK(text_of(2000ms) == "2s");
    CHECK(text_of(1500ms) == "1500ms");
    CHECK(text_of(2'000'000'000ns) == "2s");
    CHECK(text_of(0ns) == "0ns");
    CHECK(text_of(-3000us) == "-3ms");
    CHECK(text_of(90min) == "90min");
    CHECK(text_of(2h) == "2h");
    CHECK(text_of(std::chrono::days(3)) == "3d");
    CHECK(text_of(std::chrono::duration<double>(1.5)) == "1.5s");
    CHECK(text_of(std::chrono::duration<double, std::milli>(0.25)) == "0.25ms");
    CHECK(text_of(std::chrono::duration<int, std::ratio<1, 25>>(3)) == "3[1/25]s");
    CHECK(text_of(std::chrono::nanoseconds::min()) == "-9223372036854775808ns");
    CHECK(text_of(std::chrono::steady_clock::time_point(7s)) == "7s since the clock's epoch");
  }

  TEST("enumerations by name and value") {
    CHECK(text_of(shapes::color::red) == "shapes::color::red (0)");
    CHECK(text_of(shapes::color::green) == "shapes::color::green (5)");
    CHECK(text_of(shapes::color{3}) == "shapes::color(3)");
    CHECK(text_of(shapes::color{1000}) == "shapes::color(1000)");
    CHECK_THAT(text_of(shapes::tuesday), awaitest::match::all_of(contains("tuesday"), contains("(1)")));
    CHECK(text_of(shapes::one) == "shapes::plain(1)");
    CHECK(text_of(shapes::signed_one::below) == "shapes::signed_one(-3)");
    CHECK(text_of(shapes::signed_one::none) == "shapes::signed_one::none (0)");
  }

  TEST("an enumeration of an unnamed namespace has its names too") {
    CHECK_THAT(text_of(hidden::second), ends_with("hidden::second (1)"));
    CHECK_THAT(text_of(hidden{7}), ends_with("hidden(7)"));
  }

  TEST("an enumeration's largest value keeps its sign") {
    CHECK_THAT(text_of(shapes::wide::all), contains("18446744073709551615"));
  }

  TEST("pointers") {
    int value = 0;
    const auto address = fmt::format("{}", static_cast<const void*>(&value));
    CHECK(text_of(&value) == address);
    CHECK(text_of(static_cast<const volatile void*>(&value)) == address);
    int* null = nullptr;
    CHECK(text_of(null) == "nullptr");
    CHECK(text_of(nullptr) == "nullptr");
    CHECK_THAT(text_of(&text_of<int>), starts_with("0x"));
    const auto owned = std::make_unique<int>(1);
    CHECK(text_of(owned) == fmt::format("{}", static_cast<const void*>(owned.get())));
    CHECK(text_of(std::unique_ptr<int>()) == "nullptr");
    CHECK(text_of(std::shared_ptr<int>()) == "nullptr");
    CHECK_THAT(text_of(&shapes::formatted::value), contains("shapes::formatted"));
  }

  TEST("types that print themselves, and those that cannot") {
    CHECK(text_of(shapes::formatted{3}) == "f3");
    CHECK(text_of(shapes::streamed{3}) == "s3");
    CHECK(text_of(shapes::says_itself()) == "itself");
    CHECK(text_of(std::vector{shapes::formatted{1}, shapes::formatted{2}}) == "[f1, f2]");
    CHECK(text_of(std::optional(shapes::streamed{3})) == "optional(s3)");
    CHECK(text_of(shapes::silent()) == "{.bytes = [0, 0]}");
    CHECK_THAT(text_of(unnamed_namespace()), ends_with("unnamed_namespace, 1 byte>"));
    CHECK(text_of(std::vector<shapes::silent>(1)) == "[{.bytes = [0, 0]}]");
    CHECK(text_of(std::filesystem::path("/a \"b\"")) == "\"/a \\\"b\\\"\"");
  }

  TEST("a conversion to text that throws, beside an operator<<") {
    CHECK(text_of(shapes::converts{0}) == "\"text\"");
    CHECK(text_of(shapes::converts{1}) == "streamed 1");
    CHECK(text_of(shapes::views{0}) == "\"text\"");
    CHECK(text_of(shapes::views{1}) == "streamed 1");
    CHECK(text_of(std::vector<shapes::views>{{0}, {1}}) == "[\"text\", streamed 1]");
    CHECK(text_of(std::optional<shapes::converts>(shapes::converts{1})) == "optional(streamed 1)");
    awaitest::printed whole;
    const shapes::views one{1};
    awaitest::detail::printing(one).print(whole, &one);
    CHECK(whole.text == "streamed 1");
    CHECK_FALSE(whole.is_text);
  }
  TEST("an array of characters that no null ends") {
    const char three[3] = {'a', 'b', 'c'};
    CHECK(text_of(three) == "\"abc\"");
    CHECK(text_of("a\0b") == "\"a\"");
  }

  TEST("a plain aggregate: its members, up to ten, and theirs, by name") {
    CHECK(text_of(shapes::point{1, 2}) == "{.x = 1, .y = 2}");
    CHECK(text_of(shapes::line{{1, 2}, {3, 4}, "l"}) ==
          "{.from = {.x = 1, .y = 2}, .to = {.x = 3, .y = 4}, .name = \"l\"}");
    CHECK(text_of(std::vector<shapes::point>{{1, 2}, {3, 4}}) == "[{.x = 1, .y = 2}, {.x = 3, .y = 4}]");
    CHECK(text_of(shapes::arrays{{1, 2, 3}, {'a', 'b'}, {{1, 2}}}) ==
          "{.numbers = [1, 2, 3], .text = \"ab\", .points = [{.x = 1, .y = 2}]}");
    CHECK(text_of(shapes::owner{nullptr, std::nullopt, {{1, {2, 3}}}}) ==
          "{.pointer = nullptr, .maybe = nullopt, .by_number = {1: {.x = 2, .y = 3}}}");
    CHECK(text_of(shapes::ten{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}) ==
          "{.a = 1, .b = 2, .c = 3, .d = 4, .e = 5, .f = 6, .g = 7, .h = 8, .i = 9, .j = 10}");
    struct local {
      bool is_open;
    };
    CHECK(text_of(local{true}) == "{.is_open = true}");
    CHECK(text_of(shapes::marked<int>{7, true}) == "{.value = 7, .is_set = true}");
  }
  TEST("a plain aggregate with a member of which no name can be had: by their values") {
    CHECK(text_of(shapes::bits{3, true, 7}) == "{3, true, 7}");
  }
  TEST("where the members of an aggregate are") {
    const shapes::point one{1, 2};
    awaitest::printed whole;
    awaitest::detail::printing(one).print(whole, &one);
    CHECK(whole.by_key);
    CHECK(whole.elements == std::vector<std::uint32_t>{1, 9});
    CHECK(whole.keys == std::vector<std::uint32_t>{3, 11});
    awaitest::printed bits;
    const shapes::bits none{3, true, 7};
    awaitest::detail::printing(none).print(bits, &none);
    CHECK_FALSE(bits.by_key);
    CHECK(bits.elements == std::vector<std::uint32_t>{1, 4, 10});
  }
  TEST("what has members that cannot be found is an aggregate without them") {
    int n = 1;
    CHECK_THAT(text_of(shapes::eleven{}), contains("shapes::eleven"));
    CHECK_THAT(text_of(shapes::with_union{1, {2}}), contains("shapes::with_union"));
    CHECK_THAT(text_of(shapes::derived{{1, 2}, 3}), contains("shapes::derived"));
    CHECK_THAT(text_of(shapes::reference{n}), contains("shapes::reference"));
    CHECK_THAT(text_of(shapes::late_reference{1}), contains("shapes::late_reference"));
    CHECK_THAT(text_of(shapes::without_default{1, shapes::needs_a_value{2}}),
               contains("shapes::without_default"));
  }
}
