// GitHub Actions: failures as annotations of the lines that they are about, and a summary of the job
// (docs.github.com, "Workflow commands for GitHub Actions").
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "../model/event.hpp"
#include "../model/own_descriptors.hpp"
#include "describe.hpp"
#include "markup_text.hpp"
#include "printable.hpp"

namespace awaitest {

class github_reporter {
 public:
  /// `workspace`: the directory that the places in a repository begin with. `summary`: a file to which Markdown is added; empty: none.
  github_reporter(std::string workspace, std::string summary)
      : workspace_{std::move(workspace)}, summary_{std::move(summary)} {
    if (!workspace_.empty() && workspace_.back() != '/') workspace_ += '/';
  }

  void report(const event& what) {
    std::visit([this](const auto& one) { on(one); }, what);
  }

 private:
  void on(const run_started& run) { program_ = reporting::program_name(run); }
  void on(const test_started&) {}
  void on(const failure_found&) {}  // its end has it again
  void on(const test_finished& test) {
    if (test.result == outcome::failed) {
      for (const auto& one : test.failures) annotate("error", test.test->name, one);
      std::string text;
      for (const auto& one : test.failures) text += joined(one) + '\n';
      failed_.emplace_back(test.test->name, std::move(text));
    } else if (test.result == outcome::passed && !test.failures.empty()) {
      annotate("warning", test.test->name + " is flaky", test.failures.front());
    }
  }
  void on(const run_failure& failed) {
    annotate("error", "outside of any test", failed.what);
    failed_.emplace_back("outside of any test", joined(failed.what) + '\n');
  }
  void on(const run_finished& run) {
    std::fflush(detail::own_stream());
    if (summary_.empty()) return;
    std::FILE* const file = std::fopen(summary_.c_str(), "ae");
    if (!file) return;  // the report is not this one
    auto text = fmt::format(
        "### {} {}: {} failed, {} passed, {} skipped\n\n", run.failed + run.run_failures == 0 ? "✅" : "❌",
        reporting::markup_text(program_), run.failed + run.run_failures, run.passed, run.skipped);
    for (const auto& [name, lines] : failed_)
      text += fmt::format("<details><summary>{}</summary>\n<pre>{}</pre>\n</details>\n\n",
                          reporting::markup_text(name), reporting::markup_text(lines, true));
    std::fwrite(text.data(), 1, text.size(), file);
    std::fclose(file);
  }

  void annotate(std::string_view level, std::string_view title, const failure& what) {
    std::string place;
    if (what.where.line != 0) {
      std::string_view file = what.where.file;
      if (file.starts_with(workspace_)) file.remove_prefix(workspace_.size());
      place = fmt::format("file={},line={},", escaped(file, true), what.where.line);
    }
    const auto text = fmt::format("::{} {}title={}::{}\n", level, place, escaped(title, true),
                                  escaped(joined(what), false));
    std::fwrite(text.data(), 1, text.size(), detail::own_stream());
  }
  static std::string joined(const failure& what) {
    std::string text;
    for (const auto& line : reporting::describe(what))
      (text += text.empty() ? "" : "\n") += reporting::printable(line);
    return text;
  }
  static std::string escaped(std::string_view text, bool is_property) {
    std::string out;
    for (const char c : text)
      if (c == '%' || c == '\n' || c == '\r' || (is_property && (c == ':' || c == ',')))
        out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
      else
        out += c;
    return out;
  }

  std::string workspace_, summary_, program_;
  std::vector<std::pair<std::string, std::string>> failed_;  // a test, and what is to be said of it
};

}  // namespace awaitest
