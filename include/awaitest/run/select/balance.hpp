// Shards that take equally long.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "../../scope/selected_test.hpp"

namespace awaitest::detail {

/// Leaves the tests of one shard, counted from 1. Each shard finds the same ones for all of them: the longest test goes first, each to the shard that
/// has least to do yet (Graham's LPT rule, at most 4/3 of the best). A test of which nothing is known takes as long as the median one.
inline void keep_balanced_shard(std::vector<selected_test>& tests, std::uint64_t shard, std::uint64_t shards,
                                const std::map<std::string, std::int64_t>& durations) {
  std::vector<std::int64_t> known;
  known.reserve(durations.size());
  for (const auto& one : durations) known.push_back(one.second);
  std::sort(known.begin(), known.end());
  const auto median = known.empty() ? 1 : std::max<std::int64_t>(known[known.size() / 2], 1);
  std::vector<std::pair<std::int64_t, std::size_t>> order;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    const auto found = durations.find(tests[i].name());
    order.emplace_back(found == durations.end() ? median : std::max<std::int64_t>(found->second, 1), i);
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::vector<std::int64_t> load(static_cast<std::size_t>(shards), 0);
  std::vector<bool> mine(tests.size(), false);
  for (const auto& [duration, index] : order) {
    const auto least = std::min_element(load.begin(), load.end());
    *least += duration;
    mine[index] = static_cast<std::uint64_t>(least - load.begin()) == shard - 1;
  }
  std::vector<selected_test> kept;
  for (std::size_t i = 0; i < tests.size(); ++i)
    if (mine[i]) kept.push_back(std::move(tests[i]));
  tests = std::move(kept);
}

}  // namespace awaitest::detail
