// The definitions to author/check/approx.hpp.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "../author/check/approx.hpp"

namespace awaitest {

bool approx::equals(double other) const {
  if (other == value_) return true;  // infinities
  if (std::isinf(other) || std::isinf(value_)) return false;
  return std::abs(other - value_) <= tolerance(other);
}
double approx::tolerance(double other) const {
  return std::max(margin_, epsilon_ * std::max(std::abs(other), std::abs(value_)));
}
std::string approx::difference(double other) const {
  if (std::isnan(other) || std::isnan(value_)) return "a NaN equals nothing";
  if (std::isinf(other) || std::isinf(value_)) return "an infinity equals itself alone";
  return fmt::format("the difference is {:.6g}, the tolerance {:.6g}", std::abs(other - value_),
                     tolerance(other));
}
void approx::awaitest_print(std::string& out) const {
  out += fmt::format("approx({})", value_);
  if (epsilon_ != approx{0}.epsilon_) out += fmt::format(".epsilon({})", epsilon_);
  if (margin_ != 0) out += fmt::format(".margin({})", margin_);
}

}  // namespace awaitest
