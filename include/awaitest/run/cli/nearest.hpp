// The option that was meant.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "options.hpp"

namespace awaitest::detail {

inline std::size_t edit_distance(std::string_view a, std::string_view b) {  // Levenshtein's
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row.back();
}

inline std::string_view nearest_flag(std::string_view unknown) {
  const auto distance = [&](const flag& one) {
    const std::size_t for_people = one.help.empty() ? 1000 : 0;
    return detail::edit_distance(unknown, one.name) + for_people;
  };
  return std::min_element(flags().begin(), flags().end(),
                          [&](const flag& a, const flag& b) { return distance(a) < distance(b); })
      ->name;
}

/// A word that begins with one dash and is nothing that is known.
inline usage_error unknown_word(std::string_view word) {
  auto near = std::string(detail::nearest_flag(word));
  auto distance = detail::edit_distance(word, near);
  for (const auto& [letter, name] : short_flags)
    if (const auto shorter = std::string{'-', letter}; detail::edit_distance(word, shorter) < distance) {
      near = shorter;
      distance = detail::edit_distance(word, near);
    }
  return usage_error(fmt::format("unknown option {}; did you mean {}, or --exclude {}? --help lists them all",
                                 word, near, word.substr(1)));
}

/// A word that begins as an option does, and a letter alone, is never a pattern.
inline bool begins_like_a_short_option(std::string_view word) {
  const char c = word[1];
  return std::any_of(std::begin(short_flags), std::end(short_flags),
                     [c](const auto& one) { return one.letter == c; }) ||
         (word.size() == 2 && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')));
}

}  // namespace awaitest::detail
