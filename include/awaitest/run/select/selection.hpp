// Which tests run, and in which order.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "../../author/current/this_test.hpp"
#include "../../model/text.hpp"
#include "../../scope/names.hpp"
#include "../../scope/selected_test.hpp"
#include "../settings.hpp"
#include "names.hpp"
#include "options.hpp"
#include "patterns.hpp"
#include "registry.hpp"
#include "tag_expression.hpp"

namespace awaitest::detail {

struct selection {
  std::vector<selected_test> tests;
  std::size_t known = 0;
  std::vector<std::string> errors;  ///< duplicate names, options that make no sense: nothing runs
};

/// Settles which tests are searched, and how. A search is in virtual time.
inline void settle_search(std::vector<selected_test>& tests, const settings& asked) {
  for (auto& test : tests) {
    const auto& options = test.options();
    const bool plain = test.record->plain || (test.record->parameters && test.record->parameters->plain);
    if (options.schedules != 0)
      test.schedules = asked.explore && !options.exhaustive ? *asked.explore
                                                            : static_cast<std::uint64_t>(options.schedules);
    else if (asked.explore_all && !plain && options.time != test_time::real && options.replayed.empty())
      test.schedules = *asked.explore_all;
    const auto& token = asked.replay.empty() ? options.replayed : asked.replay;
    if (!token.empty()) test.replayed = token_reader{token}.read();
  }
}

/// Which tests have virtual time, and from when on, or cannot run because there is none.
inline void settle_time(std::vector<selected_test>& tests, bool virtual_by_default,
                        std::int64_t start_by_default, const std::string& why_not) {
  for (auto& test : tests) {
    const auto time = test.options().time;
    test.in_virtual_time =
        time == test_time::of_the_run ? virtual_by_default || test.is_searched() : time != test_time::real;
    if (test.is_searched() && !test.in_virtual_time)
      test.unsupported = "real_time() keeps the test out of virtual time, in which a search is";
    test.start = test.options().start == default_start ? start_by_default : test.options().start;
    if (test.in_virtual_time && !why_not.empty()) test.unsupported = why_not;
  }
}

/// The cases of a test, as tests. Two cases of one name are told apart by their number.
class case_collector final : public case_sink {
 public:
  case_collector(const test_case& record, std::shared_ptr<const option_set> options,
                 std::vector<selected_test>& to)
      : record_{record}, options_{std::move(options)}, to_{to} {}

  void add(case_values one) override {
    auto given = detail::shortened(one.name.empty() ? std::string("\"\"") : detail::on_one_line(one.name));
    auto name = given;
    for (auto& times = times_[given]; !names_.insert(name).second;)
      name = fmt::format("{} #{}", given, ++times + 1);
    to_.push_back({&record_, options_, std::move(one.values), std::move(name), false, {}});
  }

 private:
  const test_case& record_;
  std::shared_ptr<const option_set> options_;
  std::vector<selected_test>& to_;
  std::unordered_set<std::string> names_;
  std::unordered_map<std::string, std::size_t> times_;  // that a name was given again
};

inline void add_selected(const test_case& record, std::shared_ptr<const option_set> options,
                         std::vector<selected_test>& to) {
  if (!options)
    options = {std::shared_ptr<const option_set>{}, &selected_test::no_options()};  // owns nothing
  if (!record.cases) {
    to.push_back({&record, std::move(options), nullptr, {}, false, {}});
    return;
  }
  const auto before = to.size();
  case_collector cases{record, options, to};
  record.cases(cases);
  // Skipped, a test without a case is no mistake, and is seen to be skipped.
  if (to.size() == before && options->skipped)
    to.push_back({&record, std::move(options), nullptr, {}, false, {}});
}

/// `--exact`: the one test of that name, found before anything is sorted. Its namesake is an error, like everywhere.
inline selection select_exact(std::string_view name) {
  selection made;
  const test_case* found = nullptr;
  const auto take = [&](const test_case& record) {
    if (found) made.errors.push_back(two_of_one_name(*found, record));
    found = &record;
  };
  any_record([&](const test_case& record) {
    ++made.known;
    if (has_name(record, name)) {  // of a test with cases only when it is skipped and has none
      std::vector<selected_test> all;
      detail::add_selected(record, options_of(record), all);
      if (all.empty() || !all.front().case_name.empty()) return false;
      take(record);
      made.tests.push_back(std::move(all.front()));
      return false;
    }
    if (!record.cases) return false;
    // `name[case]`: a bracket may be part of either, so each is tried.
    for (auto at = name.find('['); at != std::string_view::npos && name.ends_with(']');
         at = name.find('[', at + 1)) {
      if (!has_name(record, name.substr(0, at))) continue;
      std::vector<selected_test> cases;
      detail::add_selected(record, options_of(record), cases);
      const std::string wanted{name.substr(at + 1, name.size() - at - 2)};
      for (auto& one : cases)
        if (one.case_name == wanted || one.case_name == detail::shortened(wanted)) {
          take(record);
          made.tests.push_back(std::move(one));
        }
    }
    return false;
  });
  if (made.errors.empty() && made.tests.size() > 1) made.tests.resize(1);
  return made;
}

inline bool selects_all(const settings& asked) {
  return !asked.exact && asked.shards == 1 && asked.patterns.empty() && asked.excluded.empty() &&
         asked.tags.empty() && asked.excluded_tags.empty() && !asked.filter && !asked.suite;
}
inline bool wanted(const selected_test& test, const settings& asked) {
  if (asked.shards > 1 && asked.durations_from.empty()) {
    const auto hash = detail::hash_text(test.case_name, hash_name(*test.record));
    if (random_engine{hash}() % asked.shards != asked.shard - 1)
      return false;  // mixed: FNV's low bits are not even
  }
  if (asked.suite && !detail::is_in_suite(*test.record, *asked.suite)) return false;
  if (!asked.patterns.empty() || !asked.excluded.empty() || asked.filter) {
    const auto name = test.name();
    if (asked.filter && !detail::matches_pattern(name, *asked.filter)) return false;
    const auto hit = [&](const std::string& pattern) { return detail::matches_pattern(name, pattern); };
    if (!asked.patterns.empty() && std::none_of(asked.patterns.begin(), asked.patterns.end(), hit))
      return false;
    if (std::any_of(asked.excluded.begin(), asked.excluded.end(), hit)) return false;
  }
  const auto& options = test.options();
  const auto tagged = [&](const std::string& expression) {
    return tag_expression{expression, options.tags}.fits();
  };
  if (!asked.tags.empty() && std::none_of(asked.tags.begin(), asked.tags.end(), tagged)) return false;
  return std::none_of(asked.excluded_tags.begin(), asked.excluded_tags.end(), tagged);
}

inline selection select(const settings& asked) {
  if (asked.exact) {
    auto made = detail::select_exact(*asked.exact);
    for (const auto& test : made.tests)
      for (const auto& error : test.options().errors)
        made.errors.push_back(place_text(test.record->where) + ": " + error);
    return made;
  }
  selection made;
  std::vector<const test_case*> records;
  any_record([&](const test_case& record) {
    records.push_back(&record);
    return false;
  });
  made.known = records.size();
  const auto in_order = [](const test_case* a, const test_case* b) { return written_before(*a, *b); };
  if (!std::is_sorted(records.begin(), records.end(), in_order))
    std::sort(records.begin(), records.end(), in_order);
  detail::check_names(records, made.errors);
  made.known = 0;
  made.tests.reserve(records.size());
  for (const auto* record : records) {
    std::shared_ptr<const option_set> options = options_of(*record);
    if (options)
      for (const auto& error : options->errors)
        made.errors.push_back(place_text(record->where) + ": " + error);
    const auto before = made.tests.size();
    add_selected(*record, std::move(options), made.tests);
    made.known += made.tests.size() - before;
    if (made.tests.size() == before)
      made.errors.push_back(fmt::format("{}: \"{}\" has no case: give it cases, or skip() it",
                                        place_text(record->where), full_name(*record)));
    made.tests.erase(
        std::remove_if(made.tests.begin() + static_cast<std::ptrdiff_t>(before), made.tests.end(),
                       [&](const selected_test& test) { return !wanted(test, asked); }),
        made.tests.end());
  }
  return made;
}

/// Whole suites are shuffled, and the tests within each: a suite's tests stay together.
inline void shuffle(std::vector<selected_test>& tests, std::uint64_t seed) {
  struct key {
    std::uint64_t suite, test;
  };
  std::vector<std::pair<key, std::size_t>> order;
  order.reserve(tests.size());
  for (std::size_t i = 0; i < tests.size(); ++i)
    order.push_back(
        {{random_engine{seed ^ hash_suite(tests[i].record->parent)}(), seed_of(tests[i], seed)}, i});
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    if (a.first.suite != b.first.suite) return a.first.suite < b.first.suite;
    return a.first.test != b.first.test ? a.first.test < b.first.test : a.second < b.second;
  });
  std::vector<selected_test> shuffled;
  shuffled.reserve(tests.size());
  for (const auto& [ignored, index] : order) shuffled.push_back(std::move(tests[index]));
  tests = std::move(shuffled);
}

}  // namespace awaitest::detail
