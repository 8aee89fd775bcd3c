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

}  // namespace awaitest::detail
