// The names of functions at addresses of code, for a person.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "coroutine_frames.hpp"
#include "function_words.hpp"
#include "limits.hpp"
#include "process_stops.hpp"
#include "real_clock.hpp"
#include "symbols.hpp"

namespace awaitest::detail {

/// The functions of the user's at addresses of code, looked up once in a process. Thread-safe.
class code_names {
 public:
  static code_names& instance() {
    static code_names all;
    return all;
  }

  /// Looks up those that are not known yet, all in one go. Where there is no memory for that, a report goes without.
  void learn(const resume_points& points) {
    try {
      look_up(points);
    } catch (const std::bad_alloc&) {
    }
  }

  /// How the call in a test's own body is told.
  static constexpr std::string_view in_body = "in the body of the test";

  /// "in f (file:line), in g (file:line)": the user's own coroutines, by the lines of their beginnings; a test's body is none.
  std::string of_coroutines(const resume_points& points) const {
    std::string all;
    for (const auto& name : known(points))
      if (!name.starts_with(body)) all += (all.empty() ? "in " : ", in ") + name;
    return all;
  }
  /// "in f (file:line)": the innermost of the user's own coroutines; empty: none is known.
  std::string innermost_coroutine(const resume_points& points) const {
    for (const auto& name : known(points))
      if (!name.starts_with(body)) return "in " + name;
    return {};
  }
  /// "in f (file:line), in g (file:line: CHECK(f() == 3))": the calls in the user's own functions, with the assertions that they
  /// are in, where the source is there.
  std::string of_calls(const resume_points& points) const {
    std::string all;
    for (const auto& name : known(points))
      all += (all.empty() ? "in " : ", in ") + detail::with_assertion(name);
    return all;
  }

 private:
  static constexpr std::string_view body = "the body of the test";

  std::vector<std::string> known(const resume_points& points) const {
    const std::lock_guard lock{guard_};
    std::vector<std::string> all;
    for (const auto* point : points)
      if (const auto found = names_.find(point); found != names_.end() && !found->second.empty())
        all.push_back(found->second);
    return all;
  }
  void look_up(const resume_points& points) {
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
    const auto begun = std::chrono::steady_clock::now();
    const auto found = frame_names::of_each(
        code, std::min(limits::code_names, left()),
        [](const std::string& function) { return !detail::is_machinery(detail::short_name(function)); });
    const auto took = std::chrono::steady_clock::now() - begun;
    stops.add(took);
    const std::lock_guard lock{guard_};
    spent_ += took;
    for (std::size_t i = 0; i < unknown.size(); ++i)
      names_[unknown[i]] = detail::words_for_function(found[i].back(), body);
#endif
  }
  /// A run with many failures is not to wait for all their places: functions have names still.
  std::chrono::milliseconds left() const {
    const std::lock_guard lock{guard_};
    return limits::code_names_altogether - std::chrono::duration_cast<std::chrono::milliseconds>(spent_);
  }

  mutable std::mutex guard_;
  std::map<const void*, std::string> names_;
  std::chrono::nanoseconds spent_{};
};

}  // namespace awaitest::detail
