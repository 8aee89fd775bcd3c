// The waits of a scope's coroutines and operations, for a report: those that are alike are one.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "../loop/launch.hpp"
#include "../model/event.hpp"

namespace awaitest::detail {

/// The wait as data, without its task.
inline known_wait wait_of(const pending& one) {
  known_wait made;
  made.what = one.subject();
  made.where = one.where;
  made.callers = one.callers();
  made.is_operation = one.is_operation();
  const bool same_place = one.made.line == one.where.line && one.made.file == one.where.file;
  if (one.made.line != 0 && !same_place && one.what != std::string_view{"settle"}) {
    made.origin = one.origin;
    made.made = one.made;
  }
  return made;
}

class collected_waits {
 public:
  /// The waits of that coroutine, as far as they are known.
  void add(const launch& which, const std::string& task) {
    for_each_wait(which, [&](known_wait one) {
      one.task = task;
      put(std::move(one), nullptr);
    });
  }
  /// The same of a child, which is counted where another one waits alike.
  void add(const child_state& child) {
    for_each_wait(child, [&](known_wait one) {
      one.task = child.who.slot->label;
      one.spawned = child.where;
      one.background = child.background;
      if (!child.name.empty()) one.names.push_back(child.name);
      put(std::move(one), &child);
    });
  }
  /// A wait that has outlived its test.
  void add_left(known_wait one, const std::string& task) {
    one.task = task;
    const auto same = std::find_if(lines_.begin(), lines_.end(), [&](const line& other) {
      return other.told.task == one.task && waits_alike(other.told, one);
    });
    if (same != lines_.end())
      ++same->told.count;
    else
      lines_.push_back({std::move(one), nullptr});
  }
  void give_to(failure& to) && {
    for (auto& one : lines_)
      if (to.waits.size() < most_waits)
        to.waits.push_back(std::move(one.told));
      else
        to.more_waits += one.told.count;
  }

 private:
  struct line {
    known_wait told;
    const child_state* last;  // of those that are counted
  };

  template <class F>
  static void for_each_wait(const launch& which, F f) {
    if (which.ended()) return;
    bool any = false;
    // A test waits for the hooks of wider fixtures, too, whose scope is another.
    which.who.slot->scope->for_each_pending([&](const pending& one) {
      if (one.who.slot != which.who.slot) return;
      any = true;
      f(wait_of(one));
    });
    if (!any) f(known_wait{});
  }
  static bool same_place(const location& a, const location& b) {
    return a.line == b.line && a.file == b.file;
  }
  static bool waits_alike(const known_wait& a, const known_wait& b) {
    return a.what == b.what && same_place(a.where, b.where) && a.callers == b.callers &&
           same_place(a.made, b.made);
  }
  void put(known_wait one, const child_state* child) {
    const auto alike = std::find_if(lines_.begin(), lines_.end(), [&](const line& other) {
      return child && other.last && same_place(other.told.spawned, one.spawned) &&
             other.told.background == one.background && waits_alike(other.told, one);
    });
    if (alike == lines_.end()) return lines_.push_back({std::move(one), child});
    if (std::exchange(alike->last, child) == child) return;  // it waits twice
    ++alike->told.count;
    for (auto& name : one.names)
      if (alike->told.names.size() < most_names)
        alike->told.names.push_back(std::move(name));
      else
        ++alike->told.more_names;
  }

  std::vector<line> lines_;
};

}  // namespace awaitest::detail
