// JUnit XML, as CI servers read it.
#pragma once

#include <fmt/format.h>

#include <list>
#include <string>
#include <string_view>

#include "../model/event.hpp"
#include "describe.hpp"
#include "markup_text.hpp"
#include "output.hpp"
#include "search.hpp"

namespace awaitest {

/// One <testsuite> for the program, a <testcase> for each test, its suite being the classname. Written when the run ends. Valid by the
/// schema of Jenkins (junit-10.xsd), which knows no place and no properties of a test: they are properties of the <testsuite>, named
/// `suite/test:place`, `:tags` and `:attempts`.
class junit_reporter {
 public:
  explicit junit_reporter(output& to) : to_{to} {}

  void report(const event& what) {
    std::visit([this](const auto& one) { on(one); }, what);
  }

 private:
  void on(const run_started& run) {
    program_ = reporting::program_name(run);
    seed_ = run.seed;
  }
  void on(const test_started&) {}
  void on(const failure_found&) {}  // its end has it again

  void on(const test_finished& test) {
    const auto& info = *test.test;
    // A name that was shortened may have lost its suite's.
    const bool within = !info.suite.empty() && info.name.starts_with(info.suite + '/');
    const auto name = within ? info.name.substr(info.suite.size() + 1) : info.name;
    auto& text_of_case = cases_.emplace_back();
    text_of_case = fmt::format("    <testcase name=\"{}\" classname=\"{}\" time=\"{:.6f}\"", escaped(name),
                               escaped(info.suite.empty() ? program_ : info.suite),
                               static_cast<double>(test.elapsed) / 1e9);
    property(info, "place", place_text(info.where));
    std::string tags;
    for (const auto& tag : info.tags) (tags += tags.empty() ? "" : ", ") += tag;
    if (!tags.empty()) property(info, "tags", tags);
    if (test.attempts > 1) property(info, "attempts", fmt::format("{}", test.attempts));
    if (reporting::search_of(test).end != search_end::none) {
      property(info, "schedules", fmt::format("{}", reporting::search_of(test).schedules));
      if (!reporting::search_of(test).token.empty())
        property(info, "token", reporting::search_of(test).token);
      if (const auto schedule = reporting::schedule_words(reporting::search_of(test)); !schedule.empty())
        property(info, "schedule", schedule);
    }
    std::string inside;
    if (test.result == outcome::skipped)
      inside += fmt::format("      <skipped message=\"{}\"/>\n", escaped(test.reason));
    if (test.result == outcome::expected_failure)
      inside += fmt::format("      <skipped message=\"failed as expected: {}\"/>\n", escaped(test.reason));
    if (test.result == outcome::passed && !test.failures.empty()) {
      std::string text = fmt::format("passed at attempt {}; before it:\n", test.attempts);
      for (const auto& one : test.failures) text += text_of(one);
      inside += fmt::format("      <system-out>{}</system-out>\n", escaped(text, true));
    }
    if (test.result == outcome::failed)
      for (const auto& one : test.failures) put(inside, one);
    std::string remarks;
    for (const auto& one : reporting::lines_of_search(reporting::search_of(test))) (remarks += one) += '\n';
    if (!reporting::search_of(test).token.empty() && reporting::search_of(test).end == search_end::failed)
      remarks += "again with --replay " + reporting::search_of(test).token + "\n";
    if (test.more_failures != 0)
      remarks += fmt::format("and {} more failures\n", reporting::grouped(test.more_failures));
    for (const auto& remark : test.remarks) (remarks += remark) += '\n';
    if (!remarks.empty())
      inside += fmt::format("      <system-out>{}</system-out>\n", escaped(remarks, true));
    if (!test.output.empty())
      inside +=
          fmt::format("      <system-out>{}{}</system-out>\n",
                      test.output_with.empty() ? "" : escaped(reporting::words_for_output(test) + "\n", true),
                      escaped(test.output, true));
    text_of_case += inside.empty() ? "/>\n" : ">\n" + inside + "    </testcase>\n";
    for (const auto& one : test.subtests)
      put(test, one, fmt::format("{} [{}]", name, one.name), info.suite.empty() ? program_ : info.suite);
  }
  /// A <testcase> of its own, with the first lines of its failures: all of them are in that of the test.
  void put(const test_finished& test, const subtest_result& one, std::string_view name,
           std::string_view suite) {
    ++subtests_;
    std::string inside;
    if (one.result == outcome::skipped) {
      ++skipped_subtests_;
      inside = fmt::format("      <skipped message=\"{}\"/>\n", escaped(one.reason));
    } else if (one.result == outcome::failed && test.result == outcome::failed) {
      ++failed_subtests_;
      for (const auto& what : test.failures)
        if (what.subtest == one.name)
          inside += failure_element(what.kind, reporting::describe(what).front(), "/>\n");
      if (inside.empty())
        inside = failure_element(failure_kind::assertion, "see the failures of the test", "/>\n");
    }
    cases_.emplace_back() =
        fmt::format("    <testcase name=\"{}\" classname=\"{}\"{}", escaped(name), escaped(suite),
                    inside.empty() ? "/>\n" : ">\n" + inside + "    </testcase>\n");
  }
  void on(const run_failure& failed) {
    ++outside_;
    auto& text_of_case = cases_.emplace_back();
    text_of_case = fmt::format("    <testcase name=\"outside of any test ({})\" classname=\"{}\">\n",
                               outside_, escaped(program_));
    put(text_of_case, failed.what);
    text_of_case += "    </testcase>\n";
  }
  void on(const run_finished& run) {
    if (run.run_failures > outside_) {
      const auto more = fmt::format("and {} more", reporting::grouped(run.run_failures - outside_));
      cases_.emplace_back() = fmt::format(
          "    <testcase name=\"outside of any test ({0})\" classname=\"{1}\">\n"
          "      <failure type=\"{2}\" message=\"{0}\"/>\n    </testcase>\n",
          more, escaped(program_), escaped(reporting::words_for(failure_kind::assertion)));
    }
    const auto tests =
        run.passed + run.failed + run.skipped + run.expected_failures + run.run_failures + subtests_;
    const auto counts =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"{:.3f}\"", tests,
                    run.failed + run.run_failures + failed_subtests_, static_cast<double>(run.elapsed) / 1e9);
    to_.write(fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {}>\n  <testsuite name=\"{}\" {} "
        "skipped=\"{}\">\n"
        "    <properties>\n      <property name=\"seed\" value=\"{}\"/>\n",
        counts, escaped(program_), counts, run.skipped + run.expected_failures + skipped_subtests_, seed_));
    if (run.interrupted) to_.write("      <property name=\"run\" value=\"cut short\"/>\n");
    for (const auto& one : properties_) to_.write(one);
    to_.write("    </properties>\n");
    for (const auto& one : cases_) to_.write(one);
    to_.write("  </testsuite>\n</testsuites>\n");
    to_.finish();
  }

  void property(const test_info& of, std::string_view what, std::string_view value) {
    properties_.emplace_back() = fmt::format("      <property name=\"{}:{}\" value=\"{}\"/>\n",
                                             escaped(of.name), what, escaped(value));
  }
  static std::string escaped(std::string_view text, bool between_tags = false) {
    return reporting::markup_text(text, between_tags);
  }
  static void put(std::string& out, const failure& what) {
    out += failure_element(what.kind, reporting::describe(what).front(),
                           ">" + escaped(text_of(what), true) + "</failure>\n");
  }
  static std::string failure_element(failure_kind kind, std::string_view message, std::string_view rest) {
    return fmt::format("      <failure type=\"{}\" message=\"{}\"{}", escaped(reporting::words_for(kind)),
                       escaped(message), rest);
  }
  static std::string text_of(const failure& what) {
    std::string text;
    for (const auto& line : reporting::describe(what)) (text += line) += '\n';
    return text;
  }

  output& to_;
  std::string program_;
  // Nothing that is here already is moved, or freed, when the process is about to crash.
  std::list<std::string> cases_, properties_;
  std::uint64_t seed_ = 0;
  std::size_t outside_ = 0;
  std::size_t subtests_ = 0, failed_subtests_ = 0, skipped_subtests_ = 0;
};

}  // namespace awaitest
