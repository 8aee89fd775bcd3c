// The events of a run as JSON, one a line (NDJSON), each in the file when it has happened.
//
// The lines and their fields are documented in examples/reports.md; `version` in the first one grows when a field changes its meaning
// or goes. A field that has nothing to say (an empty text, zero, false) may be missing.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "../model/event.hpp"
#include "../model/json_text.hpp"
#include "describe.hpp"
#include "output.hpp"
#include "search.hpp"

namespace awaitest {

namespace reporting {

inline constexpr std::string_view outcome_names[] = {"passed", "failed", "skipped", "expected_failure"};
inline constexpr std::string_view purpose_names[] = {"first", "repeat", "retry"};
inline std::string_view name_of(outcome what) { return outcome_names[static_cast<std::size_t>(what)]; }

inline void add_place(json_object& to, const location& where) {
  if (where.line != 0) to.add("file", where.file).add("line", where.line);
}

/// `text` has all that is known, line by line as on the console; the other fields are for programs.
inline std::string json_of(const failure& what) {
  json_object made;
  made.add("kind", words_for(what.kind));
  reporting::add_place(made, what.where);
  made.add_some("macro", what.macro)
      .add_some("expression", what.expression)
      .add_some("left", what.left.text)
      .add_some("right", what.right.text)
      .add_some("relation", what.relation)
      .add_some("expected", what.expected)
      .add_some("message", what.message)
      .add_some("thrown", what.thrown)
      .add_some("task", what.task)
      .add_some("subtest", what.subtest)
      .add_some("elapsed_ns", what.elapsed)
      .add_some("in_virtual_time", what.in_virtual_time);
  if (!what.notes.empty())
    made.raw("notes", awaitest::json_list(what.notes, [](const note& one) {
               json_object each;
               each.add("text", one.text);
               reporting::add_place(each, one.where);
               return each.text();
             }));
  return made.add("text", reporting::describe(what)).text();
}

inline constexpr std::string_view search_end_names[] = {
    "none",   "nothing_to_choose", "all",     "nothing_new", "budget", "time",
    "failed", "undetermined",      "replayed"};
inline std::string json_of_search(const explored& search) {
  json_object made;
  made.add("end", search_end_names[static_cast<std::size_t>(search.end)])
      .add("asked", search.asked)
      .add("schedules", search.schedules)
      .add("distinct", search.distinct)
      .add_some("with_changes", search.with_changes)
      .add_some("with_threads", search.with_threads)
      .add_some("with_io", search.with_io);
  json_object choices;
  for (const auto& one : search.choices) choices.add(std::string_view{&one.kind, 1}, one.number);
  made.raw("choices", choices.text());
  if (search.end == search_end::failed) made.add("schedule", search.schedule);
  made.add_some("token", search.token)
      .add_some("changes", search.changes)
      .add_some("differs", search.differs);
  if (const auto lines = reporting::lines_of_search(search); !lines.empty()) made.add("text", lines);
  return made.text();
}

}  // namespace reporting

class json_reporter {
 public:
  explicit json_reporter(output& to) : to_{to} {}

  void report(const event& what) {
    std::visit([this](const auto& one) { on(one); }, what);
    to_.flush();
  }

 private:
  using object = json_object;

  void on(const run_started& run) {
    write(object()
              .add("event", "run_started")
              .add("version", event_version)
              .add("program", run.program)
              .add("selected", run.selected)
              .add("known", run.known)
              .add("seed", run.seed)
              .add("shuffled", run.shuffled)
              .add_some("options", run.options)
              .add_some("arguments", run.arguments));
  }
  void on(const test_started& test) { write(named("test_started", *test.test)); }
  void on(const failure_found& found) {
    write(object()
              .add("event", "failure_found")
              .add("test", found.test->name)
              .add("provisional", found.provisional)
              .add("attempt", found.attempt)
              .add("purpose", reporting::purpose_names[static_cast<std::size_t>(found.purpose)])
              .raw("failure", reporting::json_of(found.what)));
  }
  void on(const test_finished& test) {
    auto made = named("test_finished", *test.test);
    made.add("result", reporting::name_of(test.result))
        .add_some("reason", test.reason)
        .add("elapsed_ns", test.elapsed)
        .add("checks", test.checks)
        .add("attempts", test.attempts)
        .add("seed", test.seed)
        .add_some("no_assertions", test.no_assertions)
        .add_some("remarks", test.remarks)
        .add_some("output", test.output)
        .add_some("output_with", test.output_with)
        .add_some("more_output_with", test.more_output_with);
    if (!test.subtests.empty())
      made.raw(
          "subtests", awaitest::json_list(test.subtests, [](const subtest_result& one) {
            object each;
            each.add("name", one.name);
            reporting::add_place(each, one.where);
            return each.add("result", reporting::name_of(one.result)).add_some("reason", one.reason).text();
          }));
    made.add_some("more_subtests", test.more_subtests);
    if (reporting::search_of(test).end != search_end::none)
      made.raw("search", reporting::json_of_search(reporting::search_of(test)));
    if (!test.failures.empty()) made.raw("failures", awaitest::json_list(test.failures, reporting::json_of));
    write(made.add_some("more_failures", test.more_failures));
  }
  void on(const run_failure& failed) {
    write(object().add("event", "run_failure").raw("failure", reporting::json_of(failed.what)));
  }
  void on(const run_finished& run) {
    write(object()
              .add("event", "run_finished")
              .add("passed", run.passed)
              .add("failed", run.failed)
              .add("skipped", run.skipped)
              .add("expected_failures", run.expected_failures)
              .add("not_run", run.not_run)
              .add("run_failures", run.run_failures)
              .add("checks", run.checks)
              .add("elapsed_ns", run.elapsed)
              .add_some("without_assertions", run.without_assertions)
              .add("interrupted", run.interrupted));
    to_.finish();
  }

  static object named(std::string_view event_name, const test_info& info) {
    object made;
    made.add("event", event_name).add("test", info.name).add_some("suite", info.suite);
    reporting::add_place(made, info.where);
    made.add_some("tags", info.tags);
    return made;
  }
  void write(const object& line) { to_.write(line.text() + '\n'); }

  output& to_;
};

}  // namespace awaitest
