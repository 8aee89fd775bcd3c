// A time that was measured, as a person reads it.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace awaitest::reporting {

inline std::string duration(std::int64_t nanoseconds) {
  const auto value = static_cast<double>(nanoseconds);
  if (nanoseconds < 1'000'000) return fmt::format("{:.0f} us", value / 1e3);
  if (nanoseconds < 1'000'000'000) return fmt::format("{:.1f} ms", value / 1e6);
  return fmt::format("{:.2f} s", value / 1e9);
}

}  // namespace awaitest::reporting
