// A test that is to run: its record, its merged options, the values of its case.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "../author/current/this_test.hpp"
#include "../model/event.hpp"
#include "../model/options.hpp"
#include "../search/token.hpp"
#include "names.hpp"

namespace awaitest::detail {

/// A test that was selected.
struct selected_test {
  const test_case* record = nullptr;
  std::shared_ptr<const option_set> own_options;  ///< shared by the cases of one test
  std::shared_ptr<const void> values;             ///< of its case
  std::string case_name;                          ///< empty: it has none
  bool in_virtual_time = false;                   ///< settled when the run begins
  std::int64_t start = default_start;             ///< of its virtual time, the same
  std::uint64_t schedules = 0;  ///< that are tried, the same; 0: it has one run, without a search
  std::optional<schedule_token> replayed{};  ///< this one alone, the same
  std::string unsupported{};                 ///< why an option of it cannot be had here; empty: all can
  mutable std::shared_ptr<const test_info> made_info{};  ///< see info()

  const option_set& options() const { return own_options ? *own_options : no_options(); }
  bool is_searched() const { return schedules != 0 || replayed; }
  bool skipped() const { return options().skipped; }
  /// Whether it is reported without being run: see test_result::conclude_unrun.
  bool is_not_run() const { return skipped() || !unsupported.empty(); }
  std::string name() const {
    auto made = full_name(*record);
    if (!case_name.empty()) made.append("[").append(case_name).append("]");
    return made;
  }
  /// As reporters see it; made when it is asked for first, by whoever runs it.
  const test_info& info() const {
    if (!made_info)
      made_info = std::make_shared<const test_info>(
          test_info{name(), suite_name(*record), record->where, options().tags});
    return *made_info;
  }
  static const option_set& no_options() {
    static const option_set none;
    return none;
  }
};

/// A seed of the test's own: it stays the same whatever else is selected.
inline std::uint64_t seed_of(const selected_test& which, std::uint64_t run_seed) noexcept {
  return random_engine{run_seed ^ detail::hash_text(which.case_name, hash_name(*which.record))}();
}

/// The key of its suite in one of the two times: tests that share suite-scoped fixtures have it in common.
inline std::uint64_t scope_key(const selected_test& which) noexcept {
  return hash_suite(which.record->parent) ^ (which.in_virtual_time ? 1U : 0U);
}

}  // namespace awaitest::detail
