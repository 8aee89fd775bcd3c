// TAP, JSON and HTML: each whole and valid whatever a test is called or a failure says; and reporters of a program's own.
#include <awaitest/awaitest.hpp>
#include <awaitest/report/parts.hpp>
#include <awaitest/report/reporters.hpp>
#include <awaitest/report/search.hpp>

#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

using namespace awaitest::match;
using namespace std::string_literals;

namespace {

struct finished {
  awaitest::test_info info;
  awaitest::test_finished end;
};
finished test(std::string name, awaitest::outcome result = awaitest::outcome::passed) {
  finished made;
  made.info.name = std::move(name);
  made.info.where = {"a.cpp", 7};
  made.end.result = result;
  return made;
}
finished failed(std::string name, std::string message) {
  auto made = test(std::move(name), awaitest::outcome::failed);
  awaitest::failure what;
  what.macro = "CHECK";
  what.expression = "x";
  what.where = {"a.cpp", 8};
  what.message = std::move(message);
  made.end.failures.push_back(what);
  return made;
}

/// The report of that name, of a run with these tests; cut short: without its last event.
std::string written(const std::string& reporter, std::vector<finished> tests, bool interrupted = false) {
  const auto path = awaitest::this_test::temp_dir() + "/report";
  {
    const auto all = awaitest::reporting::reporters();
    const auto row =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == reporter; });
    REQUIRE(row != all.end());
    awaitest::output to(path, row->form);
    const auto made = row->make(to, {});
    awaitest::run_started start;
    start.program = "/some/where/prog";
    start.seed = 42;
    start.selected = tests.size();
    made->report(start);
    awaitest::run_finished end;
    for (auto& one : tests) {
      one.end.test = &one.info;
      made->report(awaitest::test_started{&one.info});
      made->report(one.end);
      (one.end.result == awaitest::outcome::failed ? end.failed : end.passed)++;
    }
    end.interrupted = interrupted;
    made->report(end);
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}
std::string all_bytes() {
  std::string all;
  for (int c = 1; c < 256; ++c) all += static_cast<char>(c);
  return all;
}
bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = awaitest::utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}
std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_SUITE("report: tap") {
  TEST("a line for each test, the plan at the end") {
    auto skipped = test("s", awaitest::outcome::skipped);
    skipped.end.reason = "why";
    auto expected = test("e", awaitest::outcome::expected_failure);
    expected.end.reason = "bug 7";
    CHECK(written("tap", {test("a/b"), skipped, expected}) ==
          "TAP version 14\n"
          "# seed 42\n"
          "ok 1 - a/b\n"
          "ok 2 - s # SKIP why\n"
          "not ok 3 - e # TODO bug 7\n"
          "1..3\n");
  }
  TEST("a failure is YAML below its line") {
    auto one = failed("t", "first\nsecond");
    one.end.attempts = 2;
    one.end.more_failures = 1000;
    one.end.remarks = {"slow: \"x\""};
    one.end.output = "printed\n";
    CHECK(written("tap", {one}) ==
          "TAP version 14\n"
          "# seed 42\n"
          "not ok 1 - t\n"
          "  ---\n"
          "  message: \"a.cpp:8: CHECK(x)\"\n"
          "  file: \"a.cpp\"\n"
          "  line: 8\n"
          "  failures: |\n"
          "    a.cpp:8: CHECK(x)\n"
          "      first\n"
          "      second\n"
          "    and 1 000 more\n"
          "  remarks:\n"
          "    - \"slow: \\\"x\\\"\"\n"
          "  output: \"printed\\n\"\n"
          "  attempts: 2\n"
          "  duration_ms: 0.000\n"
          "  ...\n"
          "1..1\n");
  }
  TEST("a name is one line, and no directive") {
    CHECK_THAT(written("tap", {test("a # SKIP b\\c")}), contains("ok 1 - a \\# SKIP b\\\\c\n"));
    const auto all = written("tap", {test("x" + all_bytes() + "y"), failed("t", "m" + all_bytes())});
    CHECK(is_utf8(all));
    CHECK(count(all, "\nok 1 - x") == 1u);
    CHECK(count(all, "\n1..2\n") == 1u);
  }
  TEST("a run that was cut short bails out") {
    CHECK_THAT(written("tap", {test("a")}, true),
               ends_with("ok 1 - a\nBail out! the run was cut short\n1..1\n"));
  }
}

TEST_SUITE("report: json") {
  TEST("an event a line") {
    auto one = test("bank/opens");
    one.info.suite = "bank";
    one.info.tags = {"net", "a\"b"};
    one.end.checks = 3;
    one.end.seed = 5;
    CHECK(
        written("json", {one}) ==
        R"({"event":"run_started","version":1,"program":"/some/where/prog","selected":1,"known":0,"seed":42,"shuffled":false})"
        "\n"
        R"({"event":"test_started","test":"bank/opens","suite":"bank","file":"a.cpp","line":7,"tags":["net","a\"b"]})"
        "\n"
        R"({"event":"test_finished","test":"bank/opens","suite":"bank","file":"a.cpp","line":7,"tags":["net","a\"b"],"result":"passed","elapsed_ns":0,"checks":3,"attempts":1,"seed":5})"
        "\n"
        R"({"event":"run_finished","passed":1,"failed":0,"skipped":0,"expected_failures":0,"not_run":0,"run_failures":0,"checks":0,"elapsed_ns":0,"interrupted":false})"
        "\n");
  }
  TEST("a failure has its data, and its text as the console has it") {
    auto one = failed("t", "said");
    auto& what = one.end.failures.front();
    what.left.text = "1";
    what.right.text = "2";
    what.relation = "==";
    what.notes.push_back({{"n.cpp", 1}, "noted"});
    CHECK_THAT(
        written("json", {one}),
        contains(
            R"json("failures":[{"kind":"assertion failed","file":"a.cpp","line":8,"macro":"CHECK","expression":"x","left":"1","right":"2","relation":"==","message":"said","notes":[{"text":"noted","file":"n.cpp","line":1}],"text":["a.cpp:8: CHECK(x)","  left:  1","  right: 2","  said","  with noted  (n.cpp:1)"]}])json"));
  }
  TEST("strings are valid whatever they were") {
    CHECK(awaitest::json_string("a\"b\\c\n\t\r\x01\x7f") == R"("a\"b\\c\n\t\u000d\u0001\u007f")");
    CHECK(awaitest::json_string("é€😀") == "\"é€😀\"");
    CHECK(awaitest::json_string("\xff\xc3") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    CHECK(awaitest::json_string("a\0b"s) == R"("a\u0000b")");
    const auto all = written("json", {test(all_bytes()), failed("t", all_bytes())});
    CHECK(is_utf8(all));
    CHECK(count(all, "\n") == 6u);
  }
  TEST("a megabyte of text") {
    const std::string much(1'000'000, 'x');
    CHECK_THAT(written("json", {failed("t", much)}), contains(much));
  }
}

// A test with subtests, one of each result.
finished with_subtests() {
  auto made = failed("divided", "because");
  made.end.failures.back().subtest = "outer/<b> # 1";
  made.end.subtests = {{"outer", {"a.cpp", 7}, awaitest::outcome::failed, {}},
                       {"outer/<b> # 1", {"a.cpp", 8}, awaitest::outcome::failed, {}},
                       {"left", {"a.cpp", 9}, awaitest::outcome::skipped, "not here"},
                       {"fine", {"a.cpp", 10}, awaitest::outcome::passed, {}}};
  made.end.more_subtests = 1;
  return made;
}
TEST_SUITE("report: subtests") {
  TEST("TAP has them in front of their test, with a plan of their own") {
    CHECK_THAT(written("tap", {with_subtests()}), contains("# Subtest: divided\n"
                                                           "    not ok 1 - outer\n"
                                                           "    not ok 2 - outer/<b> \\# 1\n"
                                                           "    ok 3 - left # SKIP not here\n"
                                                           "    ok 4 - fine\n"
                                                           "    1..4\n"
                                                           "not ok 1 - divided\n"));
  }
  TEST("JUnit has a testcase for each, and counts them") {
    const auto got = written("junit", {with_subtests(), test("passes")});
    CHECK_THAT(got, contains("tests=\"6\" failures=\"3\""));
    CHECK_THAT(got, contains("skipped=\"1\""));
    CHECK_THAT(got, contains("name=\"divided [outer/&lt;b&gt; # 1]\" classname=\"prog\">\n"
                             "      <failure type=\"assertion failed\" message=\"a.cpp:8: CHECK(x), in the "
                             "subtest outer/&lt;b&gt; # 1\"/>\n"));
    CHECK_THAT(
        got, contains("name=\"divided [outer]\" classname=\"prog\">\n"
                      "      <failure type=\"assertion failed\" message=\"see the failures of the test\"/>"));
    CHECK_THAT(
        got, contains("name=\"divided [left]\" classname=\"prog\">\n      <skipped message=\"not here\"/>"));
    CHECK_THAT(got, contains("name=\"divided [fine]\" classname=\"prog\"/>"));
  }
  TEST("JUnit does not call one failed whose test has passed at last") {
    auto flaky = with_subtests();
    flaky.end.result = awaitest::outcome::passed;
    CHECK_THAT(written("junit", {flaky}), contains("tests=\"5\" failures=\"0\""));
  }
  TEST("HTML lists them in their test") {
    const auto got = written("html", {with_subtests()});
    CHECK_THAT(got, contains("<li><b class=\"failed\">FAILED</b> outer/&lt;b&gt; # 1</li>\n"));
    CHECK_THAT(got, contains("<li><b class=\"skipped\">skipped</b> left: not here</li>\n"));
    CHECK_THAT(got, contains("<li>and 1 more</li>\n"));
  }
  TEST("JSON has them, and they are there again when its parts are merged") {
    const auto got = written("json", {with_subtests()});
    CHECK_THAT(got, contains("{\"name\":\"left\",\"file\":\"a.cpp\",\"line\":9,\"result\":\"skipped\","
                             "\"reason\":\"not here\"}"));
    CHECK_THAT(got, contains("\"subtest\":\"outer/<b> # 1\""));
    awaitest::reporting::parts merged;
    merged.add(awaitest::this_test::temp_dir() + "/report");
    REQUIRE(merged.events.size() == 1u);
    const auto* const end = std::get_if<awaitest::test_finished>(&merged.events.front());
    REQUIRE(end != nullptr);
    const auto wanted = with_subtests();
    REQUIRE(end->subtests.size() == wanted.end.subtests.size());
    for (std::size_t i = 0; i < wanted.end.subtests.size(); ++i) {
      CAPTURE(i);
      CHECK(end->subtests[i].name == wanted.end.subtests[i].name);
      CHECK(end->subtests[i].result == wanted.end.subtests[i].result);
      CHECK(end->subtests[i].reason == wanted.end.subtests[i].reason);
      CHECK(end->subtests[i].where.line == wanted.end.subtests[i].where.line);
    }
    CHECK(end->more_subtests == 1u);
    CHECK(end->failures.front().subtest == "outer/<b> # 1");
  }
}

namespace {

// A test whose seventh schedule has failed, by one change.
finished searched(std::string change, std::int32_t task, std::int32_t instead, std::string words = {}) {
  auto made = failed("races", "because");
  awaitest::explored search;
  search.end = awaitest::search_end::failed;
  search.asked = 1000;
  search.schedules = search.distinct = 8;
  search.schedule = 7;
  search.choices = {{'s', 3}, {'u', 2}};
  search.changes = 1;
  search.passes_without_the_last = true;
  search.token = "v1:5c2e:fifo:" + change + "@a41f";
  search.tasks = {"child 'a'", "child '<b>'"};
  search.steps = {{2, 0, "gate (a.cpp:3)", {}, {}, -1},
                  {4, task, {}, std::move(words), std::move(change), instead},
                  {5, 0, "in f (a.cpp:4)", {}, {}, -1}};
  made.end.searches = {search};
  return made;
}
std::string table_of(const finished& of) {
  std::string all;
  for (const auto& line : awaitest::reporting::lines_of_search(of.end.searches.front())) all += line + '\n';
  return all;
}
std::string success(awaitest::search_end end, std::uint64_t with_changes = 0, std::uint64_t with_threads = 0,
                    std::uint64_t with_io = 0) {
  awaitest::explored search;
  search.end = end;
  search.asked = 1000;
  search.schedules = 500;
  search.distinct = 42;
  search.with_changes = with_changes;
  search.with_threads = with_threads;
  search.with_io = with_io;
  search.token = "v1:5c2e:fifo";
  return awaitest::reporting::success_words(search);
}

}  // namespace
TEST_SUITE("report: search") {
  TEST("a column for each task, and what is otherwise where the change is left out") {
    CHECK(table_of(searched("4s1/2", 1, 0)) ==
          "needs 1 change from first-in first-out:\n"
          "         child 'a'       child '<b>'\n"
          "       2 gate (a.cpp:3)  .\n"
          "      ...\n"
          "       4 (ready, waits)  goes first: goes on  <- change 4s1/2\n"
          "       5 in f (a.cpp:4)  .\n"
          "passes when child 'a' goes on there before child '<b>' (tried)\n");
    CHECK_THAT(table_of(searched("4p1/2", 1, -1, "held back until nothing else is ready")),
               ends_with("passes when child '<b>' is not held back there (tried)\n"));
    CHECK_THAT(table_of(searched("4u1/2", -1, -1, "this_test::choose(\"x\") is 1")),
               ends_with("passes without change 4u1/2 (tried)\n"));
    auto not_tried = searched("4s1/2", 1, 0);
    not_tried.end.searches.front().passes_without_the_last = false;
    CHECK_THAT(table_of(not_tried), not_(contains("passes")));
  }
  TEST("more than three tasks are named in each line") {
    auto many = searched("4s1/2", 1, 0);
    many.end.searches.front().tasks.insert(many.end.searches.front().tasks.end(), {"c", "d"});
    CHECK_THAT(table_of(many), contains("       2 child 'a': gate (a.cpp:3)\n"));
    CHECK_THAT(table_of(many),
               contains("       4 child '<b>': goes first: goes on, before child 'a'  <- change 4s1/2\n"));
  }
  TEST("what has passed is no more than is true") {
    using awaitest::search_end;
    CHECK(success(search_end::all) == "all 42 schedules");
    CHECK(success(search_end::all, 1) == "all 42 schedules");
    CHECK(success(search_end::nothing_new) == "42 schedules; the last 64 of 500 runs were none of a new one");
    CHECK(success(search_end::nothing_new, 1) ==
          "42 schedules, all with at most 1 change from first-in first-out; the last 64 of 500 runs were "
          "none of a new one");
    CHECK(success(search_end::budget) == "500 schedules, 42 of them different");
    CHECK(success(search_end::budget, 1) ==
          "500 schedules, 42 of them different, all with at most 1 change from first-in first-out");
    CHECK(success(search_end::time) ==
          "500 of 1000 schedules, in the time that --explore-time gives, 42 of them different");
    CHECK(success(search_end::nothing_to_choose) == "explore() had nothing to choose here");
    CHECK(success(search_end::replayed) == "replayed v1:5c2e:fifo");
    CHECK(success(search_end::failed) == "");
    CHECK_THAT(success(search_end::budget, 0, 3),
               ends_with("; in 3 of them other threads had a part, whose order is nobody's to choose"));
    CHECK_THAT(success(search_end::budget, 0, 0, 4), contains("in 4 of them sockets or files had a part"));
  }
  TEST("TAP and JUnit have the token") {
    CHECK_THAT(written("tap", {searched("4s1/2", 1, 0)}), contains("  token: \"v1:5c2e:fifo:4s1/2@a41f\"\n"));
    const auto got = written("junit", {searched("4s1/2", 1, 0)});
    CHECK_THAT(got, contains("name=\"races:token\" value=\"v1:5c2e:fifo:4s1/2@a41f\""));
    CHECK_THAT(got, contains("name=\"races:schedule\" value=\"schedule 7 of 1000\""));
    CHECK_THAT(got, contains("child '&lt;b&gt;'"));
    CHECK_THAT(got, contains("again with --replay v1:5c2e:fifo:4s1/2@a41f"));
  }
  TEST("HTML has its table, as text") {
    const auto got = written("html", {searched("4s1/2", 1, 0)});
    CHECK_THAT(got, contains("<pre>needs 1 change from first-in first-out:\n"));
    CHECK_THAT(got, contains("child '&lt;b&gt;'"));
    CHECK_THAT(got, contains("<p>--replay v1:5c2e:fifo:4s1/2@a41f</p>"));
  }
  TEST("JSON has all of it, and it is there again when its parts are merged") {
    const auto wanted = searched("4s1/2", 1, 0);
    CHECK_THAT(
        written("json", {wanted}),
        contains(
            R"("search":{"end":"failed","asked":1000,"schedules":8,"distinct":8,"choices":{"s":3,"u":2},)"
            R"("schedule":7,"token":"v1:5c2e:fifo:4s1/2@a41f","changes":1,"text":["needs 1 change)"));
    awaitest::reporting::parts merged;
    merged.add(awaitest::this_test::temp_dir() + "/report");
    REQUIRE(merged.events.size() == 1u);
    const auto* const end = std::get_if<awaitest::test_finished>(&merged.events.front());
    REQUIRE(end != nullptr);
    REQUIRE(end->searches.size() == 1u);
    const auto& got = end->searches.front();
    const auto& search = wanted.end.searches.front();
    CHECK(got.end == search.end);
    CHECK(got.asked == search.asked);
    CHECK(got.schedules == search.schedules);
    CHECK(got.schedule == search.schedule);
    CHECK(got.token == search.token);
    CHECK(got.changes == search.changes);
    CHECK(got.choices.size() == 2u);
    CHECK(awaitest::reporting::lines_of_search(got) == awaitest::reporting::lines_of_search(search));
  }
}

TEST_SUITE("report: html") {
  TEST("one page, a part for each test, the failed ones open") {
    auto flaky = failed("flaky", "then");
    flaky.end.result = awaitest::outcome::passed;
    const auto got = written("html", {test("passes"), failed("fails", "because"), flaky});
    CHECK_THAT(got, starts_with("<!DOCTYPE html>\n"));
    CHECK_THAT(got, ends_with("</html>\n"));
    CHECK_THAT(got, contains("<title>prog: FAILED</title>"));
    CHECK_THAT(got, contains("<b class=\"failed\">1 failed</b>"));
    CHECK_THAT(got, contains("data-kind=\"passed\" data-ns=\"0\"><summary>"));
    CHECK_THAT(got, contains("data-kind=\"failed\" data-ns=\"0\" open><summary>"));
    CHECK_THAT(got, contains("data-kind=\"flaky\""));
    CHECK_THAT(got, contains("<pre class=\"failure\"><b>a.cpp:8: CHECK(x)</b>\n  because\n</pre>"));
    CHECK(count(got, "<details") == 3u);
    CHECK(count(got, "</details>") == 3u);
    CHECK_THAT(written("html", {test("passes")}), contains("<title>prog: passed</title>"));
  }
  TEST("nothing that a test says is markup") {
    const auto got =
        written("html", {failed("<script>alert(1)</script>", "</pre><img src=x>" + all_bytes())});
    CHECK(is_utf8(got));
    CHECK_THAT(got, contains("&lt;script&gt;alert(1)"));
    CHECK_THAT(got, contains("&lt;/pre&gt;&lt;img src=x&gt;"));
    CHECK(count(got, "<script>") == 1u);
    CHECK(count(got, "<img") == 0u);
  }
  TEST("a run that was cut short says so") {
    CHECK_THAT(written("html", {}, true), contains("the run was cut short"));
  }
}

namespace {

struct counts_events {
  explicit counts_events(awaitest::output& to) : to_{to} {}
  void report(const awaitest::event& what) {
    ++events_;
    if (std::holds_alternative<awaitest::run_finished>(what)) {
      to_.write(std::to_string(events_) + " events\n");
      to_.finish();
    }
  }

 private:
  awaitest::output& to_;
  int events_ = 0;
};
std::unique_ptr<awaitest::event_reporter> make_counts(awaitest::output& to) {
  return std::make_unique<awaitest::reporting::reporter_of<counts_events>>(to);
}
const bool added = awaitest::add_reporter("counts", make_counts);

}  // namespace

TEST_SUITE("report: of a program's own") {
  TEST("is in the table, by its name") {
    CHECK(added);
    CHECK(written("counts", {test("a"), test("b")}) == "6 events\n");
  }
  TEST("a name is not taken twice, and can be given") {
    CHECK_THROWS_WITH(awaitest::add_reporter("junit", make_counts),
                      "add_reporter(\"junit\"): there is a reporter of this name already");
    CHECK_THROWS_AS(awaitest::add_reporter("counts", make_counts), std::invalid_argument);
    CHECK_THROWS_WITH(awaitest::add_reporter("", make_counts),
                      "add_reporter(\"\"): a name has a letter, and no =");
    CHECK_THROWS_WITH(awaitest::add_reporter("a=b", make_counts), contains("no ="));
  }
}
