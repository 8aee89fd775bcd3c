// Whether a loop is blocked, as far as a look at it now and then tells.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "../../platform/limits.hpp"
#include "watched_worker.hpp"

namespace awaitest::detail {

/// The time that may pass, in nanoseconds, while no test's time is running, given --timeout: no hasty end. 0: for ever.
inline std::int64_t patience_between_tests(std::int64_t timeout) {
  return timeout <= 0 ? 0
                      : std::max(timeout, std::int64_t{std::chrono::nanoseconds{limits::blocked}.count()});
}

/// The looks at one worker's loop.
class blocked_judge {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Nanoseconds that it may take with one handler between tests; 0: for ever.
  explicit blocked_judge(std::int64_t patience) noexcept : patience_{patience} {}

  /// A look at the turns of its handlers and at the time until which its tests may run, see watched_worker. True when the loop is
  /// blocked. `stopped`: see watched_state. `excused`: it may wait for a reader of the output.
  bool look(std::uint64_t turns, std::int64_t blocked_after, time_point now, bool stopped, bool excused) {
    if (stopped) {
      looked_ = false;
      not_before_ = now + limits::blocked;
    }
    if (turns != turns_ || !looked_) {
      turns_ = turns;
      since_ = now;
      looked_ = true;
    }
    // An excused loop has until the next look to go on.
    const bool was_excused = std::exchange(excused_, excused || stopped);
    if (excused_ || was_excused) return false;
    return blocked_after == watched_worker::between_tests
               ? patience_ > 0 && held(now) > patience_
               : now >= not_before_ && now.time_since_epoch().count() >= blocked_after;
  }
  /// Nanoseconds that the loop has been with one handler, at least; 0: not known, or hardly any.
  std::int64_t held(time_point now) const noexcept {
    const bool waits = turns_ % 2 != 0;
    return looked_ && !waits ? std::chrono::nanoseconds{now - since_}.count() : 0;
  }

 private:
  std::int64_t patience_;
  std::uint64_t turns_ = 0;
  time_point since_{}, not_before_{};
  bool looked_ = false;
  bool excused_ = false;  // at the last look
};

}  // namespace awaitest::detail
