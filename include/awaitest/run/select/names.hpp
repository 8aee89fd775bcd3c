// Names that no test may have, and names that two have.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "../../author/check/print.hpp"
#include "../../model/text.hpp"
#include "../../scope/names.hpp"
#include "registry.hpp"

namespace awaitest::detail {

inline std::string two_of_one_name(const test_case& first, const test_case& second) {
  if (written_before(second, first))
    return two_of_one_name(second, first);  // in whatever order the linker has them
  return fmt::format("two tests are named \"{}\": {} and {}; rename one of them", full_name(first),
                     place_text(first.where), place_text(second.where));
}

inline void check_name(const test_case& which, std::vector<std::string>& errors) {
  const auto bad = [](const char* name) {
    const std::string_view text = name;
    return text.empty() || std::any_of(text.begin(), text.end(), [](char c) {
             return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
           });
  };
  bool wrong = bad(which.name);
  for (const auto* s = which.parent; s; s = s->parent) wrong = wrong || bad(s->name);
  if (wrong)
    errors.push_back(fmt::format("{}: a name of a test or suite is empty or holds a control character: {}",
                                 place_text(which.where), detail::text_of(full_name(which))));
}

/// Names that more than one record has: an open-addressed table of the names' hashes.
inline void check_names(const std::vector<const test_case*>& records, std::vector<std::string>& errors) {
  std::size_t size = 64;
  while (size < records.size() * 3) size *= 2;
  std::vector<const test_case*> table(size, nullptr);
  for (const auto* record : records) {
    check_name(*record, errors);
    for (auto at = static_cast<std::size_t>(hash_name(*record)) & (size - 1);; at = (at + 1) & (size - 1)) {
      if (!table[at]) {
        table[at] = record;
        break;
      }
      if (hash_name(*table[at]) == hash_name(*record) && full_name(*table[at]) == full_name(*record)) {
        errors.push_back(two_of_one_name(*table[at], *record));
        break;
      }
    }
  }
}

}  // namespace awaitest::detail
