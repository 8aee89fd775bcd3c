// The first difference between two runs of one schedule: for a test that is not determined.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>

#include "searched_schedule.hpp"
#include "tape.hpp"

namespace awaitest::detail {

inline std::string words_for_choice(const recording& of, std::size_t at, const searched_schedule& names) {
  if (at >= of.all.size()) return "not made";
  std::string from;
  for (const auto key : of.options_of(at)) from += (from.empty() ? "" : ", ") + names.words_for(key);
  const auto& one = of.all[at];
  switch (one.kind) {
    case choice_kind::schedule: return "among " + from;
    case choice_kind::postpone: return fmt::format("how long to hold back {}, of {} ways", from, one.options);
    case choice_kind::timer: return fmt::format("among {} timers", one.options);
    case choice_kind::user: break;
  }
  return fmt::format("one of this_test::choose, of {}", one.options);
}

/// The first choice that is another one, or the first step; empty: the runs are the same. `names`: of the tasks of both.
inline std::string difference(const recording& first, const recording& second,
                              const searched_schedule& names) {
  if (first == second) return {};
  const auto parts = std::mismatch(first.all.begin(), first.all.end(), second.all.begin(), second.all.end());
  if (parts.first != first.all.end() || parts.second != second.all.end()) {
    const auto at = static_cast<std::size_t>(parts.first - first.all.begin());
    return fmt::format("choice {} was {} the first time, and {} the second", at,
                       detail::words_for_choice(first, at, names),
                       detail::words_for_choice(second, at, names));
  }
  const auto from =
      std::mismatch(first.steps.begin(), first.steps.end(), second.steps.begin(), second.steps.end());
  const auto step = static_cast<std::size_t>(from.first - first.steps.begin());
  const auto who = [&](const recording& of) {
    return step < of.steps.size() ? "of " + names.words_for(of.steps[step]) : std::string{"not made"};
  };
  return fmt::format("step {} was {} the first time, and {} the second", step, who(first), who(second));
}

}  // namespace awaitest::detail
