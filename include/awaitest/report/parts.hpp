// Reports of events as JSON, read again: the parts of a run that was divided, or those of several runs, as one.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../model/event.hpp"
#include "../model/json_value.hpp"
#include "describe.hpp"
#include "json.hpp"

namespace awaitest::reporting {

/// A file is no part of a run, or one of another version.
class bad_part : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Hands on each whole line of a report as JSON. A last line without its end is left out: its writer was killed. Throws bad_part.
template <class Each>
void for_each_line(const std::string& file, const Each& each) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw bad_part(fmt::format("\"{}\" cannot be read", file));
  std::size_t number = 0;
  for (std::string line; std::getline(in, line) && !in.eof();) {
    ++number;
    const auto read = json_value::parse(line);
    if (!read || !read->is_object() || (number == 1 && (*read)["event"].text() != "run_started"))
      throw bad_part(fmt::format("\"{}\", line {}: that is no report of --reporter json", file, number));
    if (const auto version = (*read)["version"].number<int>(); number == 1 && version != event_version)
      throw bad_part(fmt::format("\"{}\" is a report of version {}, and this program knows version {}", file,
                                 version, event_version));
    each(*read);
  }
  if (number == 0) throw bad_part(fmt::format("\"{}\" holds no event: its run has not begun", file));
}

/// How long each test took, in nanoseconds; the longest time where there are several. Throws bad_part.
inline std::map<std::string, std::int64_t> durations_of(const std::string& file) {
  std::map<std::string, std::int64_t> all;
  reporting::for_each_line(file, [&all](const json_value& line) {
    if (line["event"].text() != "test_finished") return;
    auto& one = all[line["test"].text()];
    one = std::max(one, line["elapsed_ns"].number<std::int64_t>());
  });
  return all;
}

/// The events of all parts, in their order, without those of the run itself: `begun` and `elapsed` are of the whole.
class parts {
 public:
  /// Throws bad_part.
  void add(const std::string& file) {
    std::map<std::string, std::vector<failure>> running;  // with what they have failed in so far
    std::vector<std::string> order;
    std::size_t selected = 0, ended = 0;
    bool finished = false;
    reporting::for_each_line(file, [&](const json_value& line) {
      const auto& what = line["event"].text();
      const auto& name = line["test"].text();
      if (what == "run_started") {
        if (begun.program.empty()) {
          begun.program = line["program"].text();
          begun.seed = line["seed"].number<std::uint64_t>();
        }
        selected += line["selected"].number<std::size_t>();
        begun.known = std::max(begun.known, line["known"].number<std::size_t>());
      } else if (what == "test_started") {
        if (running.try_emplace(name).second) order.push_back(name);
        know(line);
      } else if (what == "failure_found") {
        running[name].push_back(failure_of(line["failure"]));
      } else if (what == "test_finished") {
        running.erase(name);
        ++ended;
        add_end(line);
      } else if (what == "run_failure") {
        events.emplace_back(run_failure{failure_of(line["failure"])});
      } else if (what == "run_finished") {
        finished = true;
        elapsed = std::max(elapsed, line["elapsed_ns"].number<std::int64_t>());
        interrupted = interrupted || line["interrupted"].is_true();
      }
    });
    begun.selected += selected;
    if (finished) return;
    interrupted = true;
    for (const auto& name : order) {
      const auto found = running.find(name);
      if (found == running.end()) continue;
      test_finished end;
      end.test = infos_[name];
      end.result = outcome::failed;
      end.failures = std::move(found->second);
      failure what;
      what.kind = failure_kind::crashed;
      what.where = end.test->where;
      what.message = fmt::format("its process was killed while it ran: \"{}\" ends there", file);
      end.failures.push_back(std::move(what));
      events.emplace_back(std::move(end));
      ++ended;
      running.erase(found);
    }
    failure what;
    what.kind = failure_kind::crashed;
    what.message = fmt::format("\"{}\" ends before its run does: {} of {} tests have not run", file,
                               selected - std::min(selected, ended), selected);
    events.emplace_back(run_failure{std::move(what)});
  }

  run_started begun;
  std::vector<event> events;
  std::int64_t elapsed = 0;  ///< of the part that took longest: they are made side by side
  bool interrupted = false;

 private:
  const test_info* know(const json_value& line) {
    auto& known = infos_[line["test"].text()];
    if (!known)
      known = &kept_.emplace_back(
          test_info{line["test"].text(), line["suite"].text(), place_of(line), line["tags"].texts()});
    return known;
  }
  void add_end(const json_value& line) {
    test_finished end;
    end.test = know(line);
    end.result = result_of(line);
    for (const auto& one : line["failures"].items()) end.failures.push_back(failure_of(one));
    end.more_failures = line["more_failures"].number<std::uint64_t>();
    end.reason = line["reason"].text();
    end.checks = line["checks"].number<std::uint64_t>();
    end.seed = line["seed"].number<std::uint64_t>();
    end.elapsed = line["elapsed_ns"].number<std::int64_t>();
    end.attempts = line["attempts"].number<std::uint32_t>();
    end.no_assertions = line["no_assertions"].is_true();
    end.remarks = line["remarks"].texts();
    end.output = line["output"].text();
    end.output_with = line["output_with"].texts();
    end.more_output_with = line["more_output_with"].number<std::uint64_t>();
    for (const auto& one : line["subtests"].items())
      end.subtests.push_back({one["name"].text(), place_of(one), result_of(one), one["reason"].text()});
    end.more_subtests = line["more_subtests"].number<std::uint64_t>();
    if (const auto& search = line["search"]; !search["end"].text().empty())
      end.searches.push_back(made_search(search));
    events.emplace_back(std::move(end));
  }
  static outcome result_of(const json_value& from) {
    const auto found = std::find(std::begin(outcome_names), std::end(outcome_names), from["result"].text());
    return found == std::end(outcome_names) ? outcome::failed
                                            : static_cast<outcome>(found - std::begin(outcome_names));
  }
  static explored made_search(const json_value& from) {
    explored made;
    const auto found =
        std::find(std::begin(search_end_names), std::end(search_end_names), from["end"].text());
    if (found != std::end(search_end_names))
      made.end = static_cast<search_end>(found - std::begin(search_end_names));
    made.asked = from["asked"].number<std::uint64_t>();
    made.schedules = from["schedules"].number<std::uint64_t>();
    made.distinct = from["distinct"].number<std::uint64_t>();
    made.with_changes = from["with_changes"].number<std::uint64_t>();
    for (const char kind : {'s', 'p', 't', 'u'})
      if (const auto number = from["choices"][std::string(1, kind)].number<std::uint64_t>(); number != 0)
        made.choices.push_back({kind, number});
    made.with_threads = from["with_threads"].number<std::uint64_t>();
    made.with_io = from["with_io"].number<std::uint64_t>();
    made.schedule = from["schedule"].number<std::uint64_t>();
    made.token = from["token"].text();
    made.changes = from["changes"].number<std::uint64_t>();
    made.differs = from["differs"].text();
    made.described = from["text"].texts();
    return made;
  }
  failure failure_of(const json_value& from) {
    failure made;
    for (std::size_t i = 0; i < failure_kinds; ++i)
      if (from["kind"].text() == words_for(static_cast<failure_kind>(i)))
        made.kind = static_cast<failure_kind>(i);
    made.where = place_of(from);
    made.macro = from["macro"].text();
    made.expression = from["expression"].text();
    made.task = from["task"].text();
    made.subtest = from["subtest"].text();
    made.message = from["message"].text();
    made.elapsed = from["elapsed_ns"].number<std::int64_t>();
    made.in_virtual_time = from["in_virtual_time"].is_true();
    made.described = from["text"].texts();
    return made;
  }
  location place_of(const json_value& from) {
    const auto& file = from["file"].text();
    if (file.empty()) return {};
    return {files_.try_emplace(file).first->first.c_str(), from["line"].number<unsigned>()};
  }

  std::map<std::string, const test_info*> infos_;
  std::deque<test_info> kept_;
  std::map<std::string, bool> files_;  // which places refer to
};

}  // namespace awaitest::reporting
