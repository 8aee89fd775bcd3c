// A stack as a person is to see it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "../model/ending.hpp"

namespace awaitest::reporting {

/// The frames that a person is to see, a line each.
class shown_frames {
 public:
  static std::string of(std::vector<named_frame> all) {
    // Frames from the loop's own on are the same each time.
    const auto begins = [](const named_frame& one) {
      return name_of(one.function).starts_with("awaitest::detail::loop::");
    };
    all.erase(std::find_if(all.begin(), all.end(), begins), all.end());
    auto last = std::find_if(all.rbegin(), all.rend(), [](const auto& one) { return !is_machinery(one); });
    if (last != all.rend()) all.erase(last.base(), all.end());
    std::string out;
    std::size_t number = 0;
    bool unnamed = false;
    bool theirs = false;  // a function of the user's has been shown
    for (std::size_t i = 0; i < all.size() && number < most; ++number) {
      auto end = i;
      while (theirs && end < all.size() && is_machinery(all[end])) ++end;
      if (end > i + 1) {
        out += fmt::format("\n  ... {} of Asio, awaitest and the standard library", end - i);
        i = end;
        continue;
      }
      theirs = theirs || !(is_machinery(all[i]) || all[i].function.empty());
      unnamed = unnamed || all[i].text.find("(+0x") != std::string::npos;
      out += fmt::format("\n  #{} {}", i, all[i].text);
      ++i;
    }
    if (unnamed)
      out += "\n  FILE(+OFFSET): `addr2line -Cfipe FILE OFFSET` names it, given a file with symbols";
    return out;
  }

 private:
  static constexpr std::size_t most = 24;

  /// Without the return type that templates have before it.
  static std::string_view name_of(std::string_view function) {
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < function.size(); ++i) {
      const char c = function[i];
      if (c == '(' && depth == 0) {
        const auto before = function.substr(begin, i - begin);
        if (!function.substr(i).starts_with("(anonymous namespace)") && !before.empty() &&
            before != "decltype")
          return function.substr(begin);
      }
      if (c == '<' || c == '(' || c == '[' || c == '{') ++depth;
      if (c == '>' || c == ')' || c == ']' || c == '}') --depth;
      if (c == ' ' && depth == 0) begin = i + 1;
    }
    return function;
  }
  static bool is_machinery(const named_frame& frame) {
    const auto name = name_of(frame.function);
    return std::any_of(std::begin(machinery), std::end(machinery),
                       [&](std::string_view one) { return name.starts_with(one); });
  }
  static constexpr std::string_view machinery[] = {"asio::", "asio_",
                                                   "awaitest::detail::", "std::", "__gnu_cxx::"};
};

}  // namespace awaitest::reporting
