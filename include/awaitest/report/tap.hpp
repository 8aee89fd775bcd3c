// TAP 14 (testanything.org): a line for each test when it has ended, what is to be said of it as YAML below.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "../model/event.hpp"
#include "../model/json_text.hpp"
#include "describe.hpp"
#include "output.hpp"
#include "printable.hpp"
#include "search.hpp"

namespace awaitest {

/// The plan comes last: a run that is killed has none, and who reads it takes the run for a failure.
class tap_reporter {
 public:
  explicit tap_reporter(output& to) : to_{to} {}

  void report(const event& what) {
    std::visit([this](const auto& one) { on(one); }, what);
    to_.flush();
  }

 private:
  void on(const run_started& run) {
    if (!begun_) to_.write("TAP version 14\n");
    begun_ = true;
    to_.write(fmt::format("# seed {}\n", run.seed));
  }
  void on(const test_started&) {}
  void on(const failure_found&) {}  // its end has it again
  void on(const test_finished& test) {
    put_subtests(test);
    const bool good = test.result == outcome::passed || test.result == outcome::skipped;
    std::string line = point(good, test.test->name);
    if (test.result == outcome::skipped) line += " # SKIP " + escaped(test.reason);
    if (test.result == outcome::expected_failure) line += " # TODO " + escaped(test.reason);
    line += '\n';
    std::string more;
    if (!test.failures.empty()) put(more, test.failures, test.more_failures);
    if (!test.remarks.empty()) {
      more += "  remarks:\n";
      for (const auto& remark : test.remarks) more += "    - " + awaitest::json_string(remark) + '\n';
    }
    if (!reporting::search_of(test).token.empty())
      more += "  token: " + awaitest::json_string(reporting::search_of(test).token) + '\n';
    if (!test.output.empty()) more += "  output: " + awaitest::json_string(test.output) + '\n';
    if (test.attempts > 1) more += fmt::format("  attempts: {}\n", test.attempts);
    if (!more.empty() || test.elapsed > 0)
      more += fmt::format("  duration_ms: {:.3f}\n", static_cast<double>(test.elapsed) / 1e6);
    to_.write(line + (more.empty() ? "" : "  ---\n" + more + "  ...\n"));
  }
  void on(const run_failure& failed) {
    std::string more;
    put(more, {failed.what}, 0);
    to_.write(point(false, "outside of any test") + "\n  ---\n" + more + "  ...\n");
  }
  void on(const run_finished& run) {
    if (run.interrupted) to_.write("Bail out! the run was cut short\n");
    to_.write(fmt::format("1..{}\n", count_));
    to_.finish();
  }

  /// As TAP 14 has them: in front of the test, indented. The plan is theirs.
  void put_subtests(const test_finished& test) {
    if (test.subtests.empty()) return;
    to_.write("# Subtest: " + escaped(test.test->name) + '\n');
    std::size_t count = 0;
    for (const auto& one : test.subtests) {
      to_.write(fmt::format("    {} {} - {}{}\n", one.result == outcome::failed ? "not ok" : "ok", ++count,
                            escaped(one.name),
                            one.result == outcome::skipped ? " # SKIP " + escaped(one.reason) : ""));
    }
    to_.write(fmt::format("    1..{}\n", count));
  }
  std::string point(bool good, std::string_view name) {
    return fmt::format("{} {} - {}", good ? "ok" : "not ok", ++count_, escaped(name));
  }
  static void put(std::string& out, const std::vector<failure>& all, std::uint64_t more) {
    const auto& first = all.front();
    out += "  message: " + awaitest::json_string(reporting::describe(first).front()) + '\n';
    if (first.where.line != 0)
      out +=
          fmt::format("  file: {}\n  line: {}\n", awaitest::json_string(first.where.file), first.where.line);
    out += "  failures: |\n";
    for (const auto& one : all)
      for (const auto& line : reporting::describe(one)) out += "    " + reporting::printable(line) + '\n';
    if (more != 0) out += fmt::format("    and {} more\n", reporting::grouped(more));
  }
  /// The text on one line; a `#` would begin a directive.
  static std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : reporting::printable(text)) {
      if (c == '#' || c == '\\') out += '\\';
      out += c == '\n' || c == '\t' ? ' ' : c;
    }
    return out;
  }

  output& to_;
  std::size_t count_ = 0;
  bool begun_ = false;
};

}  // namespace awaitest
