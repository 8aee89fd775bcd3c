// The registration of a test file's records.
#pragma once

#include "../author/test/test.hpp"

namespace awaitest::detail {

constinit const record_range* record_range::all = nullptr;
record_range::record_range(const test_case* const* from, const test_case* const* to) noexcept
    : first{from}, last{to} {
  if (first == last) return;
  next = all;
  all = this;
}

}  // namespace awaitest::detail
