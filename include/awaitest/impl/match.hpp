// The matchers whose work needs no type of the author's: author/match/sequence.hpp and text.hpp.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <exception>
#include <memory>
#include <regex>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "../author/match/sequence.hpp"
#include "../author/match/text.hpp"

namespace awaitest::detail {

std::string listed(const char* before, std::initializer_list<std::string> parts) {
  std::string out = before;
  const char* separator = " (";
  for (const auto& part : parts) {
    out += separator;
    out += part;
    separator = ", ";
  }
  return parts.size() == 0 ? out + " ()" : out + ")";
}

bool assignable(const std::vector<std::vector<bool>>& fits) {
  const auto columns = fits.empty() ? 0 : fits.front().size();
  std::vector<std::size_t> row_of(columns, fits.size());
  std::vector<bool> seen;
  const auto place = [&](auto& self, std::size_t row) -> bool {
    for (std::size_t column = 0; column < columns; ++column) {
      if (!fits[row][column] || seen[column]) continue;
      seen[column] = true;
      if (row_of[column] == fits.size() || self(self, row_of[column])) {
        row_of[column] = row;
        return true;
      }
    }
    return false;
  };
  for (std::size_t row = 0; row < fits.size(); ++row) {
    seen.assign(columns, false);
    if (!place(place, row)) return false;
  }
  return true;
}

// libstdc++ matches by recursion, a step of the stack for each character: a text of some ten thousand ends the process. It has an
// automaton, too, which needs no stack and is linear, but knows no back-references (`\1`).
struct regex_matcher::compiled {
  static constexpr std::size_t longest_by_recursion = 4'000;
  std::regex regex;
  bool by_recursion = false;

  static compiled from(const std::string& pattern) {
#if defined(__GLIBCXX__)
    try {
      return {std::regex(pattern, std::regex_constants::ECMAScript | std::regex_constants::__polynomial),
              false};
    } catch (const std::regex_error& e) {
      if (e.code() != std::regex_constants::error_complexity) throw;
    }
    return {std::regex(pattern), true};
#else
    return {std::regex(pattern), false};
#endif
  }
};
regex_matcher::regex_matcher(std::string_view pattern) : pattern_{pattern} {
  try {
    regex_ = std::make_shared<const compiled>(compiled::from(pattern_));
  } catch (const std::regex_error& e) {
    throw std::invalid_argument("matches(\"" + pattern_ + "\"): not a regular expression: " + e.what());
  }
}
bool regex_matcher::matches(std::string_view value) const {
  if (regex_->by_recursion && value.size() > compiled::longest_by_recursion)
    throw std::length_error(
        fmt::format("matches(\"{}\"): a text of {} characters is too long for a regular expression with a "
                    "back-reference, at most {}",
                    pattern_, value.size(), compiled::longest_by_recursion));
  try {
    return std::regex_match(value.begin(), value.end(), regex_->regex);
  } catch (const std::regex_error& e) {
    throw std::length_error(
        fmt::format("matches(\"{}\"): a text of {} characters: {}", pattern_, value.size(), e.what()));
  }
}
std::string regex_matcher::describe() const { return "matches the regular expression " + text_of(pattern_); }

std::string near_matcher::explain(double value) const {
  return "the difference is " + text_of(std::abs(value - wanted_));
}

bool error_matcher::matches(const std::exception_ptr& value) const {
  if (!value) return false;
  try {
    std::rethrow_exception(value);
  } catch (const std::system_error& e) {
    return matches(e.code());
  } catch (...) {
    return false;
  }
}
std::string error_matcher::describe() const {
  return "throws the error " + (by_code_ ? text_of(code_) : text_of(condition_));
}
std::string error_matcher::explain(const std::exception_ptr& value) const {
  return value ? "it threw " + text_of(value) : "it threw nothing";
}

}  // namespace awaitest::detail
