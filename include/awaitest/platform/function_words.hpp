// Functions in a person's words: those of the user, by their names and places.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "../model/ending.hpp"
#include "../model/function_name.hpp"
#include "source_assertion.hpp"

namespace awaitest::detail {

/// As compilers write the body of a coroutine, shortened to its name: without parameters, unnamed namespaces, tags of the
/// ABI, what Clang says of its part and, for a template, the result.
inline std::string short_name(std::string name) {
  if (const auto part = name.find(" [clone "); part != std::string::npos) name.resize(part);
  name = std::string(awaitest::without_result(name));
  if (name.ends_with(" const")) name.resize(name.size() - 6);
  constexpr std::string_view call = "::operator()";
  if (name.ends_with(')') && !name.ends_with(call)) {
    auto open = name.size() - 1;
    for (int depth = 1; depth != 0 && open != 0;) {
      --open;
      depth += name[open] == ')' ? 1 : name[open] == '(' ? -1 : 0;
    }
    if (open != 0) name.resize(open);
  }
  if (name.ends_with(call)) name.resize(name.size() - call.size());
  for (const std::string_view noise : {"(anonymous namespace)::", "[abi:cxx11]"})
    for (auto at = name.find(noise); at != std::string::npos; at = name.find(noise, at))
      name.erase(at, noise.size());
  return name;
}
inline bool is_machinery(const std::string& name) {
  const auto is_of = [&](std::string_view prefix) { return name.starts_with(prefix); };
  return name.empty() || name == "main" || name == "start_thread" || is_of("asio::") || is_of("asio_") ||
         is_of("awaitest::") || is_of("std::") || is_of("_") || is_of("clone");
}
/// `f (x.cpp:3)`; empty for what is no function of the user's. `body`: the words for a test's own.
inline std::string words_for_function(const named_frame& frame, std::string_view body) {
  auto name = detail::short_name(frame.function);
  if (detail::is_machinery(name)) return {};
  if (frame.function == "operator()") name = "a lambda";  // an inlined one, in g++'s debug information
  if (name.find("awaitest_body_") != std::string::npos) {
    const bool is_lambda = name.ends_with('}') || name.find("::$_") != std::string::npos;
    name = is_lambda ? "a lambda" : body;
  }
  constexpr std::string_view at = " at ";
  const auto rest = std::string_view{frame.text}.substr(std::min(frame.function.size(), frame.text.size()));
  return rest.starts_with(at) ? fmt::format("{} ({})", name, rest.substr(at.size())) : name;
}
/// `f (x.cpp:3: CHECK(g() == 1))`, of `f (x.cpp:3)`, where an assertion is at that line.
inline std::string with_assertion(std::string words) {
  const auto open = words.rfind(" (");
  if (open == std::string::npos || !words.ends_with(')')) return words;
  const auto text = source_assertion::at(std::string_view{words}.substr(open + 2, words.size() - open - 3));
  if (!text.empty()) words.insert(words.size() - 1, ": " + text);
  return words;
}

}  // namespace awaitest::detail
