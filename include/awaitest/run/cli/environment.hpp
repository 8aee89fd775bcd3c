// The wishes of the environment: AWAITEST_OPTIONS, and Bazel's test protocol
// (bazel.build/reference/test-encyclopedia), which other engines speak, too.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../settings.hpp"
#include "values.hpp"
#include "words.hpp"

namespace awaitest::detail {

inline std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

/// Whether a process of --isolate begins: its starter has read the environment for it.
inline bool is_isolated_process(int argc, const char* const* argv) {
  return std::any_of(argv, argv + argc, [](std::string_view word) { return word == "--wire"; });
}

inline std::vector<std::string> words_of_environment() {
  return detail::split_words(detail::variable("AWAITEST_OPTIONS"), "AWAITEST_OPTIONS");
}

/// A file that is there as long as the run has not come to its end, however the process ends: whoever has started it looks for it.
class exit_file {
 public:
  explicit exit_file(std::string name) : name_{std::move(name)} {
    if (name_.empty()) return;
    if (auto* const file = std::fopen(name_.c_str(), "we")) std::fclose(file);
  }
  exit_file(const exit_file&) = delete;
  exit_file& operator=(const exit_file&) = delete;
  ~exit_file() {
    if (!name_.empty()) std::remove(name_.c_str());
  }

 private:
  std::string name_;
};

/// The share of Bazel, where the command line does not say otherwise. Bazel is told that the program can be sharded. Throws usage_error.
inline void apply_engine(settings& to) {
  const auto total = detail::variable("TEST_TOTAL_SHARDS");
  if (const auto shards = total.empty() ? 0 : detail::parse_number("TEST_TOTAL_SHARDS", total, 0, 1'000'000);
      shards > 1 && to.shards == 1) {
    to.shards = shards;
    to.shard =
        1 + detail::parse_number("TEST_SHARD_INDEX", detail::variable("TEST_SHARD_INDEX"), 0, shards - 1);
  }
  if (const std::string status{detail::variable("TEST_SHARD_STATUS_FILE")}; !status.empty())
    if (auto* const file = std::fopen(status.c_str(), "we")) std::fclose(file);
  if (const auto filter = detail::variable("TESTBRIDGE_TEST_ONLY"); !filter.empty()) to.filter = filter;
  if (detail::variable("TESTBRIDGE_TEST_RUNNER_FAIL_FAST") == "1") to.fail_fast = true;
  if (const auto seed = detail::variable("TEST_RANDOM_SEED"); !seed.empty() && !to.seed_given) {
    to.seed = detail::parse_number("TEST_RANDOM_SEED", seed, 0, ~std::uint64_t{0});
    to.seed_given = true;
  }
  to.exit_file = detail::variable("TEST_PREMATURE_EXIT_FILE");
  const std::string xml{detail::variable("XML_OUTPUT_FILE")};
  const auto is_taken = [&](const reporter_choice& one) { return one.file == xml; };
  if (!xml.empty() && std::none_of(to.reporters.begin(), to.reporters.end(), is_taken)) {
    if (to.reporters.empty()) to.reporters.push_back({to.known_reporters.front(), {}});
    to.reporters.push_back({"junit", xml});
  }
  to.nothing_is_fine = !total.empty() || !xml.empty() || to.filter || !to.exit_file.empty() ||
                       !detail::variable("BAZEL_TEST").empty();
}

}  // namespace awaitest::detail
