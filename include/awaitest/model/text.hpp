// Places and spans of time as a person reads them.
#pragma once

#include <cstdint>
#include <string>

#include "location.hpp"

namespace awaitest {

/// `net_test.cpp:12`.
inline std::string place_text(location where) {
  return std::string(where.file) + ":" + std::to_string(where.line);
}

/// A span of virtual time, exact, and in the units that it is made of: `1d 2h 3min`, `250ms 7ns`, `0s`. Not of what is negative.
inline std::string span_words(std::int64_t nanoseconds) {
  struct unit {
    std::int64_t size;
    const char* name;
  };
  static constexpr unit units[] = {{86'400'000'000'000, "d"},
                                   {3'600'000'000'000, "h"},
                                   {60'000'000'000, "min"},
                                   {1'000'000'000, "s"},
                                   {1'000'000, "ms"},
                                   {1'000, "us"},
                                   {1, "ns"}};
  std::string text;
  auto left = nanoseconds;
  for (const auto& one : units) {
    if (left < one.size) continue;
    if (!text.empty()) text += ' ';
    text += std::to_string(left / one.size) + one.name;
    left %= one.size;
  }
  return text.empty() ? "0s" : text;
}

/// A span that a person has given, in the longest unit up to seconds of which it is a whole number: `90s`, `1500ms`.
inline std::string whole_span_words(std::int64_t nanoseconds) {
  const char* unit = "ns";
  for (const char* larger : {"us", "ms", "s"}) {
    if (nanoseconds == 0 || nanoseconds % 1'000 != 0) break;
    nanoseconds /= 1'000;
    unit = larger;
  }
  return std::to_string(nanoseconds) + unit;
}

/// A span of the machine's time, rounded down: `7.1s`, `130ms`, `12us`.
inline std::string real_span_words(std::int64_t nanoseconds) {
  if (nanoseconds >= 1'000'000'000)
    return std::to_string(nanoseconds / 1'000'000'000) + "." +
           std::to_string(nanoseconds / 100'000'000 % 10) + "s";
  if (nanoseconds >= 1'000'000) return std::to_string(nanoseconds / 1'000'000) + "ms";
  return std::to_string(nanoseconds / 1'000) + "us";
}

}  // namespace awaitest
