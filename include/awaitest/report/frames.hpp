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
#include "../model/function_name.hpp"

namespace awaitest::reporting {

/// The frames that a person is to see, a line each.
class shown_frames {
 public:
  static std::string of(std::vector<named_frame> all) {
    all = between(std::move(all));
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
      out += fmt::format("\n  #{} {}", i, without_names_of_macros(all[i].text));
      for (end = ++i; end < all.size() && all[end].text == all[i - 1].text;) ++end;
      if (end > i + 1) {  // recursion; not all of it may have been taken
        out += fmt::format("\n  ... the same at least {} times more", end - i);
        i = end;
      }
    }
    if (unnamed)
      out += "\n  FILE(+OFFSET): `addr2line -Cfipe FILE OFFSET` names it, given a file with symbols";
    return out;
  }

 private:
  static constexpr std::size_t most = 24;

  /// Without what is the same each time: the innermost that look, or throw the exception that std::terminate() was called for;
  /// the loop's and those of a thread's start.
  static std::vector<named_frame> between(std::vector<named_frame> all) {
    const auto is_outer = [](const named_frame& one) {
      const auto name = awaitest::without_result(one.function);
      return name.starts_with("awaitest::detail::loop::") ||
             name.starts_with("awaitest::detail::thread_start::") || name == "start_thread";
    };
    all.erase(std::find_if(all.begin(), all.end(), is_outer), all.end());
    const auto is_throw = [](const named_frame& one) {
      return one.function == "__cxa_throw" || one.function == "__cxa_rethrow";
    };
    const auto is_theirs = [](const named_frame& one) {
      return !awaitest::without_result(one.function).starts_with("awaitest::detail::");
    };
    const auto thrown = std::find_if(all.begin(), all.end(), is_throw);
    all.erase(all.begin(),
              thrown != all.end() ? thrown + 1 : std::find_if(all.begin(), all.end(), is_theirs));
    const auto last = std::find_if(all.rbegin(), all.rend(), [](const auto& one) {
      return !is_machinery(one) && !(one.function.empty() && one.text.find("c++.so") != std::string::npos);
    });
    if (last != all.rend()) all.erase(last.base(), all.end());
    return all;
  }

  /// A body is a function of a class, whose names tell a person nothing.
  static std::string without_names_of_macros(std::string text) {
    constexpr std::string_view words = "the body of a test", call = "()";
    for (const std::string_view before : {"(anonymous namespace)::awaitest_test_", "awaitest_test_", ""})
      for (std::size_t from = 0; (from = text.find(before, from)) != std::string::npos; ++from) {
        constexpr std::string_view digits = "0123456789", function = "awaitest_body_";
        auto end = text.find_first_not_of(digits, from + before.size());
        if (end == std::string::npos) break;
        if (!before.empty() && text.compare(end, 2, "::") == 0) end += 2;
        if (text.compare(end, function.size(), function) != 0) continue;
        end = std::min(text.find_first_of("(<: ", end), text.size());
        if (text.compare(end, call.size(), call) == 0) end += call.size();
        text.replace(from, end - from, words);
      }
    return text;
  }

  static bool is_machinery(const named_frame& frame) {
    const auto name = awaitest::without_result(frame.function);
    return std::any_of(std::begin(machinery), std::end(machinery),
                       [&](std::string_view one) { return name.starts_with(one); }) ||
           frame.text.find("/include/c++/") !=
               std::string::npos;  // inlined, and named without their namespace
  }
  static constexpr std::string_view machinery[] = {"asio::", "asio_",
                                                   "awaitest::detail::", "std::", "__gnu_cxx::"};
};

}  // namespace awaitest::reporting
