// The subtests of a test: those that its body has entered, and those that are left out when it is run again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "../model/event.hpp"
#include "../model/last_moments.hpp"

namespace awaitest::detail {

/// A block of SUBTEST is identified by its path, with a number where the same path comes again in one run of the body. A run that ended
/// in a block is followed by another one without that block, as long as every block that is to be left out has come again. Any thread.
class subtests {
 public:
  /// Which it is from here on, from 1; 0: it is left out. `within`: the one that it is nested in, or 0.
  std::size_t enter(std::size_t within, std::string name, location where) {
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    if (name.empty()) name = "(no name)";
    const std::lock_guard lock{guard_};
    if (within != 0) name = all_[within - 1].told.name + '/' + name;
    if (const auto times = ++entered_[name]; times > 1) name += " #" + std::to_string(times);
    const auto [place, is_new] = known_.try_emplace(std::move(name), all_.size() + 1);
    if (is_new) all_.push_back({{place->first, where, outcome::passed, {}}, within});
    auto& one = at(place->second);
    one.has_come = true;
    one.inner_ended = false;
    if (one.left_out) return 0;
    open_.push_back(place->second);
    return place->second;
  }
  void left(std::size_t which, bool by_exception, bool in_body) {
    const std::lock_guard lock{guard_};
    const auto last = std::find(open_.rbegin(), open_.rend(), which);
    if (last != open_.rend()) open_.erase(std::next(last).base());
    if (!by_exception) return;
    auto& one = at(which);
    if (one.within != 0) at(one.within).inner_ended = true;
    if (one.inner_ended) return;
    one.left_out = true;
    (in_body ? ended_body_ : ended_child_) = true;
  }
  void skip(std::size_t which, std::string reason) {
    const std::lock_guard lock{guard_};
    auto& one = at(which).told;
    if (one.result != outcome::passed) return;
    one.result = outcome::skipped;
    one.reason = std::move(reason);
  }
  /// Moves the subtests among the notes to where they belong. False: the failure follows from a run that was ended early, and is not to be
  /// told now: see held_back.
  bool place(failure& what) {
    const std::lock_guard lock{guard_};
    for (const auto& one : what.notes)
      if (one.subtest != 0) what.subtest = at(one.subtest).told.name;
    std::erase_if(what.notes, [](const note& one) { return one.subtest != 0; });
    if (what.kind == failure_kind::unmet_expectation && (ended_body_ || ended_child_)) {
      held_back_.push_back(std::move(what));
      return false;
    }
    if (const auto found = known_.find(what.subtest); found != known_.end())
      for (auto failed = found->second; failed != 0; failed = at(failed).within)
        at(failed).told.result = outcome::failed;
    return true;
  }
  /// Whether it has not been told in an earlier run of the body. To be asked once of each that is told.
  bool is_new(const failure& what) {
    const std::lock_guard lock{guard_};
    const key its{what.kind, what.where.file ? what.where.file : "", what.where.line, what.subtest,
                  what.message};
    return ++told_[its] > told_before_[its];
  }
  /// Failures that another run would have made good, when there is none. From here on none is held back.
  std::vector<failure> held_back() {
    const std::lock_guard lock{guard_};
    ended_body_ = ended_child_ = false;
    return std::exchange(held_back_, {});
  }

  /// The one that was entered last and has not been left; empty: none. For the last report, which waits for nobody.
  std::string open() const {
    const auto lock = awaitest::lock_soon(guard_);
    return open_.empty() || !lock.owns_lock() ? std::string{} : all_[open_.back() - 1].told.name;
  }

  /// Whether there is to be another run. `body_ended`: by an exception that has reached its end.
  bool want_another(bool body_ended) const {
    const std::lock_guard lock{guard_};
    return was_ended(body_ended) && runs_ < most_runs && !find_missing();
  }
  void begin_another() {
    const std::lock_guard lock{guard_};
    ++runs_;
    for (auto& one : all_) one.has_come = false;
    entered_.clear();
    open_.clear();
    for (const auto& [its, times] : told_) {
      auto& before = told_before_[its];
      before = std::max(before, times);
    }
    told_.clear();
    ended_body_ = ended_child_ = false;
    held_back_.clear();
  }
  /// For another attempt, which knows nothing of this one.
  void clear() {
    const std::lock_guard lock{guard_};
    all_.clear();
    known_.clear();
    entered_.clear();
    open_.clear();
    told_.clear();
    told_before_.clear();
    held_back_.clear();
    runs_ = 1;
    ended_body_ = ended_child_ = false;
  }
  /// The reason why there is no other run although a block has ended the body; empty: none has.
  std::string why_not_run(bool body_ended) const {
    const std::lock_guard lock{guard_};
    if (!was_ended(body_ended)) return {};
    if (runs_ >= most_runs)
      return std::to_string(runs_) +
             " of its subtests have ended their runs: there is no other, and the rest has not run";
    const auto* const missing = find_missing();
    return !missing ? std::string{}
                    : "the subtest \"" + missing->told.name +
                          "\" did not come again when the test was run without it, so there is no other run, "
                          "and the rest has not run: give it the same name each time";
  }
  /// Results over all runs, in the order in which the subtests were first entered; the first `most`.
  std::vector<subtest_result> told(std::size_t most) const {
    const std::lock_guard lock{guard_};
    std::vector<subtest_result> made;
    for (std::size_t i = 0; i < std::min(most, all_.size()); ++i) made.push_back(all_[i].told);
    return made;
  }
  std::size_t count() const {
    const std::lock_guard lock{guard_};
    return all_.size();
  }

 private:
  struct one_of_them {
    subtest_result told;
    std::size_t within = 0;
    bool has_come = false;     // in this run
    bool inner_ended = false;  // by the exception that is on its way
    bool left_out = false;
  };
  /// Kind, file, line, subtest and message of a failure: by them it is known again.
  using key = std::tuple<failure_kind, std::string, unsigned, std::string, std::string>;
  static constexpr std::size_t most_runs = most_failures;

  one_of_them& at(std::size_t which) { return all_[which - 1]; }
  bool was_ended(bool body_ended) const { return (ended_body_ && body_ended) || ended_child_; }
  bool is_within_one_left_out(const one_of_them& one) const {
    for (auto outer = one.within; outer != 0; outer = all_[outer - 1].within)
      if (all_[outer - 1].left_out) return true;
    return false;
  }
  /// One that is left out, and has not come in this run although it could; null: none.
  const one_of_them* find_missing() const {
    const auto found = std::find_if(all_.begin(), all_.end(), [this](const auto& one) {
      return one.left_out && !one.has_come && !is_within_one_left_out(one);
    });
    return found == all_.end() ? nullptr : &*found;
  }

  mutable std::mutex guard_;
  std::vector<one_of_them> all_;
  std::map<std::string, std::size_t> known_;    // by name
  std::map<std::string, std::size_t> entered_;  // how many times in this run
  std::vector<std::size_t> open_;               // entered and not left, the newest last
  std::map<key, std::size_t> told_;             // how many times in this run
  std::map<key, std::size_t> told_before_;      // and at most in one before it
  std::vector<failure> held_back_;
  std::size_t runs_ = 1;
  bool ended_body_ = false, ended_child_ = false;
};

}  // namespace awaitest::detail
