// JUnit XML, as CI servers read it.
#pragma once

#include <fmt/format.h>

#include <list>
#include <string>
#include <string_view>

#include "../model/event.hpp"
#include "describe.hpp"
#include "output.hpp"

namespace awaitest {

/// One <testsuite> for the program, a <testcase> for each test, its suite being the classname. Written when the run ends.
class junit_reporter {
 public:
  explicit junit_reporter(output& to) : to_{to} {}

  void report(const event& what) {
    std::visit([this](const auto& one) { on(one); }, what);
  }

 private:
  void on(const run_started& run) {
    const auto slash = run.program.rfind('/');
    program_ = slash == std::string::npos ? run.program : run.program.substr(slash + 1);
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
    text_of_case =
        fmt::format("    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{}\" time=\"{:.6f}\"",
                    escaped(name), escaped(info.suite.empty() ? program_ : info.suite),
                    escaped(info.where.file), info.where.line, static_cast<double>(test.elapsed) / 1e9);
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
    if (test.more_failures != 0)
      remarks += fmt::format("and {} more failures\n", reporting::grouped(test.more_failures));
    for (const auto& remark : test.remarks) (remarks += remark) += '\n';
    if (!remarks.empty())
      inside += fmt::format("      <system-out>{}</system-out>\n", escaped(remarks, true));
    if (!test.output.empty())
      inside += fmt::format("      <system-out>{}</system-out>\n", escaped(test.output));
    text_of_case += inside.empty() ? "/>\n" : ">\n" + inside + "    </testcase>\n";
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
    const auto tests = run.passed + run.failed + run.skipped + run.expected_failures + run.run_failures;
    const auto counts =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"{:.6f}\"", tests,
                    run.failed + run.run_failures, run.skipped + run.expected_failures,
                    static_cast<double>(run.elapsed) / 1e9);
    to_.write(fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {}>\n  <testsuite name=\"{}\" {}>\n"
        "    <properties>\n      <property name=\"seed\" value=\"{}\"/>\n    </properties>\n",
        counts, escaped(program_), counts, seed_));
    for (const auto& one : cases_) to_.write(one);
    to_.write("  </testsuite>\n</testsuites>\n");
    to_.finish();
  }

  static void put(std::string& out, const failure& what) {
    out += fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n",
                       escaped(reporting::words_for(what.kind)), escaped(reporting::describe(what).front()),
                       escaped(text_of(what), true));
  }
  static std::string text_of(const failure& what) {
    std::string text;
    for (const auto& line : reporting::describe(what)) (text += line) += '\n';
    return text;
  }

  /// XML 1.0 has no way at all to hold most control characters, and is to be valid UTF-8: the rest becomes U+FFFD.
  /// Line ends survive as they are between tags, but not in an attribute.
  static std::string escaped(std::string_view text, bool between_tags = false) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
      const auto c = static_cast<unsigned char>(text[i]);
      if (c < 0x80) {
        switch (c) {
          case '&': out += "&amp;"; break;
          case '<': out += "&lt;"; break;
          case '>': out += "&gt;"; break;
          case '"': out += "&quot;"; break;
          case '\n': out += between_tags ? "\n" : "&#10;"; break;
          case '\t': out += between_tags ? "\t" : "&#9;"; break;
          case '\r': out += "&#13;"; break;
          default:
            if (c < 0x20)
              out += "\xEF\xBF\xBD";
            else
              out += static_cast<char>(c);
        }
        ++i;
        continue;
      }
      const auto length = reporting::utf8_length(text.substr(i));
      const bool noncharacter = length == 3 && c == 0xEF && static_cast<unsigned char>(text[i + 1]) == 0xBF &&
                                static_cast<unsigned char>(text[i + 2]) >= 0xBE;  // U+FFFE and U+FFFF
      if (length != 0 && !noncharacter) {
        out += text.substr(i, length);
        i += length;
      } else {
        out += "\xEF\xBF\xBD";
        ++i;
      }
    }
    return out;
  }

  output& to_;
  std::string program_;
  std::list<std::string>
      cases_;  // nothing that is here already is moved, or freed, when the process is about to crash
  std::uint64_t seed_ = 0;
  std::size_t outside_ = 0;
};

}  // namespace awaitest
