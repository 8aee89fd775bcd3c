// The records that the test files have left behind.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../author/test/test.hpp"
#include "../../scope/names.hpp"

namespace awaitest::detail {

/// Calls f(const test_case&) until it returns true; then so does this.
template <class F>
bool any_record(F f) {
  for (const auto* range = record_range::all; range; range = range->next)
    for (const auto* const* record = range->first; record != range->last; ++record)
      if (*record && f(**record)) return true;
  return false;
}

/// Whether the names of the test and its suites are `name`, compared from its end: nothing is allocated.
inline bool spells_name(const test_case& which, std::string_view name) {
  if (!name.ends_with(which.name)) return false;
  name.remove_suffix(std::strlen(which.name));
  for (const auto* suite = which.parent; suite; suite = suite->parent) {
    if (!name.ends_with('/')) return false;
    name.remove_suffix(1);
    if (!name.ends_with(suite->name)) return false;
    name.remove_suffix(std::strlen(suite->name));
  }
  return name.empty();
}

/// Whether that is the test's full name, in full or shortened.
inline bool has_name(const test_case& which, std::string_view name) {
  if (name.size() >= least_shortened_name && name.size() <= longest_name && full_name(which) == name)
    return true;
  return spells_name(which, name);
}

/// By file, then line; on one line (out of a macro) by name.
inline bool written_before(const test_case& a, const test_case& b) {
  if (a.where.file != b.where.file) {
    if (const int order = std::strcmp(a.where.file, b.where.file)) return order < 0;
  }
  return a.where.line != b.where.line ? a.where.line < b.where.line : std::strcmp(a.name, b.name) < 0;
}

}  // namespace awaitest::detail
