// The assertion that stands at a line of a source file, read from the file: that an exception has left it costs a test nothing to
// compile, and is told where the sources are there, as they are where a test is written.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace awaitest::detail {

/// A scanner of C++ source text that knows literals and comments as far as needed to find the end of a macro's call.
class source_assertion {
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
    return in(lines(std::string(place.substr(0, colon)), number));
  }

 private:
  static constexpr std::size_t most_lines = 16, most_shown = 120;

  static std::string lines(const std::string& file, unsigned long first) {
    std::string text;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> from{std::fopen(file.c_str(), "re"), std::fclose};
    if (!from) return text;
    char* line = nullptr;
    std::size_t size = 0;
    for (unsigned long number = 1; number < first + most_lines && ::getline(&line, &size, from.get()) > 0;
         ++number)
      if (number >= first) text += line;
    std::free(line);
    return text;
  }

  static bool is_of_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
  static bool is_assertion(std::string_view word) noexcept {
    if (constexpr std::string_view ours = "AWAITEST_"; word.starts_with(ours))
      word.remove_prefix(ours.size());
    for (const std::string_view one : {"CHECK", "REQUIRE"})
      if (word.starts_with(one) && (word.size() == one.size() || word[one.size()] == '_')) return true;
    return false;
  }

  /// Behind the word, number, literal, comment or sign at `at`.
  static std::size_t after_token(std::string_view text, std::size_t at) {
    const auto c = text[at];
    if (is_of_word(c)) {
      const bool is_number = c >= '0' && c <= '9';
      while (at < text.size() && (is_of_word(text[at]) || (is_number && text[at] == '\''))) ++at;
      return at < text.size() && text[at] == '"' && text[at - 1] == 'R' ? after_raw(text, at) : at;
    }
    if (c == '"' || c == '\'') {
      for (++at; at < text.size() && text[at] != c && text[at] != '\n'; ++at)
        if (text[at] == '\\') ++at;
      return std::min(at + 1, text.size());
    }
    if (text.substr(at, 2) == "//") return std::min(text.find('\n', at), text.size());
    if (text.substr(at, 2) == "/*") {
      const auto end = text.find("*/", at + 2);
      return end == text.npos ? text.size() : end + 2;
    }
    return at + 1;
  }
  static std::size_t after_raw(std::string_view text, std::size_t quote) {
    const auto open = text.find('(', quote);
    if (open == text.npos) return text.size();
    const auto close = ")" + std::string(text.substr(quote + 1, open - quote - 1)) + '"';
    const auto end = text.find(close, open);
    return end == text.npos ? text.size() : end + close.size();
  }
  /// Behind the parenthesis that closes the one at `open`.
  static std::size_t after_call(std::string_view text, std::size_t open) {
    int depth = 0;
    for (auto at = open; at < text.size(); at = after_token(text, at)) {
      if (text[at] == '(') ++depth;
      if (text[at] == ')' && --depth == 0) return at + 1;
    }
    return text.npos;
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
