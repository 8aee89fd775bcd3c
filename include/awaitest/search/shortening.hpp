// A failing schedule made as short as it goes: the fewest changes from first-in first-out that fail in the same way.
//
// Delta debugging (Zeller, Hildebrandt, 2002) after two bisections, and single removals until none is left: the result is 1-minimal.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>

#include "../platform/real_clock.hpp"
#include "runs.hpp"
#include "script.hpp"

namespace awaitest::detail {

class shortening {
 public:
  static constexpr int most_runs = 500;
  static constexpr std::chrono::seconds longest{1};

  /// `natural`: the choices of first-in first-out.
  shortening(search_runs& runs, failure_mark wanted, change_list found, const choice_list& natural)
      : runs_{runs},
        wanted_{std::move(wanted)},
        best_{std::move(found)},
        natural_{natural},
        until_{real_now() + longest} {}

  /// The changes of the shortest one so far.
  const change_list& best() const noexcept { return best_; }

  script shorten() {
    co_await shortest_beginning();
    co_await latest_beginning();
    co_await fewest();
    co_await lower_options();
    co_await single_removals();
    if (best_.size() > 1) co_await only_one();
  }

 private:
  bool may_go_on() const { return left_ > 0 && real_now() < until_; }

  /// Tries some changes; `fails_` says whether it is the same failure, whose changes are the best ones then.
  script tried(change_list which) {
    fails_ = false;
    if (!may_go_on()) co_return;
    --left_;
    by_.begin(std::move(which));
    const auto& how = co_await runs_.run(by_);
    fails_ = how.failed() && how.mark == wanted_;
    if (fails_) best_ = detail::changes_of(runs_.tape().made().all);
  }
  static change_list part(const change_list& of, std::size_t from, std::size_t to) {
    return {of.begin() + static_cast<std::ptrdiff_t>(from), of.begin() + static_cast<std::ptrdiff_t>(to)};
  }
  static change_list without(const change_list& of, std::size_t from, std::size_t to) {
    auto left = of;
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(from),
               left.begin() + static_cast<std::ptrdiff_t>(to));
    return left;
  }

  script shortest_beginning() {
    const auto all = best_;
    for (std::size_t low = 0, high = all.size(); low < high && may_go_on();) {
      const auto middle = low + (high - low) / 2;
      co_await tried(part(all, 0, middle));
      if (fails_)
        high = middle;
      else
        low = middle + 1;
    }
  }
  script latest_beginning() {
    const auto all = best_;
    for (std::size_t low = 0, high = all.size(); low < high && may_go_on();) {
      const auto middle = low + (high - low + 1) / 2;
      co_await tried(part(all, middle, all.size()));
      if (fails_)
        low = middle;
      else
        high = middle - 1;
    }
  }
  script fewest() {
    for (std::size_t parts = 2; best_.size() > 1 && parts <= best_.size() && may_go_on();) {
      const auto all = best_;
      bool any = false;
      for (std::size_t i = 0; i < parts && !any && may_go_on(); ++i) {
        const auto from = all.size() * i / parts, to = all.size() * (i + 1) / parts;
        co_await tried(without(all, from, to));
        any = fails_;
      }
      parts = any ? std::max<std::size_t>(2, parts - 1) : parts * 2;
      if (any) continue;
      if (parts > all.size() && parts < all.size() * 2) parts = all.size();
    }
  }
  script lower_options() {
    for (std::size_t i = 0; i < best_.size() && may_go_on(); ++i)
      for (std::uint32_t lower = 1; i < best_.size() && lower < best_[i].what.option && may_go_on();
           ++lower) {
        auto other = best_;
        other[i].what.option = lower;
        other[i].what.label = any_label;
        co_await tried(std::move(other));
        if (fails_) break;
      }
  }
  script single_removals() {
    for (bool any = true; any && !best_.empty() && may_go_on();) {
      any = false;
      for (std::size_t i = best_.size(); i-- > 0 && may_go_on();) {
        if (i >= best_.size()) continue;
        co_await tried(without(best_, i, i + 1));
        any = any || fails_;
      }
    }
  }

  /// Several changes often do what one of another kind does: to hold somebody back once, say.
  script only_one() {
    for (std::size_t at = 0; at < natural_.size(); ++at)
      for (std::uint32_t option = natural_[at].options - 1; option > 0 && may_go_on(); --option) {
        change one{at, natural_[at]};
        one.what.option = option;
        one.what.label = any_label;
        change_list only(1, one);  // named: g++ 12 makes no braced list in a co_await
        co_await tried(std::move(only));
        if (fails_) co_return;
      }
  }

  search_runs& runs_;
  failure_mark wanted_;
  change_list best_;
  const choice_list& natural_;
  changed_fifo by_;
  std::chrono::steady_clock::time_point until_;
  int left_ = most_runs;
  bool fails_ = false;
};

}  // namespace awaitest::detail
