// The test of a token: a run by `--replay` alone finds it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "../../model/text_hash.hpp"
#include "../../scope/selected_test.hpp"
#include "../../search/token.hpp"
#include "../cli/values.hpp"
#include "../settings.hpp"

namespace awaitest::detail {

/// Leaves of the selected tests the one that the token of --replay was made for. A test that was named is replayed by it all the same: it
/// may have another name now.
inline void keep_replayed(const settings& asked, std::vector<selected_test>& tests) {
  if (asked.replay.empty()) return;
  const auto token = token_reader{asked.replay}.read();
  const auto is_meant = [&](const selected_test& one) {
    return token && detail::short_hash(detail::hash_text(one.name())) == token->test;
  };
  if (std::none_of(tests.begin(), tests.end(), is_meant)) {
    if (tests.size() > 1)
      throw usage_error(
          fmt::format("--replay {}: none of the {} selected tests is the one that it was made for; name the "
                      "test with --exact",
                      asked.replay, tests.size()));
    return;
  }
  std::erase_if(tests, [&](const selected_test& one) { return !is_meant(one); });
}

}  // namespace awaitest::detail
