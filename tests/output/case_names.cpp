// The names of cases: the same in every process, whatever the values are, so that each is found again.
#include <awaitest/awaitest.hpp>

#include <asio/buffer.hpp>

#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

struct shape {
  int sides;
};
const shape a{3}, b{4};
int seven() { return 7; }
int eight() { return 8; }

struct opaque {
  explicit opaque(int n) : value{n} {}
  int get() const { return value; }

 private:
  int value;
};
/// Prints where it is.
struct streamed {
  const shape* at;
  friend std::ostream& operator<<(std::ostream& out, const streamed& it) {
    return out << "shape at " << static_cast<const void*>(it.at);
  }
};
struct unwilling {
  int n;
  friend std::ostream& operator<<(std::ostream&, const unwilling&) { throw std::runtime_error("no text"); }
};
struct colour {
  unsigned rgb;
  friend std::ostream& operator<<(std::ostream& out, const colour& it) {
    return out << std::hex << std::showbase << it.rgb;
  }
};
std::string digits(std::size_t count, char last) { return std::string(count - 1, '7') + last; }

}  // namespace

TEST_P("pointers", (const shape* s, int sides), cases{{&a, 3}, {&b, 4}, {nullptr, 0}}) {
  CHECK((s ? s->sides : 0) == sides);
}
TEST_P("one pointer", (const shape* s), cases{&a, &b}) { CHECK(s->sides > 2); }
TEST_P("text", (const char* text), cases{"one", "two", nullptr}) { CHECK((!text || text[0] != 0)); }
TEST_P("bytes", (const unsigned char* text),
       cases{reinterpret_cast<const unsigned char*>("x"), reinterpret_cast<const unsigned char*>("y")}) {
  CHECK(text != nullptr);
}
TEST_P("smart pointers", (std::shared_ptr<int> n), cases{std::make_shared<int>(1), nullptr}) {
  CHECK((!n || *n == 1));
}
TEST_P("functions", (int (*f)(), int n), cases{{&seven, 7}, {&eight, 8}}) { CHECK(f() == n); }
TEST_P("members", (int shape::* which), cases{&shape::sides, &shape::sides}) { CHECK(a.*which == 3); }
TEST_P("within", (std::vector<const shape*> all, std::optional<int> n, std::pair<int, const shape*> more),
       cases{{std::vector{&a, &b}, 1, std::pair{1, &a}},
             {std::vector<const shape*>(), std::nullopt, std::pair{2, nullptr}}}) {
  CHECK((all.size() == 2) == n.has_value());
  CHECK(more.first > 0);
}
TEST_P("without a text", (opaque it), cases{opaque(1), opaque(2)}) { CHECK(it.get() > 0); }
TEST_P("buffers", (asio::const_buffer it), cases{asio::buffer("a", 1), asio::buffer("b", 1)}) {
  CHECK(it.size() == 1);
}
TEST_P("an address in the text", (streamed it), cases{streamed{&a}, streamed{&b}}) {
  CHECK(it.at->sides > 2);
}
TEST_P("no address in the text", (colour it), cases{colour{0xff8800}, colour{0x10}}) { CHECK(it.rgb > 1); }
TEST_P("text of an address", (std::string it, std::vector<std::string> more),
       cases{{"0x7ffe12345678", std::vector<std::string>{"\"0x7ffe12345678"}}}) {
  CHECK(it.size() < more[0].size());
}
TEST_P("printing throws", (unwilling it), cases{unwilling{1}, unwilling{2}}) { CHECK(it.n > 0); }
TEST_P("alike", (int n), cases{1, 1, cases::named("1 #2", 1), cases::named("1", 1)}) { CHECK(n == 1); }
TEST_P("control characters", (std::string text),
       cases{"two\nlines", cases::named("two\nlines\r\t\x1b[31m", "x"), cases::named("nul\0nul", "x"),
             cases::named(std::string("\0", 1), "x"), cases::named("\x7f", "x"),
             cases::named("c1 \xc2\x9b", "x"), cases::named("cut \xe2\x82", "x"), "latin \xfc",
             "größe 測試 \U0001f600"}) {
  CHECK(!text.empty());
}
TEST_P("long", (std::string text),
       cases{digits(200'000, '1'), digits(200'000, '2'), digits(200'000, '2'), digits(998, '1'),
             digits(999, '1'), cases::named(digits(980, '1') + "測試" + digits(20, '1'), "named")}) {
  CHECK(text.size() > 1);
}

#define TEN_TIMES(text) text text text text text text text text text text
TEST_SUITE("s" TEN_TIMES(TEN_TIMES(TEN_TIMES("uite ")))) {
  TEST("t" TEN_TIMES(TEN_TIMES(TEN_TIMES("est ")))) { CHECK(true); }
  TEST("T" TEN_TIMES(TEN_TIMES(TEN_TIMES("est ")))) { CHECK(true); }
  TEST_P("n", (int n), cases{1}) { CHECK(n == 1); }
}
