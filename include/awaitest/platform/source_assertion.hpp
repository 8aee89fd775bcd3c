// The assertion that stands at a line of a source file, read from the file: that an exception has left it costs a test nothing to
// compile, and is told where the sources are there, as they are where a test is written.
#pragma once

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

#include "source_text.hpp"

namespace awaitest::detail {

class source_assertion : source_text {
 public:
  /// `CHECK(co_await f() == 3)`, in one line and cut to what can be read. Empty: no assertion begins in the first line of `text`,
  /// or several do, or its end is not in `text`.
  static std::string in(std::string_view text) {
    const auto line = text.substr(0, text.find('\n'));
    std::string found;
    for (std::size_t at = 0; at < line.size();) {
      const auto begin = at;
      at = after_token(text, at);
      if (!is_of_word(text[begin])) continue;
      const auto open = text.find_first_not_of(" \t", at);
      if (!is_assertion(text.substr(begin, at - begin)) || open == text.npos || text[open] != '(') continue;
      const auto end = after_call(text, open);
      if (end == text.npos || !found.empty()) return {};
      found = in_one_line(text.substr(begin, end - begin));
      at = end;
    }
    return found;
  }
  /// The one at a place that is written `file:line`.
  static std::string at(std::string_view place) {
    const auto colon = place.rfind(':');
    unsigned long number = 0;
    if (colon == place.npos ||
        std::from_chars(place.data() + colon + 1, place.data() + place.size(), number).ec != std::errc{})
      return {};
    return in(lines(std::string(place.substr(0, colon)), number, most_lines));
  }

 private:
  static constexpr std::size_t most_lines = 16, most_shown = 120;

  static bool is_assertion(std::string_view word) noexcept {
    if (constexpr std::string_view ours = "AWAITEST_"; word.starts_with(ours))
      word.remove_prefix(ours.size());
    for (const std::string_view one : {"CHECK", "REQUIRE"})
      if (word.starts_with(one) && (word.size() == one.size() || word[one.size()] == '_')) return true;
    return false;
  }

  static std::string in_one_line(std::string_view text) {
    std::string all;
    for (const char c : text)
      if (const char shown = c == '\n' || c == '\t' || c == '\r' ? ' ' : c;
          shown != ' ' || all.empty() || all.back() != ' ')
        all += shown;
    if (all.size() > most_shown) {
      auto end = most_shown;
      while (end > 0 && (static_cast<unsigned char>(all[end]) & 0xC0U) == 0x80)
        --end;  // not amid a character
      all.resize(end);
      all += "...";
    }
    return all;
  }
};

}  // namespace awaitest::detail
