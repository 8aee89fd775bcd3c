// The rounds of a run over its tests.
#pragma once

#include <cstdint>

#include "settings.hpp"

namespace awaitest::detail {

/// --repeat and --until-fail. Each round has the seed after the one before.
class round_plan {
 public:
  explicit round_plan(const settings& asked) noexcept
      : left_{asked.repeat},
        endless_{asked.repeat == 0},
        ends_at_failure_{asked.until_fail || asked.fail_fast},
        seed_{asked.seed} {}

  std::uint64_t seed() const noexcept { return seed_; }
  /// A round is over. True when there is another one.
  bool next(bool any_failure) noexcept {
    if ((any_failure && ends_at_failure_) || (!endless_ && --left_ == 0)) return false;
    ++seed_;
    return true;
  }

 private:
  std::uint64_t left_;
  bool endless_, ends_at_failure_;
  std::uint64_t seed_;
};

}  // namespace awaitest::detail
