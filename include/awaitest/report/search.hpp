// The words about a search over a test's schedules.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "../model/event.hpp"

namespace awaitest::reporting {

inline std::string counted(std::uint64_t number, std::string_view word) {
  return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
}

/// The test's search; where it has none, one that says nothing.
inline const explored& search_of(const test_finished& test) {
  static const explored none;
  return test.searches.empty() ? none : test.searches.front();
}

/// `schedule 7 of 1000`; empty: first-in first-out fails, or nothing was searched for.
inline std::string schedule_words(const explored& search) {
  if (search.end != search_end::failed || search.schedule == 0) return {};
  return fmt::format("schedule {} of {}", search.schedule, search.asked);
}

/// The schedules that have passed: never more than is true.
inline std::string success_words(const explored& search) {
  std::string text;
  switch (search.end) {
    case search_end::none:
    case search_end::failed:
    case search_end::undetermined: return {};
    case search_end::replayed: return "replayed " + search.token;
    case search_end::nothing_to_choose: text = "explore() had nothing to choose here"; break;
    case search_end::all:
      text = search.distinct == 1 ? "the only schedule" : fmt::format("all {} schedules", search.distinct);
      break;
    case search_end::nothing_new: text = counted(search.distinct, "schedule"); break;
    case search_end::budget: text = counted(search.schedules, "schedule"); break;
    case search_end::time:
      text = fmt::format("{} of {} schedules, in the time that --explore-time gives", search.schedules,
                         search.asked);
      break;
  }
  if (search.end == search_end::budget || search.end == search_end::time)
    text += fmt::format(", {} of them different", search.distinct);
  if (search.end != search_end::all && search.with_changes != 0)
    text +=
        fmt::format(", all with at most {} from first-in first-out", counted(search.with_changes, "change"));
  if (search.end == search_end::nothing_new)
    text += fmt::format("; the last 64 of {} runs were none of a new one", search.schedules);
  std::string kinds;
  for (const auto& one : search.choices)
    kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", one.number, one.kind);
  if (!kinds.empty()) text += " (choices: " + kinds + ")";
  if (search.with_threads + search.with_io != 0)
    text += fmt::format("; in {} of them {} had a part, whose order is nobody's to choose",
                        std::max(search.with_threads, search.with_io),
                        search.with_io == 0        ? "other threads"
                        : search.with_threads == 0 ? "sockets or files"
                                                   : "other threads, sockets or files");
  return text;
}

/// The steps around the changes of a failing schedule: a column for each task up to three.
class step_table {
 public:
  explicit step_table(const explored& search) : search_{search} {}

  std::vector<std::string> lines() {
    std::vector<std::string> made;
    const bool columns = search_.tasks.size() <= 3;
    if (columns) {
      measure();
      std::string head(number_width + 1, ' ');
      for (std::size_t i = 0; i < search_.tasks.size(); ++i) head += padded(search_.tasks[i], i);
      made.push_back(trimmed(head));
    }
    std::uint64_t next = search_.steps.empty() ? 0 : search_.steps.front().number;
    for (const auto& one : search_.steps) {
      if (one.number != next) made.push_back(std::string(number_width - 2, ' ') + "...");
      next = one.number + 1;
      auto line = fmt::format("{:>{}} ", one.number, number_width);
      if (one.task < 0)
        line += one.words;
      else if (columns)
        for (std::size_t i = 0; i < search_.tasks.size(); ++i) line += padded(cell(one, i), i);
      else
        line += search_.tasks[static_cast<std::size_t>(one.task)] + ": " +
                cell(one, static_cast<std::size_t>(one.task));
      if (!columns && one.instead >= 0)
        line += ", before " + search_.tasks[static_cast<std::size_t>(one.instead)];
      line = trimmed(line);
      if (!one.change.empty()) line += "  <- change " + one.change;
      made.push_back(std::move(line));
    }
    return made;
  }

 private:
  static constexpr std::size_t number_width = 6, most = 44;

  std::string cell(const searched_step& of, std::size_t task) const {
    if (of.instead == of.task && of.task == static_cast<std::int32_t>(task) && of.task >= 0)
      return "goes first: another handler of the same task";
    if (of.instead == static_cast<std::int32_t>(task)) return "(ready, waits)";
    if (of.task != static_cast<std::int32_t>(task)) return ".";
    if (!of.words.empty()) return "(" + of.words + ")";
    const auto place = of.place.empty() ? std::string{"goes on"} : of.place;
    return of.change.empty() ? place : "goes first: " + place;
  }
  void measure() {
    widths_.assign(search_.tasks.size(), 0);
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      widths_[i] = search_.tasks[i].size();
      for (const auto& one : search_.steps)
        if (one.task >= 0) widths_[i] = std::max(widths_[i], cell(one, i).size());
      widths_[i] = std::min(widths_[i], most);
    }
  }
  std::string padded(const std::string& text, std::size_t column) const {
    return text + std::string(widths_[column] > text.size() ? widths_[column] - text.size() : 0, ' ') + "  ";
  }
  static std::string trimmed(std::string text) {
    text.resize(text.find_last_not_of(' ') + 1);
    return text;
  }

  const explored& search_;
  std::vector<std::size_t> widths_;
};

/// The order of the schedule without the change.
inline std::string words_for_the_other_way(const explored& search, const searched_step& changed) {
  const auto name = [&](std::int32_t task) { return search.tasks[static_cast<std::size_t>(task)]; };
  if (changed.task < 0 || changed.instead == changed.task) return "without change " + changed.change;
  if (changed.instead < 0) return "when " + name(changed.task) + " is not held back there";
  return fmt::format("when {} goes on there before {}", name(changed.instead), name(changed.task));
}

/// Below the failures of a test.
inline std::vector<std::string> lines_of_search(const explored& search) {
  if (!search.described.empty()) return search.described;
  std::vector<std::string> lines;
  if (search.end != search_end::failed && search.end != search_end::replayed) return lines;
  if (search.steps.empty() && search.changes != 0) return lines;
  if (search.changes == 0) {
    lines.emplace_back("first-in first-out fails: the order does not matter");
    return lines;
  }
  lines.push_back(search.end == search_end::replayed
                      ? fmt::format("with {} from first-in first-out:", counted(search.changes, "change"))
                      : fmt::format("needs {} from first-in first-out:", counted(search.changes, "change")));
  for (auto& one : step_table{search}.lines()) lines.push_back("  " + std::move(one));
  const auto last = std::find_if(search.steps.rbegin(), search.steps.rend(),
                                 [](const auto& one) { return !one.change.empty(); });
  if (search.passes_without_the_last && last != search.steps.rend())
    lines.push_back("passes " + reporting::words_for_the_other_way(search, *last) + " (tried)");
  return lines;
}

}  // namespace awaitest::reporting
