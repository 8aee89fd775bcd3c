// How the records become known. Only main.hpp includes it.
#pragma once

#include "registry.hpp"

namespace awaitest::detail {

record_range::record_range(const test_case* const* from, const test_case* const* to) noexcept
    : first{from}, last{to} {
  if (first == last) return;
  next = all_records;
  all_records = this;
}

}  // namespace awaitest::detail
