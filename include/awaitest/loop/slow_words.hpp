// The words about a handler that has held its loop's thread.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "../model/text.hpp"
#include "../time/virtual_clock.hpp"
#include "loop_activity.hpp"

namespace awaitest::detail {

/// A span of the machine's time, rounded down: `7.1s`, `130ms`, `12us`.
inline std::string real_span_words(std::int64_t nanoseconds) {
  if (nanoseconds >= 1'000'000'000)
    return fmt::format("{}.{}s", nanoseconds / 1'000'000'000, nanoseconds / 100'000'000 % 10);
  if (nanoseconds >= 1'000'000) return fmt::format("{}ms", nanoseconds / 1'000'000);
  return fmt::format("{}us", nanoseconds / 1'000);
}

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
