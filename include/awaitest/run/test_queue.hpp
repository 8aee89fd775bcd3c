// The tests that are still to run, handed out to the workers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "select/selection.hpp"

namespace awaitest::detail {

/// A suite's tests stay on one worker, and begin in their order: one that waits for a resource holds up its suite, but
/// nobody else. Serial tests run at the end, alone, each on its suite's worker; nobody takes leave before. For the threads of its workers.
class test_queue {
 public:
  enum class answer : std::uint8_t { run, wait, nothing_left };

  test_queue(const std::vector<selected_test>& tests, std::size_t workers, std::size_t concurrency)
      : tests_{tests}, places_(workers) {
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
      const auto* const top = top_suite(i);
      if (!top) {  // depends on nothing: a group of its own
        groups_.push_back({i});
        continue;
      }
      const auto [at, added] = group_of.try_emplace(top->name, groups_.size());
      if (added) groups_.emplace_back();
      groups_[at->second].push_back(i);
    }
    for (auto& group : groups_) std::reverse(group.begin(), group.end());
  }

  /// The next test for this worker. `wait`: ask again when any test has finished.
  answer next(std::size_t worker, std::size_t& index) {
    const auto lock = lock_of_several();
    if (stopped_) return answer::nothing_left;
    auto& mine = places_[worker];
    if (take_from(mine, index)) return answer::run;
    if (take_group(worker)) {
      take_from(mine, index);
      return answer::run;
    }
    if (!mine.tests.empty() || next_group_ != groups_.size()) return wait();
    return next_serial(worker, index);
  }

  /// For a worker that has begun with the test `last` to run what is in virtual time: the next one in its order if that is, too;
  /// else one of the last one's scope. The others wait for real time to come back.
  answer next_in_virtual_time(std::size_t worker, std::size_t last, std::size_t& index) {
    const auto lock = lock_of_several();
    auto& mine = places_[worker].tests;
    if (stopped_ || mine.empty()) return answer::nothing_left;
    const auto of_scope = [&](std::size_t i) { return scope_key(tests_[i]) == scope_key(tests_[last]); };
    auto found = mine.rbegin();
    if (!runs_here(*found)) found = std::find_if(mine.rbegin(), mine.rend(), of_scope);
    if (found == mine.rend() || !runs_here(*found)) return answer::nothing_left;
    if (!acquire(*found)) return wait();
    index = *found;
    mine.erase(std::next(found).base());
    return answer::run;
  }

  /// True when somebody waits: all workers are to ask again.
  bool finished(std::size_t index) {
    const auto lock = lock_of_several();
    --running_;
    ++changes_;
    serial_runs_ = false;
    for (const auto& name : tests_[index].options().resources) std::erase(held_, name);
    return std::exchange(anybody_waits_, false);
  }

  /// Something that a serial test is not to meet: a suite whose fixtures go down.
  void begin_closing() {
    const auto lock = lock_of_several();
    ++running_;
  }
  bool closed() {
    const auto lock = lock_of_several();
    --running_;
    ++changes_;
    return std::exchange(anybody_waits_, false);
  }

  /// Whether a test with that scope_key is still to be handed out.
  bool any_left(std::uint64_t scope) {
    const auto lock = lock_of_several();
    if (stopped_) return false;
    if (!counted_) {
      counted_ = true;
      const auto count = [&](const std::vector<std::size_t>& list) {
        for (const auto index : list) ++left_[scope_key(tests_[index])];
      };
      for (auto at = next_group_; at < groups_.size(); ++at) count(groups_[at]);
      for (const auto& mine : places_) count(mine.tests);
      count(serial_);
    }
    return left_[scope] != 0;
  }

  /// Nothing more is handed out.
  void stop() {
    const auto lock = lock_of_several();
    stopped_ = true;
  }

 private:
  /// With one worker nobody else asks: a lock would be for nothing, several times a test.
  std::unique_lock<std::mutex> lock_of_several() {
    return places_.size() > 1 ? std::unique_lock{guard_} : std::unique_lock<std::mutex>{};
  }
  bool runs_here(std::size_t index) const {
    return tests_[index].in_virtual_time && !tests_[index].options().isolated && !tests_[index].is_not_run();
  }
  answer wait() {
    anybody_waits_ = true;
    return answer::wait;
  }
  struct place {
    std::vector<std::size_t> tests;  // the next one last
    std::uint64_t looked_at = 0;     // the change after which none of them could begin
  };

  const suite* top_suite(std::size_t index) const {
    const auto* top = tests_[index].record->parent;
    while (top && top->parent) top = top->parent;
    return top;
  }
  /// The first that may begin: not behind one of its own suite that waits for a resource.
  bool take_from(place& from, std::size_t& index) {
    if (from.looked_at == changes_) return false;
    std::vector<std::string_view> waiting;  // by name: several blocks may be one suite
    for (auto at = from.tests.size(); at-- > 0;) {
      const auto candidate = from.tests[at];
      const auto* const top = top_suite(candidate);
      if (top && std::find(waiting.begin(), waiting.end(), top->name) != waiting.end()) continue;
      if (!acquire(candidate)) {
        if (top) waiting.emplace_back(top->name);
        continue;
      }
      index = candidate;
      from.tests.erase(from.tests.begin() + static_cast<std::ptrdiff_t>(at));
      return true;
    }
    from.looked_at = changes_;
    return false;
  }
  /// The first suite whose first test may begin is this worker's from now on.
  bool take_group(std::size_t worker) {
    if (groups_looked_at_ == changes_) return false;
    const auto next = groups_.begin() + static_cast<std::ptrdiff_t>(next_group_);
    const auto found =
        std::find_if(next, groups_.end(), [&](const auto& group) { return is_free(group.back()); });
    if (found == groups_.end()) {
      groups_looked_at_ = changes_;
      return false;
    }
    std::rotate(next, found, found + 1);
    auto& group = groups_[next_group_++];
    if (const auto* top = top_suite(group.back())) worker_of_[top->name] = worker;
    auto& mine = places_[worker];
    mine.tests.insert(mine.tests.begin(), group.begin(), group.end());  // the last one is next
    mine.looked_at = 0;
    return true;
  }
  answer next_serial(std::size_t worker, std::size_t& index) {
    if (serial_.empty()) return serial_runs_ ? wait() : answer::nothing_left;
    const auto* const top = top_suite(serial_.front());
    const auto owner = top ? worker_of_.find(top->name) : worker_of_.end();
    if ((owner == worker_of_.end() ? 0 : owner->second) != worker || running_ != 0 ||
        std::any_of(places_.begin(), places_.end(), [](const auto& p) { return !p.tests.empty(); }))
      return wait();
    index = serial_.front();
    acquire(index);
    serial_.erase(serial_.begin());
    serial_runs_ = true;
    return answer::run;
  }
  bool is_free(std::size_t index) const {
    const auto& wanted = tests_[index].options().resources;
    return std::none_of(wanted.begin(), wanted.end(), [&](const auto& name) {
      return std::find(held_.begin(), held_.end(), name) != held_.end();
    });
  }
  bool acquire(std::size_t index) {
    if (!is_free(index)) return false;
    const auto& wanted = tests_[index].options().resources;
    held_.insert(held_.end(), wanted.begin(), wanted.end());
    if (counted_) --left_[scope_key(tests_[index])];
    ++running_;
    return true;
  }

  const std::vector<selected_test>& tests_;
  std::mutex guard_;
  std::vector<std::vector<std::size_t>> groups_;
  std::size_t next_group_ = 0;
  std::vector<place> places_;                     // of each worker
  std::map<std::string, std::size_t> worker_of_;  // by the name of the outermost suite
  std::vector<std::size_t> serial_;
  std::vector<std::string> held_;
  std::size_t running_ = 0;
  std::uint64_t changes_ = 1;           // of what is held
  std::uint64_t groups_looked_at_ = 0;  // the change after which no group could begin
  bool anybody_waits_ = false;
  bool serial_runs_ = false;
  bool stopped_ = false;
  bool counted_ = false;  // from the first question on
  std::map<std::uint64_t, std::size_t> left_;
};

}  // namespace awaitest::detail
