// The last few things that happened in a test, for the report of one that gets no further.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../model/event.hpp"
#include "task.hpp"

namespace awaitest::detail {

/// A few steps. One that happens again is the newest and is counted, so that a ticker does not push out the rest. Of a
/// scope, whose tasks live as long; not thread-safe.
class recent_activity {
 public:
  /// `verb` and `where.file` live for ever; `what` is copied.
  void add(const task* who, const char* verb, std::string_view what, location where, std::int64_t at) {
    step* oldest = nullptr;
    for (auto& one : steps_) {
      if (one.is(who, verb, what, where)) return one.happens(++last_, at);
      if (!oldest || one.order < oldest->order) oldest = &one;
    }
    if (steps_.size() < most) {
      steps_.reserve(most);
      oldest = &steps_.emplace_back();
    }
    oldest->become(who, verb, what, where);
    oldest->happens(++last_, at);
  }

  /// The oldest first, of those for which `wanted(who, verb)` holds.
  template <class F>
  std::vector<happening> told(F wanted) const {
    std::vector<const step*> all;
    for (const auto& one : steps_)
      if (wanted(one.who, one.verb)) all.push_back(&one);
    std::sort(all.begin(), all.end(), [](const step* a, const step* b) { return a->order < b->order; });
    std::vector<happening> made;
    made.reserve(all.size());
    for (const auto* one : all) made.push_back(one->told());
    return made;
  }

 private:
  struct step {
    const task* who = nullptr;
    const char* verb = "";
    std::string what;
    location where;
    std::int64_t at = 0;
    std::uint64_t times = 0;
    std::uint64_t order = 0;

    bool is(const task* by, const char* did, std::string_view with, location there) const noexcept {
      return who == by && where.line == there.line && verb == did && where.file == there.file && what == with;
    }
    void become(const task* by, const char* did, std::string_view with, location there) {
      who = by;
      verb = did;
      what = with;
      where = there;
      times = 0;
    }
    void happens(std::uint64_t now, std::int64_t time) noexcept {
      ++times;
      order = now;
      at = time;
    }
    happening told() const {
      auto label = who->label;
      if (*verb && who->short_label != 0) label.resize(who->short_label);
      return {at, std::move(label), verb, what, where, times};
    }
  };

  static constexpr std::size_t most = 8;
  std::vector<step> steps_;  // most tests have none: no room is made for them
  std::uint64_t last_ = 0;
};

}  // namespace awaitest::detail
