// The last few things that happened in a test, for the report of one that gets no further.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../model/event.hpp"
#include "task.hpp"

namespace awaitest::detail {

/// A few steps. One that happens again moves to the end and is counted, so that a ticker does not push out the rest. Of a
/// scope, whose tasks live as long; not thread-safe.
class recent_steps {
 public:
  /// `verb` and `where.file` live for ever; `what` is copied.
  void add(const task* who, const char* verb, std::string_view what, location where, std::int64_t at) {
    const auto same = [&](const step& one) {
      return one.who == who && one.verb == verb && one.where.line == where.line &&
             one.where.file == where.file && one.what == what;
    };
    const auto end = steps_.begin() + static_cast<std::ptrdiff_t>(count_);
    auto found = std::find_if(steps_.begin(), end, same);
    if (found == end && count_ < steps_.size()) {
      ++count_;
      found->reset(who, verb, what, where);
    } else if (found == end) {
      found = steps_.begin();
      found->reset(who, verb, what, where);
    }
    ++found->times;
    found->at = at;
    std::rotate(found, found + 1, steps_.begin() + static_cast<std::ptrdiff_t>(count_));
  }

  /// The oldest first, of those for which `wanted(who, verb)` holds.
  template <class F>
  std::vector<happening> told(F wanted) const {
    std::vector<happening> all;
    for (std::size_t i = 0; i < count_; ++i)
      if (wanted(steps_[i].who, steps_[i].verb)) all.push_back({steps_[i].at, steps_[i].words()});
    return all;
  }

 private:
  struct step {
    const task* who = nullptr;
    const char* verb = "";
    std::string what;
    location where;
    std::int64_t at = 0;
    std::uint64_t times = 0;

    void reset(const task* by, const char* did, std::string_view with, location there) {
      who = by;
      verb = did;
      what = with;
      where = there;
      times = 0;
    }
    std::string words() const {
      auto text = who->label.empty() ? std::string("the body") : who->label;
      if (*verb) {
        const auto named = text.rfind("' spawned at ");  // whose name is enough
        if (named != std::string::npos) text.resize(named + 1);
        text.append(" ").append(verb);
      }
      if (!what.empty()) text.append(" ").append(what);
      if (where.line != 0) text.append(" at ").append(where.file).append(":") += std::to_string(where.line);
      if (times > 1) text += " (" + std::to_string(times) + " times)";
      return text;
    }
  };

  std::array<step, 8> steps_;
  std::size_t count_ = 0;
};

}  // namespace awaitest::detail
