// JUnit XML, as CI servers read it.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "../model/event.hpp"
#include "difference.hpp"
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

  void on(const test_finished& test) {
    const auto& info = *test.test;
    const auto name = info.suite.empty() ? info.name : info.name.substr(info.suite.size() + 1);
    cases_ +=
        fmt::format("    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{}\" time=\"{:.6f}\"",
                    escaped(name), escaped(info.suite.empty() ? program_ : info.suite),
                    escaped(info.where.file), info.where.line, static_cast<double>(test.elapsed) / 1e9);
    std::string inside;
    if (test.result == outcome::skipped)
      inside += fmt::format("      <skipped message=\"{}\"/>\n", escaped(test.reason));
    if (test.result == outcome::expected_failure)
      inside += fmt::format("      <skipped message=\"failed as expected: {}\"/>\n", escaped(test.reason));
    if (test.result == outcome::failed)
      for (const auto& one : test.failures) put(inside, one);
    cases_ += inside.empty() ? "/>\n" : ">\n" + inside + "    </testcase>\n";
  }
  void on(const run_failure& failed) {
    ++outside_;
    cases_ += fmt::format("    <testcase name=\"outside of any test ({})\" classname=\"{}\">\n", outside_,
                          escaped(program_));
    put(cases_, failed.what);
    cases_ += "    </testcase>\n";
  }
  void on(const run_finished& run) {
    const auto tests = run.passed + run.failed + run.skipped + run.expected_failures + run.run_failures;
    const auto counts =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"{:.6f}\"", tests,
                    run.failed + run.run_failures, run.skipped + run.expected_failures,
                    static_cast<double>(run.elapsed) / 1e9);
    to_.write(fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {}>\n  <testsuite name=\"{}\" {}>\n"
        "    <properties>\n      <property name=\"seed\" value=\"{}\"/>\n    </properties>\n",
        counts, escaped(program_), counts, seed_));
    to_.write(cases_);
    to_.write("  </testsuite>\n</testsuites>\n");
    to_.flush();
  }

  static void put(std::string& out, const failure& what) {
    std::string text;
    const auto lines = reporting::describe(what);
    for (const auto& line : lines) (text += line) += '\n';
    out += fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n",
                       escaped(reporting::words_for(what.kind)), escaped(lines.front()), escaped(text));
  }

  /// XML 1.0 has no way at all to hold most control characters, and is to be valid UTF-8: the rest becomes U+FFFD.
  static std::string escaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
      const auto c = static_cast<unsigned char>(text[i]);
      if (c < 0x80) {
        switch (c) {
          case '&': out += "&amp;"; break;
          case '<': out += "&lt;"; break;
          case '>': out += "&gt;"; break;
          case '"': out += "&quot;"; break;
          case '\n': out += "&#10;"; break;
          case '\t': out += "&#9;"; break;
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
      const std::size_t length = c >= 0xF0 && c < 0xF5   ? 4
                                 : c >= 0xE0 && c < 0xF0 ? 3
                                 : c >= 0xC2 && c < 0xE0 ? 2
                                                         : 0;
      bool valid = length != 0 && i + length <= text.size();
      for (std::size_t k = 1; valid && k < length; ++k)
        valid = (static_cast<unsigned char>(text[i + k]) & 0xC0U) == 0x80U;
      if (valid && length == 3) {  // overlong, surrogates, U+FFFE and U+FFFF
        const auto second = static_cast<unsigned char>(text[i + 1]),
                   third = static_cast<unsigned char>(text[i + 2]);
        valid = !(c == 0xE0 && second < 0xA0) && !(c == 0xED && second >= 0xA0) &&
                !(c == 0xEF && second == 0xBF && third >= 0xBE);
      }
      if (valid && length == 4) {
        const auto second = static_cast<unsigned char>(text[i + 1]);
        valid = !(c == 0xF0 && second < 0x90) && !(c == 0xF4 && second >= 0x90);
      }
      if (valid) {
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
  std::string cases_;
  std::uint64_t seed_ = 0;
  std::size_t outside_ = 0;
};

}  // namespace awaitest
