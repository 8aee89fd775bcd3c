// The attempts that a test has, one after the other.
#pragma once

#include <cstdint>

#include "../model/event.hpp"
#include "../model/options.hpp"

namespace awaitest::detail {

enum class attempt_end : std::uint8_t { passed, failed, skipped };

struct planned_attempt {
  std::uint64_t number = 0;  ///< from 0
  attempt_purpose purpose = attempt_purpose::first;
  std::uint64_t seed = 0;  ///< of this_test::random(): each has its own numbers, the first one the test's
  bool is_provisional = false;   ///< a failure of its does not decide the test's result
  bool has_short_limit = false;  ///< by the machine's clock, as a schedule among many
};

/// Yields the next attempt by how the one before has ended.
class attempt_plan {
 public:
  attempt_plan(const option_set& options, std::uint64_t seed) noexcept
      : repeat_{options.repeat},
        retries_{options.retries},
        should_fail_{options.should_fail},
        now_{0, attempt_purpose::first, seed, options.should_fail || options.retries > 0} {}

  /// The attempt that is under way, or is to begin.
  const planned_attempt& now() const noexcept { return now_; }
  /// The verdict on all runs of the body in the attempt, of which one has ended so.
  attempt_end together_with(attempt_end how) noexcept {
    if (how == attempt_end::failed) failed_ = true;
    return failed_ ? attempt_end::failed : how;
  }
  /// Ends the attempt. True when there is another one, which `now` is from then on.
  bool next(attempt_end how) noexcept {
    failed_ = false;
    switch (how) {
      case attempt_end::skipped: return false;
      case attempt_end::failed: return !should_fail_ && retries_-- > 0 && goes_on(attempt_purpose::retry);
      case attempt_end::passed: return --repeat_ > 0 && goes_on(attempt_purpose::repeat);
    }
    return false;
  }

 private:
  bool goes_on(attempt_purpose why) noexcept {
    now_ = {now_.number + 1, why, now_.seed + 1, should_fail_ || retries_ > 0};
    return true;
  }

  std::int64_t repeat_, retries_;  // that are left
  bool should_fail_;
  bool failed_ = false;  // in a run of this attempt
  planned_attempt now_;
};

}  // namespace awaitest::detail
