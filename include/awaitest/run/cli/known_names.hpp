// Words of the command line beside the names of the tests that there are.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "../select/patterns.hpp"
#include "../select/selection.hpp"
#include "nearest.hpp"

namespace awaitest::detail {

/// `-slow` is a pattern where it takes a test out; else it is no option that anybody knows.
inline void check_dashed(const settings& asked) {
  if (asked.dashed.empty()) return;
  const auto all = select({}).tests;
  for (const auto& word : asked.dashed)
    if (std::none_of(all.begin(), all.end(), [&](const selected_test& test) {
          return detail::matches_pattern(test.name(), std::string_view{word}.substr(1));
        }))
      throw detail::unknown_word(word);
}

/// The name of a test that is most like that one; empty: none is like it.
inline std::string nearest_name(const std::string& to) {
  std::string best;
  std::size_t distance = to.size() / 2 + 1;
  for (const auto& test : select({}).tests) {
    auto name = test.name();
    if (name.starts_with(to + '[')) return name;  // a case is missing
    if (const auto d = detail::edit_distance(to, name); d < distance) {
      distance = d;
      best = std::move(name);
    }
  }
  return best;
}

}  // namespace awaitest::detail
