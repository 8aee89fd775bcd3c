// The report for a person: nothing of a test that passed, all of one that failed, one line at the end.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../model/event.hpp"
#include "../model/last_moments.hpp"
#include "describe.hpp"
#include "event_reporter.hpp"
#include "live_line.hpp"
#include "output.hpp"
#include "printable.hpp"
#include "search.hpp"
#include "source_lines.hpp"

namespace awaitest {

class console_reporter {
 public:
  console_reporter(output& to, const report_style& style)
      : to_{to},
        live_{to, style.live, style.now},
        colored_{style.colored},
        source_{style.source},
        verbosity_{style.verbosity},
        durations_{style.durations} {}

  void report(const event& what) {
    std::visit([this](const auto& one) { on(one); }, what);
    live_.draw();
  }
  void refresh() { live_.draw(); }

 private:
  void on(const run_started& run) {
    run_ = run;
    live_.round_began(run.selected);
    if (run.shuffled) line(fmt::format("shuffled with --seed {}", run.seed));
  }
  void on(const test_started& test) {
    if (const auto before = told_.find(test.test); before != told_.end()) before->second = 0;
    live_.test_began(*test.test);
  }
  /// Told at once when it decides the result. The end of a test has all of its failures again, those of retries in their order.
  void on(const failure_found& found) {
    if (found.provisional || found.purpose == attempt_purpose::retry) return;
    open(*found.test, live_.age(*found.test).count(), found.attempt + 1);
    put(found.what);
    ++told_[found.test];
    to_.flush();
  }

  void on(const test_finished& test) {
    live_.test_ended(*test.test, test.result == outcome::failed);
    tell_end(test);
    if (test.result == outcome::failed) to_.flush();
  }
  void tell_end(const test_finished& test) {
    const auto& name = test.test->name;
    if (durations_) times_.emplace_back(test.elapsed, name);
    if (verbosity_ < 0 && test.result != outcome::failed) return;
    if (test.result == outcome::skipped) {
      open_ = nullptr;
      line(painted("skipped", yellow),
           fmt::format(" {}: {}", name, test.reason.empty() ? "no reason given" : test.reason));
      return put_rest(test);
    }
    if (test.result == outcome::passed) {
      for (const auto& remark : test.remarks)
        line(painted("remark", yellow), fmt::format(" {}: {}", name, remark));
      if (test.failures.empty()) {
        if (verbosity_ > 0 || !test.output.empty())
          line(painted("passed", green),
               fmt::format(" {} ({}){}", name, reporting::duration(test.elapsed), explored_words(test)));
        return put_rest(test);
      }
      line(painted("flaky", yellow),
           fmt::format(" {}: passed at attempt {}; before it:", name, test.attempts));
      for (const auto& one : test.failures) put(one);
      if (test.more_failures != 0) line(fmt::format("  and {} more", reporting::grouped(test.more_failures)));
      return put_rest(test);
    }
    if (test.result == outcome::expected_failure) {
      line(painted("expected failure", yellow), fmt::format(" {}: {}", name, test.reason));
      return put_rest(test);
    }
    failed_.push_back(
        name + (test.failures.empty() ? "" : "  " + reporting::describe(test.failures.front()).front()));
    open(*test.test, test.elapsed, test.attempts, reporting::schedule_words(reporting::search_of(test)));
    auto& told = told_[test.test];
    for (auto i = std::min(told, test.failures.size()); i < test.failures.size(); ++i) put(test.failures[i]);
    told = 0;
    if (test.more_failures != 0) line(fmt::format("  and {} more", reporting::grouped(test.more_failures)));
    for (const auto& remark : test.remarks) line("  remark: " + remark);
    for (const auto& one : reporting::lines_of_search(reporting::search_of(test))) line("  " + one);
    put_rest(test);
    line(fmt::format(
        "  again: {} --exact {} --seed {}{}{}", shell_word(run_.program), shell_word(name), run_.seed,
        shell_words(run_.options),
        reporting::search_of(test).end == search_end::failed && !reporting::search_of(test).token.empty()
            ? " --replay " + shell_word(reporting::search_of(test).token)
            : ""));
    if (!run_.arguments.empty())
      line(fmt::format("  in the same run: {} --seed {}{}", shell_word(run_.program), run_.seed,
                       shell_words(run_.arguments)));
    open_ = nullptr;
  }
  static std::string explored_words(const test_finished& test) {
    const auto words = reporting::success_words(reporting::search_of(test));
    return words.empty() ? words : ": " + words;
  }
  /// The next lines are about that test, which has failed.
  void open(const test_info& test, std::int64_t elapsed, std::uint64_t attempts,
            std::string_view schedule = {}) {
    if (open_ == &test) return;
    const auto told = told_.find(&test);
    const bool again = told != told_.end() && told->second != 0;
    line(painted("FAILED", red),
         fmt::format(" {} ({}{}{}{}){}", test.name, reporting::duration(elapsed),
                     attempts > 1 ? fmt::format(", {} attempts", attempts) : std::string{},
                     schedule.empty() ? "" : ", ", schedule, again ? ", continued" : ""));
    open_ = &test;
  }
  void put_rest(const test_finished& test) {
    put_subtests(test);
    put_output(test);
  }
  /// All with --verbose, else those that were skipped: below their test, where that has a line of its own.
  void put_subtests(const test_finished& test) {
    static constexpr std::pair<std::string_view, std::string_view> words[] = {
        {"passed", green}, {"FAILED", red}, {"skipped", yellow}};
    for (const auto& one : test.subtests) {
      const bool skipped = one.result == outcome::skipped;
      if (verbosity_ < 0 || (verbosity_ == 0 && !skipped)) continue;
      const auto& [word, how] = words[static_cast<std::size_t>(one.result)];
      const bool below = verbosity_ > 0 || test.result == outcome::failed;
      std::string text = below ? one.name : fmt::format("{}, in the subtest {}", test.test->name, one.name);
      if (skipped) text += one.reason.empty() ? ": no reason given" : ": " + one.reason;
      line((below ? "  " : "") + painted(word, how), " " + text);
    }
    if (verbosity_ > 0 && test.more_subtests != 0)
      line(fmt::format("  and {} more subtests", reporting::grouped(test.more_subtests)));
  }
  void put_output(const test_finished& test) {
    if (test.output.empty()) return;
    line("  " + reporting::words_for_output(test));
    for (const auto text : reporting::lines_of(test.output)) line("    | " + std::string(text));
  }

  void on(const run_failure& failed) {
    open_ = nullptr;
    line(painted("FAILED", red), " outside of any test");
    put(failed.what);
    if (!failed.what.macro.empty() && failed.what.task.empty() && !std::exchange(explained_, true)) {
      line(
          "    no test is running where it was evaluated. On a thread of your own: take `context::capture()` "
          "in the");
      line(
          "    test and hold `auto in = context.enter();` on the thread. After its end nothing of a test may "
          "assert.");
    }
    to_.flush();
  }

  void on(const run_finished& run) {
    live_.end();
    if (durations_) put_durations();
    if (lines_ > screen && failed_.size() > 1) put_failed();
    if (run.run_failures > most_failures)
      line(painted("FAILED", red) + fmt::format(" outside of any test: and {} more",
                                                reporting::grouped(run.run_failures - most_failures)));
    if (!run.without_assertions.empty()) {
      line(painted("no assertion", yellow), " was evaluated in:");
      for (const auto& name : run.without_assertions) line("  " + name);
    }
    std::string counts;
    const auto add = [&](std::size_t number, std::string_view word) {
      if (number == 0) return;
      if (!counts.empty()) counts += ", ";
      counts += fmt::format("{} {}", number, word);
    };
    add(run.failed, "failed");
    add(run.run_failures,
        run.run_failures == 1 ? "failure outside of any test" : "failures outside of any test");
    add(run.passed, "passed");
    add(run.skipped, "skipped");
    add(run.expected_failures, "failed as expected");
    add(run.not_run, "not run");
    if (counts.empty()) counts = "nothing was run";
    const bool bad = run.failed + run.run_failures != 0;
    line(painted(counts, bad ? red : green),
         fmt::format(" ({} assertion{}, {})", run.checks, run.checks == 1 ? "" : "s",
                     reporting::duration(run.elapsed)));
    if (run.interrupted) line("the run was cut short");
    to_.finish();
  }

  /// The list of what failed: the reports of the first ones may have left the screen.
  void put_failed() {
    line(painted(fmt::format("the {} tests that failed:", failed_.size()), red), {});
    std::size_t listed = 0;
    for (const auto& one : failed_)
      if (++listed <= most_listed) line("  " + one);
    if (failed_.size() > most_listed)
      line(fmt::format("  and {} more", reporting::grouped(failed_.size() - most_listed)));
  }
  void put_durations() {
    const auto count = *durations_ == 0 ? times_.size() : std::min(*durations_, times_.size());
    std::sort(times_.begin(), times_.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    line(count == times_.size() ? "durations:" : fmt::format("the {} slowest tests:", count));
    for (std::size_t i = 0; i < count; ++i)
      line(fmt::format("  {:>9}  {}", reporting::duration(times_[i].first), times_[i].second));
  }

  void put(const failure& what) {
    bool first = true;
    for (const auto& text : reporting::describe(what)) {
      if (std::exchange(first, false) && what.elapsed != 0)
        line("  " + text + fmt::format("  [{}]", reporting::moment(what)));
      else
        line("  " + text);
    }
    if (source_ && !in_last_moments)
      for (const auto& text : sources_.around(what)) line("    " + text);
  }

  static constexpr std::size_t screen =
      100;  ///< lines: with more the tests that failed are listed at the end
  static constexpr std::size_t most_listed = 100;
  static constexpr std::string_view red = "31;1", green = "32", yellow = "33";
  std::string painted(std::string_view text, std::string_view how) const {
    return colored_ ? fmt::format("\x1b[{}m{}\x1b[0m", how, text) : std::string(text);
  }
  void line(std::string_view text) { line({}, text); }
  /// The first part is of the reporter itself, and may hold colours; the second may hold anything.
  void line(std::string_view own, std::string_view text) {
    live_.erase();
    to_.write(std::string(own) + reporting::printable(text) + '\n');
    ++lines_;
  }
  /// Quoted for a POSIX shell where it has to be; with escapes inside only where the text is nothing to print.
  static std::string shell_word(std::string_view text) {
    const auto plain = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             std::string_view{"_-./:,+@%"}.find(c) != std::string_view::npos;
    };
    if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return std::string(text);
    if (auto escaped = reporting::printable(text); escaped != text) {
      std::string out = "$'";
      for (std::size_t i = 0; i < text.size();) {
        const auto length = std::max<std::size_t>(reporting::utf8_length(text.substr(i)), 1);
        if (text[i] == '\\' || text[i] == '\'') out += '\\';
        out += reporting::printable(text.substr(i, length));
        i += length;
      }
      return out + "'";
    }
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
  }

  /// Each with a space in front of it.
  static std::string shell_words(const std::vector<std::string>& all) {
    std::string words;
    for (const auto& one : all) words += ' ' + shell_word(one);
    return words;
  }

  output& to_;
  reporting::live_line live_;
  reporting::source_lines sources_;
  bool colored_, source_;
  int verbosity_;
  std::optional<std::size_t> durations_;
  std::size_t lines_ = 0;
  const test_info* open_ = nullptr;  // the last lines are about it, and more may follow
  // Nothing that is here already is moved, or freed, when the process is about to crash.
  std::map<const test_info*, std::size_t> told_{};           // failures of tests in flight
  std::list<std::string> failed_;                            // a line for each
  std::vector<std::pair<std::int64_t, std::string>> times_;  // of all tests, where they are asked for
  bool explained_ = false;                                   // what an assertion outside of any test is
  run_started run_;
};

}  // namespace awaitest
