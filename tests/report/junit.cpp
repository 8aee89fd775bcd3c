// JUnit XML: well-formed and valid UTF-8 whatever a test is called or a failure says.
#include <awaitest/awaitest.hpp>
#include <awaitest/report/junit.hpp>

#include <fstream>
#include <sstream>
#include <string>

using namespace awaitest::match;
using namespace std::string_literals;

namespace {

struct finished {
  awaitest::test_info info;
  awaitest::test_finished end;
};

std::string written(std::vector<finished> tests, std::vector<awaitest::failure> outside = {},
                    const std::string& program = "/some/where/prog") {
  const auto path = awaitest::this_test::temp_dir() + "/report.xml";
  {
    awaitest::output to(path);
    awaitest::junit_reporter reporter(to);
    awaitest::run_started start;
    start.program = program;
    start.seed = 42;
    reporter.report(start);
    awaitest::run_finished end;
    for (auto& one : tests) {
      one.end.test = &one.info;
      reporter.report(awaitest::test_started{&one.info});
      reporter.report(one.end);
      (one.end.result == awaitest::outcome::failed    ? end.failed
       : one.end.result == awaitest::outcome::skipped ? end.skipped
                                                      : end.passed)++;
    }
    for (const auto& one : outside) reporter.report(awaitest::run_failure{one});
    end.run_failures = outside.size();
    end.elapsed = 1'500'000'000;
    reporter.report(end);
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}
finished test(std::string name, awaitest::outcome result = awaitest::outcome::passed,
              std::string suite = {}) {
  finished made;
  made.info.name = suite.empty() ? name : suite + "/" + name;
  made.info.suite = std::move(suite);
  made.info.where = {"a.cpp", 7};
  made.end.result = result;
  return made;
}
finished failed_with(std::string message) {
  auto made = test("t", awaitest::outcome::failed);
  awaitest::failure what;
  what.macro = "CHECK";
  what.message = std::move(message);
  made.end.failures.push_back(what);
  return made;
}
/// XML 1.0's Char production, over valid UTF-8.
bool valid(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t length = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 0;
    if (length == 0 || i + length > text.size()) return false;
    std::uint32_t code = length == 1 ? c : c & (0x7FU >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0U) != 0x80U) return false;
      code = (code << 6U) | (next & 0x3FU);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) || code == 0xFFFE ||
        code == 0xFFFF || (code < 0x20 && code != '\n' && code != '\t' && code != '\r'))
      return false;
    i += length;
  }
  return true;
}

}  // namespace

TEST_SUITE("report: junit") {
  TEST("the counts, the properties, a case for each test") {
    auto skipped = test("s", awaitest::outcome::skipped);
    skipped.end.reason = "why <not>";
    const auto got = written({test("a", awaitest::outcome::passed, "bank"), failed_with("x"), skipped}, {{}});
    CHECK_THAT(got, starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
    CHECK_THAT(got, contains("<testsuite name=\"prog\" tests=\"4\" failures=\"2\" errors=\"0\" "
                             "time=\"1.500\" skipped=\"1\">"));
    CHECK_THAT(got, contains("<property name=\"seed\" value=\"42\"/>"));
    CHECK_THAT(got, contains("<testcase name=\"a\" classname=\"bank\" time=\""));
    CHECK_THAT(got, contains("<property name=\"bank/a:place\" value=\"a.cpp:7\"/>"));
    CHECK_THAT(got, contains("<testcase name=\"t\" classname=\"prog\""));
    CHECK_THAT(got, contains("<skipped message=\"why &lt;not&gt;\"/>"));
    CHECK_THAT(got, contains("<testcase name=\"outside of any test (1)\""));
    CHECK_THAT(got, ends_with("</testsuites>\n"));
  }

  TEST("tags and attempts are properties of the suite: Jenkins knows none of a test") {
    auto tagged = test("a", awaitest::outcome::passed, "bank");
    tagged.info.tags = {"net", "<slow>"};
    tagged.end.attempts = 3;
    const auto got = written({tagged, test("b")});
    CHECK_THAT(got, contains("<property name=\"bank/a:tags\" value=\"net, &lt;slow&gt;\"/>"));
    CHECK_THAT(got, contains("<property name=\"bank/a:attempts\" value=\"3\"/>"));
    CHECK_THAT(got, not_(contains("b:tags")));
    CHECK_THAT(got, not_(contains("b:attempts")));
    CHECK(got.find("</properties>") < got.find("<testcase"));
  }

  TEST("what XML reads as its own is escaped") {
    const auto got = written({failed_with("a & b < c > d \"e\" 'f' ]]> <![CDATA[")});
    CHECK_THAT(got, contains("a &amp; b &lt; c &gt; d &quot;e&quot; 'f' ]]&gt; &lt;![CDATA["));
    CHECK_THAT(written({test("a<b>\"&")}), contains("name=\"a&lt;b&gt;&quot;&amp;\""));
    CHECK_THAT(written({test("t", awaitest::outcome::passed, "s<&/\"")}),
               contains("classname=\"s&lt;&amp;/&quot;\""));
    CHECK_THAT(written({}, {}, "/a/b<c"), contains("testsuite name=\"b&lt;c\""));
  }

  TEST("line ends and tabs survive, in attributes by reference") {
    CHECK_THAT(written({failed_with("a\tb\rc")}), contains("a\tb&#13;c\n</failure>"));
    CHECK_THAT(written({failed_with("first\nsecond")}), contains("  first\n  second\n</failure>"));
    CHECK_THAT(written({test("a\tb\nc\rd")}), contains("name=\"a&#9;b&#10;c&#13;d\""));
  }

  TEST("control characters and invalid UTF-8 become U+FFFD") {
    const std::string bad = "\xEF\xBF\xBD";
    for (const auto& text : {"\0"s, "\x01"s, "\x1b"s, "\xff"s, "\x80"s, "\xc3"s, "\xc0\xaf"s, "\xe0\x80\x80"s,
                             "\xed\xa0\x80"s, "\xf0\x80\x80\x80"s, "\xf4\x90\x80\x80"s, "\xf5\x80\x80\x80"s,
                             "\xef\xbf\xbe"s, "\xef\xbf\xbf"s, "\xe2\x82"s}) {
      const auto got = written({failed_with("<" + text + ">")});
      CAPTURE(text);
      CHECK(valid(got));
      CHECK_THAT(got, contains("&lt;" + bad));
    }
  }

  TEST("valid text stays as it is") {
    for (const auto& text : {"é"s, "€"s, "😀"s, "\xef\xbf\xbd"s, "\xed\x9f\xbf"s, "\xee\x80\x80"s,
                             "\xf4\x8f\xbf\xbf"s, "\x7f"s, "\xc2\x80"s}) {
      const auto got = written({failed_with("<" + text + ">")});
      CHECK(valid(got));
      CHECK_THAT(got, contains("&lt;" + text + "&gt;"));
    }
  }

  TEST("every byte by itself, and a name that is all of them") {
    std::string all;
    for (int c = 1; c < 256; ++c) all += static_cast<char>(c);
    CHECK(valid(written({failed_with(all), test(all), test("x", awaitest::outcome::passed, all)})));
  }

  TEST("a failure names its kind") {
    auto stuck = failed_with("who waits");
    stuck.end.failures[0].kind = awaitest::failure_kind::stuck;
    CHECK_THAT(written({stuck}), contains("<failure type=\"stuck\" message=\""));
  }
}
