// The waits of a scope's coroutines and operations, for a report: those that are alike are one.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "../loop/launch.hpp"
#include "../model/event.hpp"
#include "../platform/code_names.hpp"

namespace awaitest::detail {

/// A wait of a task, before its coroutines have names.
struct found_wait {
  known_wait told;
  resume_points callers, work;
  const child_state* child = nullptr;  ///< whose it is, where those of children that wait alike are counted
  bool is_left = false;  ///< it has outlived its test: those of one task are counted that are alike

  found_wait() = default;
  explicit found_wait(const pending& one) : callers{one.callers()} {
    told.what = one.subject();
    told.where = one.where;
    told.is_operation = one.is_operation();
    const bool same_place = one.made.line == one.where.line && one.made.file == one.where.file;
    if (one.made.line != 0 && !same_place && one.what != std::string_view{"settle"}) {
      told.origin = one.origin;
      told.made = one.made;
    }
    if (const auto* const which = one.work(); which && !which->ended()) work = which->root.waiting();
  }
};

class collected_waits {
 public:
  /// The waits of that coroutine, as far as they are known.
  void add(const launch& which, const std::string& task) {
    for_each_wait(which, [&](found_wait one) {
      one.told.task = task;
      all_.push_back(std::move(one));
    });
  }
  /// The same of a child, which is counted where another one waits alike.
  void add(const child_state& child) {
    for_each_wait(child, [&](found_wait one) {
      one.told.task = child.who.slot->label;
      one.told.spawned = child.where;
      one.told.background = child.background;
      if (!child.name.empty()) one.told.names.push_back(child.name);
      one.child = &child;
      all_.push_back(std::move(one));
    });
  }
  /// A wait that has outlived its test.
  void add_left(found_wait one, const std::string& task) {
    one.told.task = task;
    one.is_left = true;
    all_.push_back(std::move(one));
  }
  /// Names the coroutines, which may take a process of its own: not under a lock.
  void give_to(failure& to) && {
    resume_points points;
    for (const auto& one : all_)
      for (const auto* const some : {&one.callers, &one.work})
        points.insert(points.end(), some->begin(), some->end());
    auto& names = code_names::instance();
    names.learn(points);
    std::vector<found_wait> lines;
    for (auto& one : all_) {
      one.told.callers = names.of_coroutines(one.callers);
      one.told.work = names.of_coroutines(one.work);
      put(std::move(one), lines);
    }
    for (auto& one : lines)
      if (to.waits.size() < most_waits)
        to.waits.push_back(std::move(one.told));
      else
        to.more_waits += one.told.count;
  }

 private:
  template <class F>
  static void for_each_wait(const launch& which, F f) {
    if (which.ended()) return;
    bool any = false;
    // A test waits for the hooks of wider fixtures, too, whose scope is another.
    which.who.slot->scope->for_each_pending([&](const pending& one) {
      if (one.who.slot != which.who.slot) return;
      any = true;
      f(found_wait{one});
    });
    if (any) return;
    found_wait unknown;
    unknown.callers = which.root.waiting();
    f(std::move(unknown));
  }
  static bool same_place(const location& a, const location& b) {
    return a.line == b.line && a.file == b.file;
  }
  static bool are_alike(const known_wait& a, const known_wait& b) {
    return a.what == b.what && same_place(a.where, b.where) && a.callers == b.callers && a.work == b.work &&
           same_place(a.made, b.made);
  }
  static void put(found_wait one, std::vector<found_wait>& lines) {
    const auto alike = std::find_if(lines.begin(), lines.end(), [&](const found_wait& other) {
      const bool same = one.child ? other.child && same_place(other.told.spawned, one.told.spawned) &&
                                        other.told.background == one.told.background
                                  : one.is_left && other.told.task == one.told.task;
      return same && are_alike(other.told, one.told);
    });
    if (alike == lines.end()) return lines.push_back(std::move(one));
    if (one.child && std::exchange(alike->child, one.child) == one.child) return;  // it waits twice
    ++alike->told.count;
    for (auto& name : one.told.names)
      if (alike->told.names.size() < most_names)
        alike->told.names.push_back(std::move(name));
      else
        ++alike->told.more_names;
  }

  std::vector<found_wait> all_;
};

}  // namespace awaitest::detail
