// The names of functions as compilers write them.
#pragma once

#include <cstddef>
#include <string_view>

namespace awaitest {

/// Without the return type that templates have before it. A conversion's type is behind the word `operator`, and a part of its name.
inline std::string_view without_result(std::string_view function) {
  int depth = 0;
  std::size_t begin = 0;
  bool converts = false;
  for (std::size_t i = 0; i < function.size(); ++i) {
    const char c = function[i];
    if (c == '(' && depth == 0) {
      const auto before = function.substr(begin, i - begin);
      if (!function.substr(i).starts_with("(anonymous namespace)") && !before.empty() && before != "decltype")
        return function.substr(begin);
    }
    if (c == '<' || c == '(' || c == '[' || c == '{') ++depth;
    if (c == '>' || c == ')' || c == ']' || c == '}') --depth;
    if (c != ' ' || depth != 0 || converts) continue;
    const auto before = function.substr(begin, i - begin);
    converts = before == "operator" || before.ends_with("::operator");
    if (!converts) begin = i + 1;
  }
  return function;
}

}  // namespace awaitest
