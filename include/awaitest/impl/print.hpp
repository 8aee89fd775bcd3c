// The printers that author/check/print.hpp declares, and the values of matchers.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <exception>
#include <limits>
#include <new>
#include <ostream>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>

#include "../author/check/approx.hpp"
#include "../author/check/print.hpp"
#include "../author/match/sequence.hpp"
#include "../author/match/text.hpp"
#include "../author/test/cases.hpp"
#include "../platform/exceptions.hpp"

namespace awaitest {
namespace detail {

void put_bool(std::string& out, bool value) { out += value ? "true" : "false"; }
void put_int(std::string& out, long long value) { out += fmt::format("{}", value); }
void put_uint(std::string& out, unsigned long long value) { out += fmt::format("{}", value); }
void put_float(std::string& out, float value) { out += fmt::format("{}", value); }
void put_double(std::string& out, double value) { out += fmt::format("{}", value); }
void put_double(std::string& out, long double value) { out += fmt::format("{}", value); }

inline void put_escaped(std::string& out, char c, char quote) {
  switch (c) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '\\': out += "\\\\"; return;
    default: break;
  }
  if (c == quote) {
    out += '\\';
    out += c;
  } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
    out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  } else {
    out += c;
  }
}
void put_char(std::string& out, char value) {
  out += '\'';
  if (static_cast<unsigned char>(value) < 0x80)
    put_escaped(out, value, '\'');
  else  // a part of a character at most
    out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(value)));
  out += '\'';
}
void put_text(std::string& out, std::string_view value) {
  out += '"';
  for (const char c : value) put_escaped(out, c, '"');
  out += '"';
}

/// Whether what was printed on this thread, since somebody set it to false, holds something that is not the value: an address, a
/// type and its size.
inline constinit thread_local bool printed_no_value = false;

void put_address(std::string& out, const volatile void* value) {
  if (value) printed_no_value = true;
  if (value)
    out += fmt::format("{}", const_cast<const void*>(value));
  else
    out += "nullptr";
}
void put_error(std::string& out, const std::error_code& value) {
  out +=
      fmt::format("{}:{} ({})", value.category().name(), value.value(), value ? value.message() : "no error");
}
void put_error(std::string& out, const std::error_condition& value) {
  out +=
      fmt::format("{}:{} ({})", value.category().name(), value.value(), value ? value.message() : "no error");
}

inline void put_causes(std::string& out, std::exception_ptr cause);

void put_exception(std::string& out, const std::exception& value) {
  out += type_of(value) + ": " + detail::words_or_null(value.what());
#if defined(__cpp_rtti) || defined(_CPPRTTI)
  if (const auto* outer = dynamic_cast<const std::nested_exception*>(&value))
    put_causes(out, outer->nested_ptr());
#endif
}
inline void put_one_exception(std::string& out, const std::exception_ptr& value) {
  try {
    std::rethrow_exception(value);
  } catch (const task_ended&) {
    out += "the end of the test, thrown by an assertion";
  } catch (const std::system_error& e) {
    out += detail::type_thrown(e) + ": " + detail::words_or_null(e.what()) + " [";
    const char* const category = e.code().category().name();
    out += category ? category : "a category without a name";
    out += ':';
    detail::put_int(out, e.code().value());
    out += ']';
  } catch (const std::exception& e) {
    out += detail::type_thrown(e) + ": " + detail::words_or_null(e.what());
  } catch (const std::string& text) {
    out += "a std::string: ";
    detail::put_text(out, text);
  } catch (std::nullptr_t) {  // a handler of any pointer takes it, too
    out += "nullptr";
  } catch (const char* text) {
    out += "a const char*: ";
    if (text)
      detail::put_text(out, text);
    else
      out += "nullptr";
  } catch (...) {
#if defined(__GNUC__)
    const auto* type = abi::__cxa_current_exception_type();
    out += type ? "an exception of type " + demangled(*type) : "a foreign exception";
#else
    out += "an exception that is no std::exception";
#endif
  }
}
/// The chain of nested exceptions, outermost first.
inline void put_causes(std::string& out, std::exception_ptr cause) {
  for (; cause; cause = detail::nested_in(cause)) {
    out += "\ncaused by: ";
    detail::put_one_exception(out, cause);
  }
}
void put_exception(std::string& out, const std::exception_ptr& value) {
  if (!value) {
    out += "no exception";
    return;
  }
  detail::put_one_exception(out, value);
  detail::put_causes(out, detail::nested_in(value));
}

template <class Count>
void put_count(std::string& out, Count count, long long num, long long den) {
  struct unit {
    long long num, den;
    const char* name;
  };
  static constexpr std::array<unit, 8> units{{{1, 1'000'000'000, "ns"},
                                              {1, 1'000'000, "us"},
                                              {1, 1'000, "ms"},
                                              {1, 1, "s"},
                                              {60, 1, "min"},
                                              {3600, 1, "h"},
                                              {86400, 1, "d"},
                                              {604800, 1, "weeks"}}};
  if constexpr (std::is_integral_v<Count>) {
    // The longest unit in which it is a whole number: 2000000000ns are 2s. Up to hours, which is how people count.
    if (num == 1 && count != 0) {
      while (den >= 1000 && count % 1000 == 0) {
        count /= 1000;
        den /= 1000;
      }
    }
  }
  for (const auto& u : units)
    if (u.num == num && u.den == den) {
      out += fmt::format("{}{}", count, u.name);
      return;
    }
  out += fmt::format("{}[{}/{}]s", count, num, den);
}
void put_duration(std::string& out, long long count, long long num, long long den) {
  put_count(out, count, num, den);
}
void put_duration(std::string& out, double count, long long num, long long den) {
  put_count(out, count, num, den);
}

std::string readable_type(std::string_view type) {
  std::string out{type};
  static constexpr std::string_view spelled[][2] = {{"std::__cxx11::basic_string<char>", "std::string"},
                                                    {"std::basic_string<char>", "std::string"},
                                                    {"{anonymous}::", ""},
                                                    {"(anonymous namespace)::", ""}};
  for (const auto& [text, better] : spelled)
    for (auto at = out.find(text); at != std::string::npos; at = out.find(text, at))
      out.replace(at, text.size(), better);
  return out;
}
template <class Number>
void put_enumerator(std::string& out, std::string_view type, Number value, const char* spelled) {
  std::string_view name = spelled ? spelled : "";
  // "... enumerator() [with E = color; E V = color::red]", or "(color)5" where there is no such enumerator
  if (const auto at = name.rfind("V = "); at != std::string_view::npos) {
    name.remove_prefix(at + 4);
    name = name.substr(0, name.find_first_of(";]"));
  } else {
    name = {};
  }
  static constexpr std::string_view unnamed = "(anonymous namespace)::";
  const auto cast = !name.starts_with(unnamed) && name.starts_with('(');
  if (name.empty() || cast || (name.front() >= '0' && name.front() <= '9') || name.front() == '-')
    out += fmt::format("{}({})", type, value);
  else
    out += fmt::format("{} ({})", name, value);
}
void put_enum(std::string& out, std::string_view type, long long value, const char* spelled) {
  put_enumerator(out, type, value, spelled);
}
void put_enum(std::string& out, std::string_view type, unsigned long long value, const char* spelled) {
  put_enumerator(out, type, value, spelled);
}
void put_bytes(std::string& out, std::size_t size) {
  printed_no_value = true;
  out += fmt::format("<buffer of {} byte{}>", size, size == 1 ? "" : "s");
}
void put_unknown(std::string& out, std::string_view type, std::size_t size) {
  if (type == "std::nullopt_t")
    out += "nullopt";
  else {
    printed_no_value = true;
    out += fmt::format("<{}, {} byte{}>", readable_type(type), size, size == 1 ? "" : "s");
  }
}
void put_formatted(std::string& out, fmt::format_args value) { out += fmt::vformat("{}", value); }
void put_streamed(std::string& out, const void* value, void (*write)(std::ostream&, const void*)) {
  std::ostringstream to;
  write(to, value);
  out += to.str();
}

/// Whether the text holds what looks like an address, outside of quoted text: a printing function of the author's writes it as a
/// stream or fmt does. Six digits are a colour.
inline bool shows_address(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      quoted = !quoted;
    else if (!quoted && text.substr(i, 2) == "0x") {
      const auto end = std::min(text.find_first_not_of("0123456789abcdefABCDEF", i + 2), text.size());
      if (end - i >= 2 + 7) return true;
    }
  }
  return false;
}
void put_in_name(std::string& out, printable value, std::size_t index) {
  printed text;
  printed_no_value = false;
  try {
    value.print(text, value.value);
  } catch (...) {
    printed_no_value = true;
  }
  if (text.is_text)
    detail::put_text(out, text.text);
  else if (printed_no_value || detail::shows_address(text.text))
    detail::put_uint(out, index);
  else
    out += text.text;
}

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

}  // namespace detail

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
