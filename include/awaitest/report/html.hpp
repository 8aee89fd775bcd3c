// One HTML page that needs nothing else: counts, a filter, each test with its failures.
#pragma once

#include <fmt/format.h>

#include <list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "../model/event.hpp"
#include "describe.hpp"
#include "html_page.hpp"
#include "markup_text.hpp"
#include "output.hpp"
#include "search.hpp"

namespace awaitest {

/// The page is written when the run ends. Without scripts all of it can be read; with them, it can be filtered.
class html_reporter {
 public:
  explicit html_reporter(output& to) : to_{to} {}

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
    static constexpr std::string_view kinds[] = {"passed", "failed", "skipped", "expected"};
    static constexpr std::string_view words[] = {"passed", "FAILED", "skipped", "failed as expected"};
    const auto at = static_cast<std::size_t>(test.result);
    const bool flaky = test.result == outcome::passed && !test.failures.empty();
    const auto& info = *test.test;
    std::string about = place_text(info.where);
    for (const auto& tag : info.tags) about += " [" + tag + "]";
    if (test.attempts > 1) about += fmt::format(", {} attempts", test.attempts);
    std::string inside;
    if (!test.reason.empty()) inside += "<p>" + text(test.reason) + "</p>\n";
    for (const auto& remark : test.remarks) inside += "<p>" + text(remark) + "</p>\n";
    for (const auto& one : test.failures) put(inside, one);
    if (const auto lines = reporting::lines_of_search(reporting::search_of(test)); !lines.empty()) {
      inside += "<pre>";
      for (const auto& one : lines) inside += text(one) + "\n";
      inside += "</pre>\n";
    }
    if (!reporting::search_of(test).token.empty())
      inside += "<p>--replay " + text(reporting::search_of(test).token) + "</p>\n";
    put_subtests(inside, test);
    if (test.more_failures != 0)
      inside += fmt::format("<p>and {} more</p>\n", reporting::grouped(test.more_failures));
    if (!test.output.empty())
      inside += "<p>" + text(reporting::words_for_output(test)) + "</p>\n<pre class=\"output\">" +
                text(test.output) + "</pre>\n";
    add(flaky ? "flaky" : kinds[at], flaky ? "flaky" : words[at], info.name, test.elapsed, about, inside);
  }
  void on(const run_failure& failed) {
    std::string inside;
    put(inside, failed.what);
    add("failed", "FAILED", "outside of any test", 0, "", inside);
  }
  void on(const run_finished& run) {
    to_.write(fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}: {}</title>\n{}",
        text(program_), run.failed + run.run_failures == 0 ? "passed" : "FAILED", reporting::html_head));
    to_.write(fmt::format("<h1>{}</h1>\n<p id=\"summary\">", text(program_)));
    const auto count = [this](std::size_t number, std::string_view kind, std::string_view word) {
      if (number != 0) to_.write(fmt::format("<b class=\"{}\">{} {}</b> ", kind, number, word));
    };
    count(run.failed, "failed", "failed");
    count(run.run_failures, "failed", "outside of any test");
    count(run.passed, "passed", "passed");
    count(run.skipped, "skipped", "skipped");
    count(run.expected_failures, "expected", "failed as expected");
    count(run.not_run, "skipped", "not run");
    to_.write(fmt::format("{} assertions in {}, seed {}{}</p>\n", run.checks,
                          reporting::duration(run.elapsed), seed_,
                          run.interrupted ? "; <b class=\"failed\">the run was cut short</b>" : ""));
    to_.write(reporting::html_filter);
    for (const auto& one : tests_) to_.write(one);
    to_.write(reporting::html_end);
    to_.finish();
  }

  void add(std::string_view kind, std::string_view word, std::string_view name, std::int64_t elapsed,
           std::string_view about, std::string_view inside) {
    tests_.emplace_back() = fmt::format(
        "<details class=\"test\" data-kind=\"{0}\" data-ns=\"{7}\"{1}><summary><b class=\"{0}\">{2}</b> "
        "<span class=\"name\">{3}</span> "
        "<span class=\"time\">{4}</span></summary>\n<p class=\"about\">{5}</p>\n{6}</details>\n",
        kind, kind == "failed" ? " open" : "", word, text(name), reporting::duration(elapsed), text(about),
        inside, elapsed);
  }
  static void put_subtests(std::string& out, const test_finished& test) {
    if (test.subtests.empty()) return;
    static constexpr std::pair<std::string_view, std::string_view> words[] = {
        {"passed", "passed"}, {"failed", "FAILED"}, {"skipped", "skipped"}};
    out += "<ul>\n";
    for (const auto& one : test.subtests) {
      const auto& [kind, word] = words[static_cast<std::size_t>(one.result)];
      out += fmt::format("<li><b class=\"{}\">{}</b> {}{}</li>\n", kind, word, text(one.name),
                         one.reason.empty() ? "" : ": " + text(one.reason));
    }
    if (test.more_subtests != 0)
      out += fmt::format("<li>and {} more</li>\n", reporting::grouped(test.more_subtests));
    out += "</ul>\n";
  }
  static void put(std::string& out, const failure& what) {
    out += "<pre class=\"failure\">";
    bool first = true;
    for (const auto& line : reporting::describe(what)) {
      out += first ? "<b>" + text(line) + "</b>\n" : text(line) + '\n';
      first = false;
    }
    out += "</pre>\n";
  }
  static std::string text(std::string_view any) { return reporting::markup_text(any, true); }

  output& to_;
  std::string program_;
  std::list<std::string> tests_;  // nothing that is here already is moved when the process is about to crash
  std::uint64_t seed_ = 0;
};

}  // namespace awaitest
