// Why a test or a suite is not waited for any longer.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "../model/event.hpp"
#include "limits.hpp"
#include "phase.hpp"

namespace awaitest::detail {

enum class conclusion : std::uint8_t {
  timeout,
  real_timeout,  ///< in virtual time: it takes too long by the machine's clock, whatever its own says
  held_timeout,  ///< the same, while another thread that may be at work has held the clock
  stuck,         ///< nothing was ready, no I/O, no timer and no other thread was at work
  stuck_by_hand  ///< but this_test::advance could move its time
};

/// Without the waits.
inline failure failure_for(conclusion why, phase in, const scope_limits& limits) {
  failure made;
  made.kind = why == conclusion::stuck || why == conclusion::stuck_by_hand ? failure_kind::stuck
                                                                           : failure_kind::timeout;
  if (why == conclusion::real_timeout || why == conclusion::held_timeout) {
    made.message = fmt::format(
        "timed out after {} of real time (--timeout), {}", scope_limits::real_words(limits.real_timeout()),
        why == conclusion::held_timeout ? "with virtual time held still by a thread that may be at work"
                                        : "with something always ready or due");
    return made;
  }
  const bool late = why == conclusion::timeout;
  switch (in) {
    case phase::set_up: made.message = "the set_up of its fixtures "; break;
    case phase::body: made.message = late ? "" : "the body "; break;
    case phase::cleanups: made.message = "a cleanup "; break;
    case phase::tear_down: made.message = "a tear_down "; break;
    default: made.message = late ? "" : "the body is done, but a child "; break;
  }
  if (!late) {
    made.message += why == conclusion::stuck_by_hand
                        ? "is stuck: nothing can wake it unless this_test::advance() moves its time"
                        : "is stuck: nothing can ever wake it";
  } else if (made.message.empty()) {
    made.message = "timed out after " + limits.words(limits.timeout());
  } else {
    made.message += "has not ended after " +
                    (in == phase::set_up ? limits.words(limits.timeout()) : limits.closing_words());
  }
  return made;
}

}  // namespace awaitest::detail
