// Texts of tests that a terminal would obey: none of them reaches it as it is. Line ends and tabs stay.
#include <awaitest/awaitest.hpp>

#include <fmt/format.h>

#include <stdexcept>
#include <string>

#define ESC "\x1b[31m"

namespace {

// A word of the user's, printed as it is.
struct word {
  const char* text;
  bool operator==(const word&) const = default;
};

}  // namespace

template <>
struct fmt::formatter<word> : fmt::formatter<const char*> {
  template <class Context>
  auto format(const word& value, Context& to) const {
    return fmt::formatter<const char*>::format(value.text, to);
  }
};

TEST("values") {
  CHECK(word{ESC "red"} == word{"\x07\x08 bell\x7f"});
  CHECK(std::string(ESC) == "plain");
}
TEST("messages") {
  INFO("info {}", "\x1b]0;a title\x07");
  const auto captured = word{"\x1b[2J"};
  CAPTURE(captured);
  constexpr auto text = "line one\r\n\tline two" ESC
                        " \xc2\x9b"
                        "2J \x9b"
                        "2J, but ü and ∞ as they are";
  FAIL("{}", text);  // in one line: whose line it is otherwise differs between compilers
}
TEST("exceptions") { throw std::runtime_error("thrown " ESC "\b\b"); }
TEST_SUITE("other") {
  TEST("skipped", skip("reason " ESC)) { CHECK(true); }
  TEST("tagged", tag("tag " ESC)) { CHECK(true); }
  TEST("expected", should_fail("why " ESC)) { CHECK(false); }
}
