// The tests that are still to run, handed out to the workers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "selection.hpp"

namespace awaitest::detail {

/// A suite's tests stay on one worker, in their order. Serial tests run at the end, alone. Thread-safe.
class agenda {
 public:
  enum class answer : std::uint8_t { run, wait, nothing_left };

  agenda(const std::vector<selected_test>& tests, std::size_t workers, std::size_t concurrency)
      : tests_{tests}, current_(workers) {
    std::map<std::string, std::size_t> group_of;
    const bool share = workers > 1;
    for (std::size_t i = 0; i < tests.size(); ++i) {
      if (workers * concurrency > 1 && tests[i].options().serial) {
        serial_.push_back(i);
        continue;
      }
      if (!share) {  // one worker: the order is the selection's, serial or not
        if (groups_.empty()) groups_.emplace_back();
        groups_.front().push_back(i);
        continue;
      }
      // Tests of no suite depend on nothing: each is a group of its own.
      const auto* top = tests[i].record->parent;
      while (top && top->parent) top = top->parent;
      if (!top) {
        groups_.push_back({i});
        continue;
      }
      const auto [at, added] = group_of.try_emplace(top->name, groups_.size());
      if (added) groups_.emplace_back();
      groups_[at->second].push_back(i);
    }
  }

  /// The next test for this worker. `wait`: ask again when any test has finished.
  answer next(std::size_t worker, std::size_t& index) {
    const std::lock_guard lock{guard_};
    if (stopped_) return answer::nothing_left;
    auto& mine = current_[worker];
    if (mine.empty() && next_group_ < groups_.size()) {
      mine = std::move(groups_[next_group_++]);
      std::reverse(mine.begin(), mine.end());
    }
    if (!mine.empty()) {
      if (!acquire(mine.back())) return answer::wait;
      index = mine.back();
      mine.pop_back();
      return answer::run;
    }
    if (serial_.empty()) return answer::nothing_left;
    if (worker != 0) return answer::nothing_left;
    if (running_ != 0 || next_group_ < groups_.size() ||
        std::any_of(current_.begin(), current_.end(), [](const auto& g) { return !g.empty(); }))
      return answer::wait;
    acquire(serial_.front());
    index = serial_.front();
    serial_.erase(serial_.begin());
    return answer::run;
  }

  /// For a worker that has begun with the test `last` to run what is in virtual time: the next one in its order if that is, too;
  /// else one of the last one's scope. The others wait for real time to come back.
  answer next_in_virtual_time(std::size_t worker, std::size_t last, std::size_t& index) {
    const std::lock_guard lock{guard_};
    auto& mine = current_[worker];
    if (stopped_ || mine.empty()) return answer::nothing_left;
    const auto of_scope = [&](std::size_t i) { return scope_key(tests_[i]) == scope_key(tests_[last]); };
    auto found = mine.rbegin();
    if (!runs_here(*found)) found = std::find_if(mine.rbegin(), mine.rend(), of_scope);
    if (found == mine.rend() || !runs_here(*found)) return answer::nothing_left;
    if (!acquire(*found)) return answer::wait;
    index = *found;
    mine.erase(std::next(found).base());
    return answer::run;
  }

  void finished(std::size_t index) {
    const std::lock_guard lock{guard_};
    --running_;
    for (const auto& name : tests_[index].options().resources) std::erase(held_, name);
  }

  /// Whether a test with that scope_key is still to be handed out.
  bool any_left(std::uint64_t scope) {
    const std::lock_guard lock{guard_};
    if (stopped_) return false;
    if (!counted_) {
      counted_ = true;
      const auto count = [&](const std::vector<std::size_t>& list) {
        for (const auto index : list) ++left_[scope_key(tests_[index])];
      };
      for (auto at = next_group_; at < groups_.size(); ++at) count(groups_[at]);
      for (const auto& mine : current_) count(mine);
      count(serial_);
    }
    return left_[scope] != 0;
  }

  /// Nothing more is handed out.
  void stop() {
    const std::lock_guard lock{guard_};
    stopped_ = true;
  }

 private:
  bool runs_here(std::size_t index) const {
    return tests_[index].in_virtual_time && !tests_[index].options().isolated && !tests_[index].skipped();
  }
  bool acquire(std::size_t index) {
    const auto& wanted = tests_[index].options().resources;
    for (const auto& name : wanted)
      if (std::find(held_.begin(), held_.end(), name) != held_.end()) return false;
    held_.insert(held_.end(), wanted.begin(), wanted.end());
    if (counted_) --left_[scope_key(tests_[index])];
    ++running_;
    return true;
  }

  const std::vector<selected_test>& tests_;
  std::mutex guard_;
  std::vector<std::vector<std::size_t>> groups_;
  std::size_t next_group_ = 0;
  std::vector<std::vector<std::size_t>> current_;  // of each worker, the next one last
  std::vector<std::size_t> serial_;
  std::vector<std::string> held_;
  std::size_t running_ = 0;
  bool stopped_ = false;
  bool counted_ = false;  // from the first question on
  std::map<std::uint64_t, std::size_t> left_;
};

}  // namespace awaitest::detail
