// An instant in ISO 8601, read by the compiler, or from the command line.
#pragma once

#include <cstdint>

namespace awaitest::detail {

/// Not constexpr: reaching one is the compiler's error, with the name as its text.
struct compiled_instant {
  static void instant_is_like_2030_03_01T00_00_00Z() {}
  static void instant_is_between_1678_and_2261() {}
  static void instant_has_no_such_day_or_time() {}
};

/// Reads digits and separators off a text.
template <class Wrong>
class instant_reader {
 public:
  constexpr explicit instant_reader(const char* text) : at_{text} {}

  constexpr std::int64_t digits(int count) {
    std::int64_t value = 0;
    for (int i = 0; i < count; ++i) {
      if (!is_digit()) Wrong::instant_is_like_2030_03_01T00_00_00Z();
      value = value * 10 + (*at_++ - '0');
    }
    return value;
  }
  constexpr bool skip(char wanted) {
    if (*at_ != wanted) return false;
    ++at_;
    return true;
  }
  constexpr void expect(char wanted) {
    if (!skip(wanted)) Wrong::instant_is_like_2030_03_01T00_00_00Z();
  }
  constexpr bool is_digit() const { return *at_ >= '0' && *at_ <= '9'; }
  constexpr bool over() const { return *at_ == 0; }

 private:
  const char* at_;
};

constexpr std::int64_t days_in(std::int64_t year, std::int64_t month) {
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (month == 2) return leap ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// Days of the Gregorian calendar since 1970-01-01.
constexpr std::int64_t days_from_epoch(std::int64_t year, std::int64_t month, std::int64_t day) {
  const auto y = month <= 2 ? year - 1 : year;  // years begin in March: the leap day is the last
  const auto day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719'468;
}

/// `2030-03-01`, `2030-03-01T12:30Z`, `2030-03-01T12:30:15.25+01:00`; in nanoseconds since the Unix epoch. What is wrong with a text is
/// told to `Wrong`.
template <class Wrong>
constexpr std::int64_t read_instant(const char* text) {
  instant_reader<Wrong> in{text};
  const auto year = in.digits(4);
  in.expect('-');
  const auto month = in.digits(2);
  in.expect('-');
  const auto day = in.digits(2);
  if (year < 1678 || year > 2261) Wrong::instant_is_between_1678_and_2261();
  if (month < 1 || month > 12 || day < 1 || day > days_in(year, month))
    Wrong::instant_has_no_such_day_or_time();
  std::int64_t seconds = days_from_epoch(year, month, day) * 86'400;
  std::int64_t fraction = 0;
  if (!in.over()) {
    if (!in.skip(' ')) in.expect('T');
    const auto hour = in.digits(2);
    in.expect(':');
    const auto minute = in.digits(2);
    std::int64_t second = 0;
    if (in.skip(':')) {
      second = in.digits(2);
      if (in.skip('.'))
        for (std::int64_t unit = 100'000'000; in.is_digit() || unit == 100'000'000; unit /= 10)
          fraction += in.digits(1) * unit;
    }
    if (hour > 23 || minute > 59 || second > 59) Wrong::instant_has_no_such_day_or_time();
    seconds += hour * 3600 + minute * 60 + second;
    if (!in.skip('Z')) {
      const bool west = in.skip('-');
      if (!west) in.expect('+');
      const auto hours = in.digits(2);
      in.expect(':');
      const auto offset = hours * 3600 + in.digits(2) * 60;
      seconds += west ? offset : -offset;
    }
    if (!in.over()) Wrong::instant_is_like_2030_03_01T00_00_00Z();
  }
  return seconds * 1'000'000'000 + fraction;
}
consteval std::int64_t parse_instant(const char* text) { return read_instant<compiled_instant>(text); }

}  // namespace awaitest::detail
