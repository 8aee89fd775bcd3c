// Values of options: numbers and durations.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <locale>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "../../author/test/iso_time.hpp"

namespace awaitest::detail {

/// A command line that cannot be understood. The message says what is wrong and what would be right.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

inline std::uint64_t parse_number(std::string_view flag, std::string_view text, std::uint64_t least,
                                  std::uint64_t most) {
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc{} || at != end || number < least || number > most)
    throw usage_error(fmt::format("{} takes a number from {} to {}, not \"{}\"", flag, least, most, text));
  return number;
}

/// `1.5s`, `200ms`, `2m`; a bare number is seconds. In nanoseconds.
inline std::int64_t parse_duration(std::string_view flag, std::string_view text) {
  // A stream, as std::from_chars takes no double in libc++ 19, and std::strtod reads what the locale says.
  const auto length = std::min(text.find_first_not_of("0123456789.e+-"), text.size());
  std::istringstream digits{std::string(text.substr(0, length))};
  digits.imbue(std::locale::classic());
  double number = 0;
  digits >> number;
  const bool is_number = !digits.fail() && digits.peek() == std::istringstream::traits_type::eof();
  const auto unit = text.substr(length);
  double factor = -1;
  if (unit == "ns") factor = 1;
  if (unit == "us") factor = 1e3;
  if (unit == "ms") factor = 1e6;
  if (unit == "s" || unit.empty()) factor = 1e9;
  if (unit == "m" || unit == "min") factor = 60e9;
  if (unit == "h") factor = 3600e9;
  if (!is_number || factor < 0 || !(number >= 0) || number * factor > 9e18)
    throw usage_error(
        fmt::format("{} takes a duration like 500ms, 2s or 1m, or 0 for none, not \"{}\"", flag, text));
  const auto nanoseconds = static_cast<std::int64_t>(number * factor);
  return number > 0 && nanoseconds == 0 ? 1 : nanoseconds;  // something, if ever so little, is not "no limit"
}

/// What read_instant() throws at run time.
struct given_instant {
  [[noreturn]] static void instant_is_like_2030_03_01T00_00_00Z() {
    throw usage_error("an instant like 2030-03-01 or 2030-03-01T12:30:15Z");
  }
  [[noreturn]] static void instant_is_between_1678_and_2261() {
    throw usage_error("an instant of the years 1678 to 2261");
  }
  [[noreturn]] static void instant_has_no_such_day_or_time() {
    throw usage_error("an instant of a day and a time that there are");
  }
};
/// As at() reads it; in nanoseconds since the Unix epoch.
inline std::int64_t parse_start(std::string_view flag, std::string_view text) {
  try {
    return detail::read_instant<given_instant>(std::string(text).c_str());
  } catch (const usage_error& wanted) {
    throw usage_error(fmt::format("{} takes {}, not \"{}\"", flag, wanted.what(), text));
  }
}

}  // namespace awaitest::detail
