// The coroutines that wait for one another above a pending operation: which function awaits, and which awaits that.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "code_names.hpp"
#include "private_member.hpp"

namespace awaitest::detail {

using coroutine_frame = asio::detail::awaitable_frame_base<asio::any_io_executor>;
AWAITEST_PRIVATE_(frame_caller, &coroutine_frame::caller_)
AWAITEST_PRIVATE_(frame_coroutine, &coroutine_frame::coro_)

/// Where each of them goes on when it is resumed, the innermost first. Both compilers begin a coroutine's frame with that
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

/// The names of coroutines, looked up once in a process. The loop's thread, or under a lock.
class coroutine_names {
 public:
  /// Looks up those that are not known yet, all in one go.
  void learn(const std::vector<const void*>& points) {
    std::vector<const void*> unknown;
    for (const auto* point : points)
      if (names_.try_emplace(point).second) unknown.push_back(point);
    if (unknown.empty()) return;
    const auto found = names_of_code(unknown);
    for (std::size_t i = 0; i < unknown.size(); ++i) names_[unknown[i]] = words_for(found[i]);
  }

  bool knows(const std::vector<const void*>& points) const {
    return std::all_of(points.begin(), points.end(), [&](const void* one) { return names_.contains(one); });
  }

  /// "in f (file:line), in g (file:line)": the user's own ones.
  std::string text(const std::vector<const void*>& points) const {
    std::string all;
    for (const auto* point : points) {
      const auto found = names_.find(point);
      if (found == names_.end() || found->second.empty()) continue;
      all += (all.empty() ? "in " : ", in ") + found->second;
    }
    return all;
  }

 private:
  /// Clang's names of templates begin with what they return.
  static std::string without_result(std::string name) {
    if (!name.starts_with("asio::awaitable<")) return name;
    std::size_t at = 15;
    for (int depth = 0; at < name.size(); ++at) {
      depth += name[at] == '<' ? 1 : name[at] == '>' ? -1 : 0;
      if (depth == 0) break;
    }
    return at + 2 < name.size() && name[at + 1] == ' ' ? name.substr(at + 2) : name;
  }
  /// Empty for what is no function of the user's, or the test itself.
  static std::string words_for(std::string_view line) {
    const auto at = line.rfind(" at ");
    if (at == std::string_view::npos) return {};
    auto name = name_of_coroutine(without_result(std::string(line.substr(0, at))));
    const auto skipped = [&](std::string_view prefix) { return name.starts_with(prefix); };
    auto where = line.substr(at + 4);
    if (const auto more = where.find(" ("); more != std::string_view::npos) where = where.substr(0, more);
    if (skipped("asio::") || skipped("awaitest::") || skipped("_ZN4asio") || skipped("_ZN8awaitest"))
      return {};
    if (name.find("awaitest_body_") != std::string::npos) {
      if (!name.ends_with('}') && name.find("::$_") == std::string::npos) return {};
      name = "a lambda";
    }
    return where.starts_with('?') ? name : fmt::format("{} ({})", name, where);
  }

  std::map<const void*, std::string> names_;
};

}  // namespace awaitest::detail
