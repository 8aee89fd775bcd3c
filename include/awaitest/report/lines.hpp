// Two texts line by line, as `diff -u` has it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace awaitest::reporting {

inline constexpr std::size_t lines_around = 2;       ///< of a hunk: equal ones before and after
inline constexpr std::size_t most_diff_lines = 100;  ///< that are shown
inline constexpr int most_edits = 1'000;  ///< that are looked for; beyond, what differs is told as one block

struct diff_line {
  char sign;  ///< `-` only left, `+` only right, ` ` both
  std::string_view text;
};
/// Differences that stand close together, with the equal lines around them.
struct hunk {
  std::size_t left = 0, right = 0;  ///< how many lines come before it
  std::vector<diff_line> lines;

  std::string head() const {
    const auto count = [this](char other) {
      return lines.size() -
             static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(),
                                                    [other](const auto& one) { return one.sign == other; }));
    };
    const auto range = [](std::size_t before, std::size_t lines_in_it) {
      return fmt::format("{},{}", lines_in_it == 0 ? before : before + 1, lines_in_it);
    };
    return fmt::format("@@ -{} +{} @@", range(left, count('+')), range(right, count('-')));
  }
  /// The first of two lines, one of which stands for the other, where nothing else differs. Else null.
  const diff_line* changed_line() const {
    const auto equal = [](const diff_line& one) { return one.sign == ' '; };
    const auto at = std::find_if_not(lines.begin(), lines.end(), equal);
    const auto left_over = lines.end() - at;
    if (left_over < 2 || at[0].sign != '-' || at[1].sign != '+' || !std::all_of(at + 2, lines.end(), equal))
      return nullptr;
    return &*at;
  }
};

/// The shortest way from `a` to `b` by Myers' algorithm, as signs: `-` drops a line of `a`, `+` takes one of `b`, ` ` both. Empty
/// when that takes too many edits.
inline std::string shortest_edit(const std::string_view* a, int rows, const std::string_view* b,
                                 int columns) {
  // reach[k]: how far along `a` the diagonal k is reached by the edits so far; before[d]: the same before the edit d.
  std::vector<int> all(2 * static_cast<std::size_t>(most_edits) + 3, 0);
  std::vector<std::vector<int>> before;
  int* const reach = all.data() + most_edits + 1;
  const auto down = [](const int* from, int k, int d) {
    return k == -d || (k != d && from[k - 1] < from[k + 1]);
  };
  for (int d = 0; d <= most_edits; ++d) {
    before.emplace_back(reach - d - 1, reach + d + 2);
    for (int k = -d; k <= d; k += 2) {
      int x = down(reach, k, d) ? reach[k + 1] : reach[k - 1] + 1;
      while (x < rows && x - k < columns && a[x] == b[x - k]) ++x;
      reach[k] = x;
      if (x < rows || x - k < columns) continue;
      std::string way;
      int y = x - k;
      for (; d > 0; --d) {
        const int* const then = before[static_cast<std::size_t>(d)].data() + d + 1;
        const bool by_b = down(then, x - y, d);
        const int from = by_b ? x - y + 1 : x - y - 1;
        while (x > then[from] && y > then[from] - from) {
          way += ' ';
          --x;
          --y;
        }
        way += by_b ? '+' : '-';
        (by_b ? y : x) -= 1;
      }
      way.append(static_cast<std::size_t>(x), ' ');
      std::reverse(way.begin(), way.end());
      return way;
    }
  }
  return {};
}

/// Every line of both, in order.
inline std::vector<diff_line> lines_of_both(const std::vector<std::string_view>& a,
                                            const std::vector<std::string_view>& b) {
  std::size_t front = 0, back = 0;
  while (front < a.size() && front < b.size() && a[front] == b[front]) ++front;
  while (back < a.size() - front && back < b.size() - front &&
         a[a.size() - 1 - back] == b[b.size() - 1 - back])
    ++back;
  const auto rows = a.size() - front - back, columns = b.size() - front - back;
  auto way = reporting::shortest_edit(a.data() + front, static_cast<int>(rows), b.data() + front,
                                      static_cast<int>(columns));
  if (way.empty()) way = std::string(rows, '-') + std::string(columns, '+');
  way.insert(0, front, ' ');
  way.append(back, ' ');
  std::vector<diff_line> all;
  std::size_t i = 0, j = 0;
  for (const char sign : way) {
    all.push_back({sign, sign == '+' ? b[j] : a[i]});
    if (sign != '+') ++i;
    if (sign != '-') ++j;
  }
  return all;
}

inline std::vector<hunk> hunks_of(const std::vector<std::string_view>& a,
                                  const std::vector<std::string_view>& b) {
  const auto all = reporting::lines_of_both(a, b);
  std::vector<hunk> hunks;
  std::size_t left = 0, right = 0, end = 0;  // lines so far, and where the last hunk ends
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].sign != ' ') {
      const auto from = std::max(end, i > lines_around ? i - lines_around : 0);
      if (hunks.empty() || from > end) hunks.push_back({left - (i - from), right - (i - from), {}});
      auto& into = hunks.back().lines;
      const auto to = std::min(all.size(), i + 1 + lines_around);
      for (auto k = from; k <= i; ++k) into.push_back(all[k]);
      end = std::max(end, i + 1);
      // The equal ones behind it; the next difference among them goes on from there.
      while (end < to && all[end].sign == ' ') into.push_back(all[end++]);
    }
    if (all[i].sign != '+') ++left;
    if (all[i].sign != '-') ++right;
  }
  return hunks;
}

}  // namespace awaitest::reporting
