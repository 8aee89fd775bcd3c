// A failure as the lines of a report.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../model/event.hpp"
#include "../model/text.hpp"
#include "difference.hpp"
#include "duration.hpp"
#include "told.hpp"

namespace awaitest::reporting {

/// When it happened. Virtual times are exact, and said in the units that they are made of.
inline std::string moment(const failure& what) {
  if (!what.in_virtual_time) return "at " + duration(what.elapsed);
  return "after " + span_words(what.elapsed) + " of virtual time";
}
inline std::string moment(const failure& what, const happening& before) {
  return what.in_virtual_time ? "after " + span_words(before.elapsed) : "at " + duration(before.elapsed);
}

/// A large number as people read it: 999 900.
inline std::string grouped(std::uint64_t number) {
  auto text = fmt::format("{}", number);
  for (auto at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ' ');
  return text;
}

/// The last part of the program's path.
inline std::string program_name(const run_started& run) {
  return run.program.substr(run.program.rfind('/') + 1);
}

inline const char* words_for(failure_kind kind) {
  switch (kind) {
    case failure_kind::assertion: return "assertion failed";
    case failure_kind::explicitly: return "FAIL";
    case failure_kind::exception: return "unexpected exception";
    case failure_kind::timeout: return "timeout";
    case failure_kind::stuck: return "stuck";
    case failure_kind::dropped: return "never completed";
    case failure_kind::leak: return "leak";
    case failure_kind::blocked: return "loop blocked";
    case failure_kind::crashed: return "crash";
    case failure_kind::fixture: return "fixture failed";
    case failure_kind::misuse: return "misuse";
    case failure_kind::unexpected_call: return "unexpected call";
    case failure_kind::unmet_expectation: return "unmet expectation";
    case failure_kind::unawaited_call: return "never awaited";
    case failure_kind::unexpected_pass: return "unexpected pass";
    case failure_kind::no_assertions: return "no assertions";
    case failure_kind::unsupported: return "unsupported option";
    case failure_kind::interrupted: return "interrupted";
    case failure_kind::undetermined: return "not determined";
    case failure_kind::not_reached: return "not reached";
  }
  return "failure";
}

/// `output:`, and of which other tests it may be.
inline std::string words_for_output(const test_finished& test) {
  if (test.output_with.empty()) return "output:";
  std::string names;
  for (const auto& name : test.output_with) names += (names.empty() ? "" : ", ") + name;
  if (test.more_output_with != 0) names += fmt::format(" and {} more", grouped(test.more_output_with));
  return "output, of this test and of those in flight meanwhile (" + names + "):";
}

/// A failure as lines without indentation. The first names the place.
inline std::vector<std::string> describe(const failure& what) {
  if (!what.described.empty()) return what.described;
  std::vector<std::string> lines;
  std::string head;
  if (what.where.line != 0) head = fmt::format("{}:{}: ", what.where.file, what.where.line);
  if (what.macro.empty() || what.kind == failure_kind::misuse) head += words_for(what.kind);
  if (!what.macro.empty()) {
    if (what.kind == failure_kind::misuse) head += ": ";
    head += what.macro;
    if (!what.expression.empty()) head += "(" + what.expression + ")";
  }
  if (!what.task.empty()) head += ", in " + what.task;
  if (!what.subtest.empty()) head += ", in the subtest " + what.subtest;
  lines.push_back(std::move(head));
  for (const auto& one : explain(what)) {
    const char* lead = "  ";
    for (const auto line : reporting::lines_of(one))
      lines.push_back(std::exchange(lead, "    ") + std::string(line));
  }
  const auto put = [&lines](std::string_view text) {
    for (const auto line : reporting::lines_of(text)) lines.push_back("  " + std::string(line));
  };
  if (!what.expected.empty()) put("expected: " + what.expected);
  if (const auto more = reporting::told(what); !more.empty()) put(more);
  for (const auto& one : what.notes) {
    const auto text = reporting::lines_of(one.text);
    const std::string lead = one.where.line == 0 ? "  " : "  with ";
    for (std::size_t i = 0; i < text.size(); ++i)
      lines.push_back((i == 0 ? lead : std::string(lead.size(), ' ')) + std::string(text[i]));
    if (one.where.line != 0) lines.back() += fmt::format("  ({}:{})", one.where.file, one.where.line);
  }
  if (!what.before.empty()) lines.emplace_back("  what happened last:");
  for (const auto& one : what.before)
    lines.push_back(fmt::format("    {}  [{}]", reporting::words_for(one), moment(what, one)));
  return lines;
}

}  // namespace awaitest::reporting
