// C++ source text, as a reader of reports has it at hand: literals and comments are known as far as needed to find what belongs together.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace awaitest::detail {

class source_text {
 public:
  /// So many lines at most, of a file that may not be there.
  static std::string lines(const std::string& file, unsigned long first, unsigned long most) {
    std::string text;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> from{std::fopen(file.c_str(), "re"), std::fclose};
    if (!from) return text;
    char* line = nullptr;
    std::size_t size = 0;
    for (unsigned long number = 1; number < first + most && ::getline(&line, &size, from.get()) > 0; ++number)
      if (number >= first) text += line;
    std::free(line);
    return text;
  }

  static bool is_of_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
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
};

}  // namespace awaitest::detail
