// The names of coroutines, for a person.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "coroutine_frames.hpp"
#include "limits.hpp"
#include "real_clock.hpp"
#include "symbols.hpp"

namespace awaitest::detail {

/// The names of coroutines, looked up once in a process. Thread-safe.
class coroutine_names {
 public:
  static coroutine_names& instance() {
    static coroutine_names all;
    return all;
  }

  /// Looks up those that are not known yet, all in one go.
  void learn(const resume_points& points) {
    resume_points unknown;
    std::vector<std::uintptr_t> code;
    {
      const std::lock_guard lock{guard_};
      for (const auto* point : points) {
        if (names_.contains(point) || std::find(unknown.begin(), unknown.end(), point) != unknown.end())
          continue;
        unknown.push_back(point);
        code.push_back(reinterpret_cast<std::uintptr_t>(point));
      }
    }
    if (unknown.empty()) return;
#if defined(__linux__) && defined(__GLIBC__)
    const time_scope real{nullptr};
    const auto found = frame_names::of_each(code, limits::coroutine_names, [](const std::string& function) {
      return !is_machinery(short_name(function));
    });
    const std::lock_guard lock{guard_};
    for (std::size_t i = 0; i < unknown.size(); ++i) names_[unknown[i]] = words_for(found[i].back());
#endif
  }

  /// "in f (file:line), in g (file:line)": the user's own ones.
  std::string text(const resume_points& points) const {
    const std::lock_guard lock{guard_};
    std::string all;
    for (const auto* point : points) {
      const auto found = names_.find(point);
      if (found == names_.end() || found->second.empty()) continue;
      all += (all.empty() ? "in " : ", in ") + found->second;
    }
    return all;
  }

 private:
  /// As compilers write the body of a coroutine, shortened to its name: without parameters, unnamed namespaces, tags of the
  /// ABI, what Clang says of its part and, for a template, the result.
  static std::string short_name(std::string name) {
    if (const auto part = name.find(" [clone "); part != std::string::npos) name.resize(part);
    // asio:: may hold an inline namespace.
    const auto result = name.starts_with("asio::") ? name.find("awaitable<") : std::string::npos;
    if (result == 6 || (result != std::string::npos && name.find("::", 6) + 2 == result)) {
      auto at = name.find('<', result);
      for (int depth = 0; at < name.size(); ++at) {
        depth += name[at] == '<' ? 1 : name[at] == '>' ? -1 : 0;
        if (depth == 0) break;
      }
      if (at + 2 < name.size() && name[at + 1] == ' ') name.erase(0, at + 2);
    }
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
  static bool is_machinery(const std::string& name) {
    const auto is_of = [&](std::string_view prefix) { return name.starts_with(prefix); };
    return name.empty() || is_of("asio::") || is_of("awaitest::") || is_of("_ZN4asio") ||
           is_of("_ZN8awaitest");
  }
  /// Empty for what is no function of the user's, or the test itself.
  static std::string words_for(const named_frame& frame) {
    auto name = short_name(frame.function);
    if (is_machinery(name)) return {};
    if (name.find("awaitest_body_") != std::string::npos) {
      if (!name.ends_with('}') && name.find("::$_") == std::string::npos) return {};
      name = "a lambda";
    }
    constexpr std::string_view at = " at ";
    const auto rest = std::string_view{frame.text}.substr(std::min(frame.function.size(), frame.text.size()));
    return rest.starts_with(at) ? fmt::format("{} ({})", name, rest.substr(at.size())) : name;
  }

  mutable std::mutex guard_;
  std::map<const void*, std::string> names_;
};

}  // namespace awaitest::detail
