// The labels with which a test calls a function, read from its source: also those of calls that it has never come to.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "../model/location.hpp"
#include "source_text.hpp"

namespace awaitest::detail {

class source_labels : source_text {
 public:
  struct label {
    std::string text;
    unsigned line;
  };
  /// The labels of calls `function("...")` in the body of the test that begins there. None where the source is not there, or the label is
  /// no literal.
  static std::vector<label> in_test(location test, std::string_view function) {
    return test.file ? in(lines(test.file, test.line, most_lines), test.line, function)
                     : std::vector<label>{};
  }
  /// The same of a text, whose first line has that number.
  static std::vector<label> in(std::string_view text, unsigned first, std::string_view function) {
    std::vector<label> found;
    int parentheses = 0, braces = 0;
    for (std::size_t at = 0; at < text.size();) {
      const auto begin = at;
      at = after_token(text, at);
      const auto c = text[begin];
      if (c == '(') ++parentheses;
      if (c == ')') --parentheses;
      if (c == '{' && (braces > 0 || parentheses == 0)) ++braces;
      if (c == '}' && braces > 0 && --braces == 0) break;
      if (braces == 0 || text.substr(begin, at - begin) != function) continue;
      auto open = text.find_first_not_of(" \t\n", at);
      if (open == text.npos || text[open] != '(') continue;
      open = text.find_first_not_of(" \t\n", open + 1);
      if (open == text.npos || text[open] != '"') continue;
      const auto end = after_token(text, open);
      const auto line = first + static_cast<unsigned>(std::count(
                                    text.begin(), text.begin() + static_cast<std::ptrdiff_t>(open), '\n'));
      found.push_back({unescaped(text.substr(open + 1, end - open - 2)), line});
    }
    return found;
  }

 private:
  static constexpr unsigned long most_lines = 2000;

  static std::string unescaped(std::string_view literal) {
    std::string made;
    for (std::size_t i = 0; i < literal.size(); ++i) {
      if (literal[i] == '\\' && i + 1 < literal.size()) ++i;
      made += literal[i];
    }
    return made;
  }
};

}  // namespace awaitest::detail
