// The coroutines that wait for one another above a pending operation: which function awaits, and which awaits that.
//
// Private to Asio: awaitable_frame_base::caller_ and coro_ (1.22 to 1.38). With AWAITEST_NO_INTERPOSITION they are left alone, and
// only the place of an operation is known, not its coroutines.
#pragma once

#include <fmt/format.h>
#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(any_io_executor.hpp)
#include AWAITEST_ASIO(awaitable.hpp)

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "limits.hpp"
#include "real_clock.hpp"
#include "symbols.hpp"

#ifndef AWAITEST_NO_INTERPOSITION
#include "private_member.hpp"
#endif

namespace awaitest::detail {

using coroutine_frame = asio::detail::awaitable_frame_base<asio::any_io_executor>;

#ifndef AWAITEST_NO_INTERPOSITION
AWAITEST_PRIVATE_(frame_caller, &coroutine_frame::caller_)
AWAITEST_PRIVATE_(frame_coroutine, &coroutine_frame::coro_)

/// The address at which each of them goes on when it is resumed, the innermost first. Both compilers begin a coroutine's frame with that
/// address.
template <std::size_t N>
void collect_resume_points(coroutine_frame* innermost, const void* (&points)[N]) {
  auto* one = innermost;
  for (auto& point : points) {
    if (!one) return;
    point = *static_cast<const void* const*>((one->*member_of(frame_coroutine{})).address());
    one = one->*member_of(frame_caller{});
  }
}

#else
template <std::size_t N>
void collect_resume_points(coroutine_frame*, const void* (&)[N]) {}
#endif

/// The names of coroutines, looked up once in a process. Thread-safe.
class coroutine_names {
 public:
  static coroutine_names& instance() {
    static coroutine_names all;
    return all;
  }

  /// Looks up those that are not known yet, all in one go.
  void learn(const std::vector<const void*>& points) {
    std::vector<const void*> unknown;
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
    const auto found = frame_names::of_each(code, limits::coroutine_names);
    const std::lock_guard lock{guard_};
    for (std::size_t i = 0; i < unknown.size(); ++i) names_[unknown[i]] = words_for(found[i].back());
#endif
  }

  /// "in f (file:line), in g (file:line)": the user's own ones.
  std::string text(const std::vector<const void*>& points) const {
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
  /// As compilers write the body of a coroutine, shortened to its name: no parameters, what Clang says of its part and, for
  /// a template, of the result.
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
    return name;
  }
  /// Empty for what is no function of the user's, or the test itself.
  static std::string words_for(const named_frame& frame) {
    auto name = short_name(frame.function);
    const auto is_of = [&](std::string_view prefix) { return name.starts_with(prefix); };
    if (name.empty() || is_of("asio::") || is_of("awaitest::") || is_of("_ZN4asio") || is_of("_ZN8awaitest"))
      return {};
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
