// The printers that author/check/print.hpp declares.
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <ostream>
#include <sstream>
#include <string>

#include "../author/check/print.hpp"
#include "../author/current/current.hpp"
#include "../platform/exceptions.hpp"

namespace awaitest::detail {

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

void member_printer::begin() {
  const bool named = !names_->empty();
  out_ += count_ == 0 ? "{" : ", ";
  if (whole_) whole_->elements.push_back(static_cast<std::uint32_t>(out_.size()));
  if (named) {
    out_ += '.';
    out_ += names_[count_];
    if (whole_) {
      whole_->by_key = true;
      whole_->behind_key = 3;
      whole_->keys.push_back(static_cast<std::uint32_t>(out_.size()));
    }
    out_ += " = ";
  }
  ++count_;
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

}  // namespace awaitest::detail
