// JSON as text: strings that are valid UTF-8 whatever they were, and objects that are made field by field.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "utf8.hpp"

namespace awaitest {

/// The text in quotes, as JSON and YAML have it. Bytes that are no UTF-8 become U+FFFD.
inline std::string json_string(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const auto length = awaitest::utf8_length(text.substr(i));
    const auto c = static_cast<unsigned char>(text[i]);
    if (length > 1) {
      out += text.substr(i, length);
      i += length;
      continue;
    }
    ++i;
    if (length == 0)
      out += "\xEF\xBF\xBD";
    else if (c == '"' || c == '\\')
      (out += '\\') += static_cast<char>(c);
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (c < 0x20 || c == 0x7f)
      ((out += "\\u00") += digits[c / 16]) += digits[c % 16];
    else
      out += static_cast<char>(c);
  }
  return out += '"';
}

/// An object that is made field by field.
class json_object {
 public:
  json_object& raw(std::string_view name, std::string_view json) {
    text_ += text_.size() == 1 ? "\"" : ",\"";
    ((text_ += name) += "\":") += json;
    return *this;
  }
  json_object& add(std::string_view name, std::string_view text) {
    return raw(name, awaitest::json_string(text));
  }
  json_object& add(std::string_view name, const char* text) { return add(name, std::string_view{text}); }
  template <std::same_as<bool> B>
  json_object& add(std::string_view name, B value) {
    return raw(name, value ? "true" : "false");
  }
  template <std::integral N>
    requires(!std::same_as<N, bool>)
  json_object& add(std::string_view name, N number) {
    return raw(name, std::to_string(number));
  }
  json_object& add(std::string_view name, const std::vector<std::string>& texts) {
    std::string list = "[";
    for (const auto& one : texts) {
      if (list.size() > 1) list += ',';
      list += awaitest::json_string(one);
    }
    return raw(name, list + ']');
  }
  /// Adds a field unless it is empty, zero or false.
  template <class T>
  json_object& add_some(std::string_view name, const T& value) {
    if constexpr (requires { value.empty(); })
      return value.empty() ? *this : add(name, value);
    else
      return value == T{} ? *this : add(name, value);
  }
  std::string text() const { return text_ + '}'; }

 private:
  std::string text_ = "{";
};

/// A list of what `each` makes of the elements.
template <class List, class Each>
std::string json_list(const List& of, const Each& each) {
  std::string out = "[";
  for (const auto& one : of) {
    if (out.size() > 1) out += ',';
    out += each(one);
  }
  return out + ']';
}

}  // namespace awaitest
