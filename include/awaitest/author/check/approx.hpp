// Floating-point comparison: `CHECK(x == approx(3.14))`.
#pragma once

#include <string>
#include <type_traits>

namespace awaitest {

/// Equal to every number that is at most a relative 1e-6 (of the larger magnitude) or the given absolute margin away.
/// Infinities equal themselves; a NaN equals nothing.
class approx {
 public:
  explicit constexpr approx(double value) noexcept : value_{value} {}

  /// The relative tolerance: `approx(100).epsilon(0.01)` accepts 99 to 101.
  constexpr approx epsilon(double relative) const noexcept { return {value_, relative, margin_}; }
  /// The absolute tolerance.
  constexpr approx margin(double absolute) const noexcept { return {value_, epsilon_, absolute}; }

  template <class T>
    requires std::is_convertible_v<const T&, double>
  friend bool operator==(const T& left, const approx& right) {
    return right.equals(static_cast<double>(left));
  }
  template <class T>
    requires std::is_convertible_v<const T&, double>
  friend bool operator<=(const T& left, const approx& right) {
    return static_cast<double>(left) < right.value_ || left == right;
  }
  template <class T>
    requires std::is_convertible_v<const T&, double>
  friend bool operator>=(const T& left, const approx& right) {
    return static_cast<double>(left) > right.value_ || left == right;
  }

  void awaitest_print(std::string& out) const;
  /// A line of a failed comparison, beside the two: how far apart they are, and how far they may be.
  template <class T>
    requires std::is_convertible_v<const T&, double>
  std::string awaitest_compared(const T& other) const {
    return difference(static_cast<double>(other));
  }

 private:
  constexpr approx(double value, double relative, double absolute) noexcept
      : value_{value}, epsilon_{relative}, margin_{absolute} {}
  bool equals(double other) const;
  double tolerance(double other) const;
  std::string difference(double other) const;

  double value_;
  double epsilon_ = 1e-6;
  double margin_ = 0;
};

}  // namespace awaitest
