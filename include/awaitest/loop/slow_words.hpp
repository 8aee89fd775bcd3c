// The words about a handler that has held its loop's thread.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "../model/text.hpp"
#include "../time/virtual_clock.hpp"
#include "loop_activity.hpp"

namespace awaitest::detail {

/// `limit`: as it was written.
inline std::string slow_words(const slow_handler& one, const std::string& limit) {
  const auto times = one.count == 1 ? "for" : fmt::format("{} times, for up to", one.count);
  return fmt::format("{} has blocked the loop {} {} (--slow-handler {})", one.who, times,
                     real_span_words(one.longest), limit);
}

inline std::string blocking_words(const virtual_clock::blocking_call& call) {
  return fmt::format(
      "{} has blocked the loop{}, {} in all: virtual time has moved on by that; await a timer instead",
      call.function, call.calls == 1 ? "" : fmt::format(" {} times", call.calls), span_words(call.span));
}

}  // namespace awaitest::detail
