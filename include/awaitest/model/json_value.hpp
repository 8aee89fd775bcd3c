// JSON as it is read: what a report of events holds.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace awaitest {

/// A value. Asked for another kind than its own, it is empty: a field that is missing needs no check.
class json_value {
 public:
  /// The value of a text; none where that is no JSON, or has more than 100 brackets in one another.
  static std::optional<json_value> parse(std::string_view text) {
    json_value made;
    reading from{text, 0};
    if (!made.read(from)) return std::nullopt;
    from.skip();
    return from.left.empty() ? std::optional{std::move(made)} : std::nullopt;
  }

  /// The string; the digits of a number.
  const std::string& text() const noexcept { return text_; }
  bool is_true() const noexcept { return what_ == kind::yes; }
  bool is_object() const noexcept { return what_ == kind::object; }
  template <class N>
  N number() const noexcept {
    N value{};
    if (what_ == kind::number) std::from_chars(text_.data(), text_.data() + text_.size(), value);
    return value;
  }
  const std::vector<json_value>& items() const noexcept { return items_; }
  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    all.reserve(items_.size());
    for (const auto& one : items_) all.push_back(one.text_);
    return all;
  }
  /// The field of an object; an empty value where it has none of this name.
  const json_value& operator[](std::string_view name) const noexcept {
    static const json_value none;
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (names_[i] == name) return items_[i];
    return none;
  }

 private:
  enum class kind : std::uint8_t { nothing, yes, no, number, string, list, object };

  struct reading {
    std::string_view left;
    int depth;

    void skip() noexcept {
      while (!left.empty() && std::string_view{" \t\r\n"}.find(left.front()) != std::string_view::npos)
        left.remove_prefix(1);
    }
    bool take(std::string_view word) noexcept {
      skip();
      if (!left.starts_with(word)) return false;
      left.remove_prefix(word.size());
      return true;
    }
    bool read_string(std::string& to) {
      if (!take("\"")) return false;
      while (!left.empty()) {
        const char c = left.front();
        left.remove_prefix(1);
        if (c == '"') return true;
        if (c != '\\') {
          to += c;
        } else if (!read_escape(to)) {
          return false;
        }
      }
      return false;
    }
    bool read_escape(std::string& to) {
      if (left.empty()) return false;
      const char c = left.front();
      left.remove_prefix(1);
      static constexpr std::string_view letters = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
      if (c != 'u') {
        const auto at = letters.find(c);
        if (at == std::string_view::npos) return false;
        to += meant[at];
        return true;
      }
      unsigned code = 0;
      if (left.size() < 4 || std::from_chars(left.data(), left.data() + 4, code, 16).ptr != left.data() + 4)
        return false;
      left.remove_prefix(4);
      // awaitest writes control characters so; a character outside of the basic plane stands as it is.
      if (code < 0x80) {
        to += static_cast<char>(code);
      } else if (code < 0x800) {
        to += static_cast<char>(0xC0U | (code >> 6U));
        to += static_cast<char>(0x80U | (code & 0x3FU));
      } else {
        to += static_cast<char>(0xE0U | (code >> 12U));
        to += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
        to += static_cast<char>(0x80U | (code & 0x3FU));
      }
      return true;
    }
  };

  bool read(reading& from) {
    from.skip();
    if (from.left.empty()) return false;
    const char c = from.left.front();
    if (c == '"') {
      what_ = kind::string;
      return from.read_string(text_);
    }
    if (c == '[' || c == '{') {
      if (++from.depth > 100) return false;
      from.left.remove_prefix(1);
      what_ = c == '[' ? kind::list : kind::object;
      const std::string_view end = c == '[' ? "]" : "}";
      for (bool first = true; !from.take(end); first = false) {
        if (!first && !from.take(",")) return false;
        if (what_ == kind::object && (!from.read_string(names_.emplace_back()) || !from.take(":")))
          return false;
        if (!items_.emplace_back().read(from)) return false;
      }
      --from.depth;
      return true;
    }
    for (const auto& [word, is] :
         {std::pair{"null", kind::nothing}, {"true", kind::yes}, {"false", kind::no}})
      if (from.take(word)) {
        what_ = is;
        return true;
      }
    const auto length = from.left.find_first_not_of("0123456789+-.eE");
    text_ = from.left.substr(0, length);
    from.left.remove_prefix(text_.size());
    what_ = kind::number;
    return !text_.empty();
  }

  kind what_ = kind::nothing;
  std::string text_;
  std::vector<std::string> names_;  // of an object, each with an item
  std::vector<json_value> items_;
};

}  // namespace awaitest
