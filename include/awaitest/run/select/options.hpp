// The options that a test has, with those of its suites.
#pragma once

#include <memory>

#include "../../model/options.hpp"
#include "../../model/test_record.hpp"

namespace awaitest {

namespace detail {

inline void add_options(option_set& to, const suite* from) {
  if (!from) return;
  add_options(to, from->parent);
  if (from->options) from->options(to);
}
inline bool has_options(const test_case& which) {
  if (which.options) return true;
  for (const auto* s = which.parent; s; s = s->parent)
    if (s->options) return true;
  return false;
}

/// The merged options of a test; null where neither it nor a suite of it has any.
inline std::unique_ptr<option_set> options_of(const test_case& which) {
  if (!has_options(which)) return nullptr;
  auto made = std::make_unique<option_set>();
  add_options(*made, which.parent);
  if (which.options) which.options(*made);
  return made;
}

}  // namespace detail
}  // namespace awaitest
