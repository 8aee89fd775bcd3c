// --list, for people and for CTest.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../model/json_text.hpp"
#include "../select/selection.hpp"

namespace awaitest::detail {

/// A name a line; where more is asked for, its place and its tags behind it.
inline std::string list_names(const selection& chosen, bool more = false) {
  std::string out;
  for (const auto& test : chosen.tests) {
    out += test.name();
    if (more) {
      out += fmt::format("  ({}:{})", test.record->where.file, test.record->where.line);
      for (const auto& tag : test.options().tags) out += fmt::format(" [{}]", tag);
    }
    out += '\n';
  }
  return out;
}

/// A character that would split a line, or a list of CMake's, as its number: the rest of the text stays as it is.
inline std::string list_word(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || std::string_view{"%;[]\\"}.find(c) != std::string_view::npos)
      out += fmt::format("%{:02X}", static_cast<unsigned>(byte));
    else
      out += c;
  }
  return out;
}

/// Seconds after which CTest kills a test; 0: it has no limit of its own. It does so only when awaitest, whose report says more, has not
/// ended it.
inline double ctest_timeout(const option_set& options) {
  if (options.timeout <= 0) return 0;
  const auto attempts = std::max<std::int64_t>(options.retries + 1, options.repeat);
  const bool searched = options.schedules != 0;
  const bool virtually = searched || options.time == test_time::jumping || options.time == test_time::manual;
  const auto limit = virtually ? 30.0 : static_cast<double>(options.timeout) / 1e9;  // --timeout's default
  const auto patience = std::max(limit, 5.0) + 12;  // a blocked loop is reported, and cleanups have 10 s
  const auto search =
      searched ? 12.0 : 0.0;  // --explore-time's default, and a failing schedule is made again and shortened
  return std::min(std::ceil((limit + search) * static_cast<double>(attempts) + patience), 1e9);
}

/// The unit that CTest runs at once: a test, or with GRANULARITY suite those of an outermost suite.
struct listed_entry {
  const selected_test* first = nullptr;
  std::string suite;  ///< empty: the one test
  std::vector<std::string> labels, resources;
  double timeout = 0;
  bool serial = false;
};
inline void add_new(std::vector<std::string>& to, const std::vector<std::string>& from) {
  for (const auto& one : from)
    if (std::find(to.begin(), to.end(), one) == to.end()) to.push_back(one);
}
/// In the order of the tests; a suite has the labels and resources of all of its tests, and their time where each has a limit.
inline std::vector<listed_entry> listed_entries(const selection& chosen, bool by_suite) {
  std::vector<listed_entry> all;
  std::map<std::string, std::size_t> at;
  for (const auto& test : chosen.tests) {
    const auto& options = test.options();
    const auto timeout = detail::ctest_timeout(options);
    const auto suite = by_suite ? detail::outermost_suite(*test.record) : std::string{};
    const auto [known, added] = suite.empty() ? std::pair{at.end(), true} : at.try_emplace(suite, all.size());
    if (added) {
      all.push_back({&test, suite, {}, {}, timeout, false});
    } else {
      auto& sum = all[known->second].timeout;
      sum = sum == 0 || timeout == 0 ? 0 : std::min(sum + timeout, 1e9);
    }
    auto& into = added ? all.back() : all[known->second];
    detail::add_new(into.labels, options.tags);
    detail::add_new(into.resources, options.resources);
    into.serial = into.serial || options.serial;
  }
  return all;
}

/// Data for awaitest_list_tests.cmake: a line for each thing that is to be known of an entry, a first and a last line that
/// tell a whole list from a part.
inline std::string list_for_ctest(const selection& chosen, bool by_suite = false) {
  std::string out = "awaitest-list 1\n";
  for (const auto& one : detail::listed_entries(chosen, by_suite)) {
    const auto add = [&out](std::string_view key, std::string_view value) {
      out += fmt::format("{} {}\n", key, detail::list_word(value));
    };
    if (one.suite.empty())
      add("test", one.first->name());
    else
      add("suite", one.suite);
    add("file", one.first->record->where.file);
    add("line", std::to_string(one.first->record->where.line));
    for (const auto& label : one.labels) add("label", label);
    if (one.timeout > 0) add("timeout", fmt::format("{:.0f}", one.timeout));
    if (one.serial) out += "serial\n";
    for (const auto& resource : one.resources) add("resource", resource);
  }
  return out += "end\n";
}

/// `{"version":1,"tests":[...]}`: for programs other than CMake.
inline std::string list_for_programs(const selection& chosen) {
  return awaitest::json_object()
             .add("version", 1)
             .raw("tests", awaitest::json_list(chosen.tests,
                                               [](const selected_test& test) {
                                                 const auto& options = test.options();
                                                 const auto& info = test.info();
                                                 awaitest::json_object one;
                                                 one.add("name", info.name)
                                                     .add_some("suite", info.suite)
                                                     .add("file", info.where.file)
                                                     .add("line", info.where.line)
                                                     .add("tags", info.tags)
                                                     .add_some("resources", options.resources)
                                                     .add_some("serial", options.serial)
                                                     .add_some("isolated", options.isolated)
                                                     .add_some("should_fail", options.failure_reason);
                                                 if (options.timeout > 0)
                                                   one.add("timeout_ns", options.timeout);
                                                 if (options.skipped) one.add("skip", options.skip_reason);
                                                 return one.text();
                                               }))
             .text() +
         '\n';
}

}  // namespace awaitest::detail
