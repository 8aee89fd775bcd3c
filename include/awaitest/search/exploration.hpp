// The order in which a test's schedules are tried, and what is known of them in the end.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "../author/current/this_test.hpp"
#include "../model/explored.hpp"
#include "../platform/limits.hpp"
#include "../platform/real_clock.hpp"
#include "difference.hpp"
#include "rotation.hpp"
#include "runs.hpp"
#include "script.hpp"
#include "shortening.hpp"
#include "token.hpp"

namespace awaitest::detail {

/// The settings of a search.
struct search_settings {
  std::uint64_t budget = 1000;         ///< of schedules
  bool posts_reordered = false;        ///< see schedule::splits_chains
  bool exhaustive = false;             ///< depth first, until there are no more
  std::chrono::nanoseconds longest{};  ///< by the machine's clock; zero: no limit
  std::uint64_t seed = 0;
  std::uint16_t test = 0;                    ///< in tokens
  std::optional<schedule_token> replayed{};  ///< this one alone
};

/// A search over the schedules of a test. The loop's thread only.
class exploration {
 public:
  explicit exploration(search_settings asked)
      : asked_{std::move(asked)}, begun_{real_now()}, random_{asked_.seed} {
    told_.asked = asked_.budget;
    work_.handle().resume();  // to the first run
  }
  exploration(const exploration&) = delete;
  exploration& operator=(const exploration&) = delete;

  /// A run is to begin, in that order.
  searched_schedule& begin() { return runs_.begin(); }
  /// The longest that it may take by the machine's clock: one in which somebody always waits for somebody in a loop is not to hold up the
  /// search. Zero: no other limit than a test has.
  std::chrono::nanoseconds longest_run() const noexcept { return longest_run_; }
  /// For what else is to be chosen in it.
  tape& choices() noexcept { return runs_.tape(); }
  /// A run has ended so. True when there is another one; else the search is over, and `told` is complete.
  bool next(run_result how) {
    runs_.end(std::move(how));
    return !work_.done();
  }
  /// Whether the failures of the run that is to begin, or is under way, are the ones to tell.
  bool tells() const noexcept { return runs_.tells(); }
  /// For the waits of that run.
  suspension_observer* observer() noexcept { return tells() ? &runs_.trace() : nullptr; }
  const explored& told() const noexcept { return told_; }

 private:
  static constexpr int most_repeats = 64;

  script work() {
    if (asked_.replayed) {
      co_await replay();
      co_return;
    }
    co_await first_runs();
    if (!over_ && asked_.exhaustive) co_await depth_first(asked_.budget);
    if (!over_) co_await few_changes();
    if (!over_) co_await mixed();
  }
  void stop(search_end why) {
    told_.end = why;
    over_ = true;
  }

  /// A run that counts.
  script one(chooser& by) {
    const auto& how = co_await runs_.run(by);
    ++told_.schedules;
    if (how.met_threads) ++told_.with_threads;
    if (how.met_io) ++told_.with_io;
    const bool is_new = seen_.insert(runs_.tape().made().hash()).second;
    told_.distinct = seen_.size();
    repeats_ = is_new ? 0 : repeats_ + 1;
    if (how.how == run_result::end::skipped) {
      over_ = true;
    } else if (how.failed()) {
      co_await settle();
      over_ = true;
    } else if (told_.schedules >= asked_.budget) {
      stop(search_end::budget);
    } else if (asked_.longest.count() != 0 && real_now() - begun_ > asked_.longest) {
      stop(search_end::time);
    }
  }
  script first_runs() {
    co_await one(natural_by_);
    if (over_) co_return;
    natural_ = runs_.tape().made().all;
    longest_run_ = std::max<std::chrono::nanoseconds>(limits::schedule, 100 * (real_now() - begun_));
    count_choices();
    count_steps();
    const auto first = runs_.tape().made();
    co_await runs_.run(natural_by_);
    const bool is_ours = !runs_.last().met_threads && !runs_.last().met_io;
    if ((is_other_than(first) && is_ours) || runs_.last().failed()) {
      if (told_.differs.empty()) told_.differs = "its steps were the same, and it failed the second time";
      stop(search_end::undetermined);
      co_return;
    }
    told_.differs.clear();
    if (natural_.empty()) {
      stop(search_end::nothing_to_choose);
      co_return;
    }
    co_await one(newest_);
    if (over_) co_return;
    count_steps();
    robin_.begin();
    co_await one(robin_);
    if (!over_) count_steps();
  }

  /// Schedules with one change while they fit into half of the budget, then some with two. A tree that is small is searched as a whole.
  script few_changes() {
    const auto half = asked_.budget / 2;
    std::uint64_t size = 1;
    for (const auto& one : natural_)
      if ((size *= one.options) > half) break;
    if (size <= half) co_await depth_first(half);
    std::vector<change> single;
    for (std::size_t at = 0; at < natural_.size(); ++at)
      for (std::uint32_t option = 1; option < natural_[at].options; ++option)
        single.push_back(deviation(at, option));
    for (auto i = single.size(); i > 1; --i) std::swap(single[i - 1], single[detail::below(random_, i)]);
    std::size_t tried = 0;
    for (; !over_ && tried < single.size() && told_.schedules < half; ++tried) {
      by_.begin({single[tried]});
      co_await one(by_);
    }
    if (over_) co_return;
    if (tried == single.size()) told_.with_changes = 1;
    while (!over_ && told_.schedules < half && repeats_ < most_repeats && natural_.size() > 1) {
      const auto first = detail::below(random_, natural_.size() - 1);
      const auto second = first + 1 + detail::below(random_, natural_.size() - 1 - first);
      by_.begin({deviation(first, some_option(first)), deviation(second, some_option(second))});
      co_await one(by_);
    }
  }
  change deviation(std::size_t at, std::uint32_t option) const {
    auto what = natural_[at];
    what.option = option;
    what.label = any_label;
    return {at, what};
  }
  std::uint32_t some_option(std::size_t at) {
    return static_cast<std::uint32_t>(1 + random_() % (natural_[at].options - 1));
  }

  /// Until there are no more, or `most` have been run.
  script depth_first(std::uint64_t most) {
    by_prefix by;
    do {
      co_await one(by);
      if (over_) co_return;
      if (!by.next(runs_.tape().made().all)) {
        stop(search_end::all);
        co_return;
      }
    } while (told_.schedules < most);
  }

  /// The rest: ways to choose that are good at different bugs, in turn.
  script mixed() {
    repeats_ = 0;
    while (!over_) {
      const auto run = told_.schedules;
      auto& by = rotation_.at(run, random_engine{asked_.seed + run * 0x9e3779b97f4a7c15U}, natural_.size(),
                              expected());
      co_await one(by);
      if (!over_ && repeats_ >= most_repeats) stop(search_end::nothing_new);
    }
  }
  void count_choices() {
    for (const auto& one : natural_) {
      const auto letter = static_cast<char>(one.kind);
      const auto known = std::find_if(told_.choices.begin(), told_.choices.end(),
                                      [&](const auto& c) { return c.kind == letter; });
      if (known == told_.choices.end())
        told_.choices.push_back({letter, 1});
      else
        ++known->number;
    }
  }
  void count_steps() {
    ++counted_runs_;
    for (const auto chain : runs_.tape().made().steps) ++steps_of_[chain];
  }
  by_remaining_steps::counts expected() const {
    auto mean = steps_of_;
    for (auto& one : mean) one.second = (one.second + counted_runs_ - 1) / counted_runs_;
    return mean;
  }

  /// The run before has failed: is it the same again, and what is the least that it takes?
  script settle() {
    told_.schedule = told_.schedules - 1;
    const auto wanted = runs_.last().mark;
    const auto found = runs_.tape().made();
    by_.begin(detail::changes_of(found.all));
    co_await runs_.run(by_);
    // A run that would go on for ever was cut off somewhere: its steps do not count.
    const bool is_endless = wanted.kind == failure_kind::timeout;
    if ((!is_endless && is_other_than(found)) || !(runs_.last().failed() && runs_.last().mark == wanted)) {
      if (told_.differs.empty()) told_.differs = "its steps were the same, and what failed was not";
      stop(search_end::undetermined);
      co_return;
    }
    shortening shorter{runs_, wanted, detail::changes_of(found.all), natural_};
    co_await shorter.shorten();
    if (auto fewer = shorter.best(); !fewer.empty()) {
      fewer.pop_back();
      by_.begin(std::move(fewer));
      told_.passes_without_the_last = (co_await runs_.run(by_)).how == run_result::end::passed;
    }
    by_.begin(shorter.best());
    co_await runs_.run(by_, true);
    runs_.trace().tell(told_);
    told_.end = search_end::failed;
    told_.changes = shorter.best().size();
    if (told_.changes != 0) told_.token = detail::spelled({asked_.test, shorter.best()});
  }
  script replay() {
    by_.begin(asked_.replayed->differ);
    co_await runs_.run(by_, true);
    if (runs_.last().failed()) runs_.trace().tell(told_);
    told_.end = search_end::replayed;
    told_.schedules = told_.distinct = told_.asked = 1;
    told_.token = detail::spelled(*asked_.replayed);
    told_.changes = asked_.replayed->differ.size();
    if (const auto wrong = by_.misfit()) {
      const auto& one = asked_.replayed->differ[*wrong];
      told_.differs = fmt::format("its change at choice {} ", one.at);
      told_.differs += one.at < runs_.tape().made().all.size() ? "meets another choice now"
                                                               : "is not met: there are fewer choices now";
    }
  }
  /// True: the last run was not the same as this one. Where they part is said.
  bool is_other_than(const recording& first) {
    told_.differs = detail::difference(first, runs_.tape().made(), runs_.order());
    return !told_.differs.empty();
  }

  search_settings asked_;
  std::chrono::steady_clock::time_point begun_;
  random_engine random_;
  search_runs runs_{asked_.posts_reordered};
  explored told_;
  bool over_ = false;
  int repeats_ = 0;  // runs in a row that were nothing new
  std::unordered_set<std::uint64_t> seen_;

  std::chrono::nanoseconds longest_run_{};
  choice_list natural_;                  // of the first run
  by_remaining_steps::counts steps_of_;  // of the first three
  std::uint64_t counted_runs_ = 0;

  changed_fifo natural_by_, by_;
  newest_first newest_;
  round_robin robin_;
  rotation rotation_;

  script work_ = work();
};

}  // namespace awaitest::detail
