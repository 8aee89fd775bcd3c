// A span of time, as a parameter.
#pragma once

#include "../../config.hpp"

#include AWAITEST_CHRONO_HEADER
#include <cstdint>
#include <type_traits>

namespace awaitest {

/// Any duration that is a whole number of nanoseconds. One that nanoseconds cannot hold is the longest that they can, two hundred years:
/// `hours::max()` is for ever, and not over at once.
class time_span {
 public:
  template <class Rep, class Period>
    requires std::is_convertible_v<std::chrono::duration<Rep, Period>, std::chrono::nanoseconds>
  constexpr time_span(const std::chrono::duration<Rep, Period>& given) : value_{within_limits(given)} {}

  constexpr operator std::chrono::nanoseconds() const { return value_; }

 private:
  static constexpr std::chrono::nanoseconds within_limits(std::chrono::nanoseconds given) { return given; }
  template <class Rep, class Period>
  static constexpr std::chrono::nanoseconds within_limits(const std::chrono::duration<Rep, Period>& given) {
    using wide = std::chrono::duration<std::common_type_t<Rep, std::int64_t>, Period>;
    constexpr auto most = std::chrono::nanoseconds::max();
    constexpr auto limit = std::chrono::duration_cast<wide>(most);
    const wide asked{given};
    return asked > limit ? most : asked < -limit ? -most : std::chrono::nanoseconds{asked};
  }

  std::chrono::nanoseconds value_;
};

}  // namespace awaitest
