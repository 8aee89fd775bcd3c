// The lines under a failure: both values, and where they part.
#include <awaitest/awaitest.hpp>
#include <awaitest/report/describe.hpp>
#include <awaitest/report/difference.hpp>

#include <string>

using namespace awaitest::match;
namespace reporting = awaitest::reporting;

namespace {

awaitest::failure of_text(std::string left, std::string right, const char* relation = "==") {
  awaitest::failure made;
  made.left = {std::move(left), {}, true};
  made.right = {std::move(right), {}, true};
  made.relation = relation;
  return made;
}
awaitest::printed list(std::string text, std::vector<std::uint32_t> elements) {
  return {std::move(text), std::move(elements), false};
}
/// Whether the caret, in the line under `shown`, points at `what`.
bool points_at(const std::string& shown, const std::string& marker, char what) {
  const auto at = marker.find('^');
  return at != std::string::npos && at < shown.size() && shown[at] == what;
}

}  // namespace

TEST_SUITE("report: difference") {
  TEST("short values side by side") {
    CHECK_THAT(reporting::explain(of_text("a", "b")), elements_are("left:  \"a\"", "right: \"b\""));
    awaitest::failure number;
    number.left.text = "1";
    number.right.text = "2";
    number.relation = "<";
    CHECK_THAT(reporting::explain(number), elements_are("left:  1", "right: 2"));
  }

  TEST("shorter text: the difference is marked where it is not seen at once") {
    CHECK_THAT(reporting::explain(of_text("hello world", "hello there")),
               elements_are("left:  \"hello world\"", "right: \"hello there\"", "              ^"));
    CHECK_THAT(reporting::explain(of_text("hello", "hello world")).size(),
               2u);  // one begins with the other, and is short
    CHECK_THAT(reporting::explain(of_text("abcde1", "abcde2")).size(), 2u);
    CHECK(reporting::explain(of_text("\u00fcber \t\"\u00e4x", "\u00fcber \t\"\u00e4y")).back() ==
          std::string(18, ' ') + '^');
    CHECK(reporting::explain(of_text("abcdefgh", "abcdef")).back() == std::string(14, ' ') + '^');
  }

  TEST("one value; not when it is a bool with something better to say") {
    awaitest::failure one;
    one.left.text = "0";
    CHECK_THAT(reporting::explain(one), elements_are("value: 0"));
    one.left = {"", {}, true};
    CHECK_THAT(reporting::explain(one), elements_are("value: \"\""));
    one.left = {"false", {}, false};
    one.expected = "true";
    CHECK(reporting::explain(one).empty());
    one.expected.clear();
    one.message = "a remark";
    CHECK(reporting::explain(one).empty());
    one.left.text = "0";
    CHECK_THAT(reporting::explain(one), elements_are("value: 0"));
    one.expected = "1";
    CHECK_THAT(reporting::explain(one), elements_are("value:    0"));
  }

  TEST("long text: the first difference is marked") {
    const std::string before(100, 'x'), after(100, 'y');
    const auto lines = reporting::explain(of_text(before + "A" + after, before + "B" + after));
    REQUIRE(lines.size() == 6u);
    CHECK(lines[2] == "first difference at byte 100 (left has 201 bytes, right has 201):");
    CHECK_THAT(lines[3],
               awaitest::match::all_of(starts_with("  left:  ..."), contains("xA"), ends_with("...")));
    CHECK(points_at(lines[3], lines[5], 'A'));
    CHECK(points_at(lines[4], lines[5], 'B'));
  }

  TEST("at the beginning, at the end, one a part of the other") {
    const std::string text(80, 'x');
    auto lines = reporting::explain(of_text("A" + text, "B" + text));
    REQUIRE(lines.size() == 6u);
    CHECK(points_at(lines[3], lines[5], 'A'));
    lines = reporting::explain(of_text(text + "A", text));
    REQUIRE(lines.size() == 6u);
    CHECK_THAT(lines[2], contains("at byte 80 (left has 81 bytes, right has 80)"));
    CHECK(points_at(lines[3], lines[5], 'A'));
    CHECK(points_at(lines[4], lines[5], '"'));
    lines = reporting::explain(of_text("", text));
    CHECK_THAT(lines[2], contains("at byte 0"));
  }

  TEST("the mark counts characters, not bytes, and never cuts one") {
    std::string before;
    for (int i = 0; i < 40; ++i) before += "é";
    const auto lines =
        reporting::explain(of_text(before + "é", before + "è"));  // they differ in the second byte
    REQUIRE(lines.size() == 6u);
    CHECK_THAT(lines[2], contains("at byte 80"));
    CHECK_THAT(lines[3], awaitest::match::all_of(starts_with("  left:  ...\"é"), contains("é\"")));
    CHECK(lines[5].find('^') == std::string("  left:  ...\"").size() + 10);
  }

  TEST("the end of an excerpt does not cut a character") {
    std::string after;
    for (int i = 0; i < 40; ++i) after += "é";
    const auto lines = reporting::explain(of_text("Ax" + after, "Bx" + after));
    REQUIRE(lines.size() == 6u);
    const auto& shown = lines[3];
    const auto last = shown.rfind('"');
    REQUIRE(last != std::string::npos);
    std::size_t from = last - 1;
    while (from > 0 && (static_cast<unsigned char>(shown[from]) & 0xC0U) == 0x80U) --from;
    CHECK(last - from == 2u);  // a whole é before the closing quote
  }

  TEST("escapes before the mark are counted as they are shown") {
    const std::string before = std::string(70, 'x') + "\t\t";
    const auto lines = reporting::explain(of_text(before + "A", before + "B"));
    REQUIRE(lines.size() == 6u);
    CHECK(points_at(lines[3], lines[5], 'A'));
  }

  TEST("several lines: a diff, whose first difference is named") {
    const auto lines = reporting::explain(of_text("a\nb\nc\nd\n", "a\nb\nc\nX\n"));
    CHECK_THAT(lines, elements_are(_, _, "first difference in line 4 (left has 4 lines, right has 4):",
                                   "  @@ -2,3 +2,3 @@", "    \"b\"", "    \"c\"", "  - \"d\"", "  + \"X\"",
                                   "     ^"));
    const auto shorter = reporting::explain(of_text("a\nb", "a"));
    CHECK_THAT(shorter, elements_are(_, _, _, "  @@ -1,2 +1,1 @@", "    \"a\"", "  - \"b\""));
    CHECK_THAT(reporting::explain(of_text("a\nb\n", "a\nb")), contains("only the left ends with a line end"));
    CHECK_THAT(reporting::explain(of_text("a\nb", "a\nb\n")),
               contains("only the right ends with a line end"));
    CHECK_THAT(reporting::explain(of_text("a\n", "a\n\n")), not_(contains(contains("only the"))));
  }

  TEST("sequences: the first element that differs") {
    awaitest::failure made;
    made.relation = "==";
    made.left = list("[1, 22, 3]", {1, 4, 8});
    made.right = list("[1, 23, 3]", {1, 4, 8});
    CHECK_THAT(reporting::explain(made),
               contains("first difference at [1]: 22 and 23 (left has 3 elements, right has 3)"));
    made.right = list("[1, 22]", {1, 4});
    CHECK_THAT(reporting::explain(made),
               contains("first difference at [2]: 3 and nothing (left has 3 elements, right has 2)"));
    made.left = list("[1]", {1});
    CHECK_THAT(reporting::explain(made),
               contains("first difference at [1]: nothing and 22 (left has 1 element, right has 2)"));
  }

  TEST("aggregates: the members that differ, by name where they have one") {
    awaitest::failure made;
    made.relation = "==";
    const auto named = [](std::string text) {
      awaitest::printed point{std::move(text), {1, 9}, false, true, {3, 11}};
      point.behind_key = 3;
      return point;
    };
    made.left = named("{.x = 1, .y = 2}");
    made.right = named("{.x = 1, .y = 3}");
    CHECK_THAT(reporting::explain(made), elements_are(_, _, "different at .y: 2 and 3"));
    made.left = list("{1, 2}", {1, 4});
    made.right = list("{1, 3}", {1, 4});
    CHECK_THAT(reporting::explain(made),
               contains("first difference at [1]: 2 and 3 (left has 2 elements, right has 2)"));
  }

  TEST("one longer than the other, the longer on the right") {
    awaitest::failure made;
    made.relation = "==";
    made.left = list("[]", {});
    made.right = list("[7]", {1});
    CHECK(reporting::explain(made).size() >= 2u);
  }

  TEST("a value of megabytes is cut, and says so") {
    const std::string huge(3'000'000, 'x');
    for (const auto& line : reporting::explain(of_text(huge, huge + "y", "<")))
      CHECK_THAT(line, awaitest::match::all_of(size_is(lt(3000u)), contains("more bytes")));
  }

  TEST("a diff of texts that are long, or differ everywhere, stays short") {
    std::string left, right;
    for (int i = 0; i < 5'000; ++i) {
      left += "left " + std::to_string(i) + "\n";
      right += "right " + std::to_string(i) + "\n";
    }
    CHECK(reporting::explain(of_text(left, right)).size() < 110u);
    const auto shifted = reporting::explain(of_text(left, "first\n" + left + "last\n"));
    CHECK_THAT(shifted, elements_are(_, _, _, "  @@ -1,2 +1,3 @@", "  + \"first\"", "    \"left 0\"",
                                     "    \"left 1\"", "  @@ -4999,2 +5000,3 @@", "    \"left 4998\"",
                                     "    \"left 4999\"", "  + \"last\""));
  }

  TEST("durations and the head line") {
    CHECK(reporting::duration(1'500) == "2 us");
    CHECK(reporting::duration(1'500'000) == "1.5 ms");
    CHECK(reporting::duration(2'500'000'000) == "2.50 s");
    awaitest::failure made;
    made.where = {"a.cpp", 3};
    made.macro = "CHECK";
    made.expression = "x == y";
    made.task = "child 'a'";
    made.message = "one\ntwo";
    made.notes = {{{"b.cpp", 4}, "i = 1"}, {{}, "kept"}};
    CHECK_THAT(reporting::describe(made), elements_are("a.cpp:3: CHECK(x == y), in child 'a'", "  one",
                                                       "  two", "  with i = 1  (b.cpp:4)", "  kept"));
    made = {};
    made.kind = awaitest::failure_kind::misuse;
    made.macro = "CHECK";
    made.expression = "x";
    CHECK_THAT(reporting::describe(made), elements_are("misuse: CHECK(x)"));
  }
}
