// The ways to answer the questions of a run: each is fair to another kind of bug.
//
// Uniform choice and few deviations find most (Thomson, Donaldson, Betts: "Concurrency testing using controlled schedulers", 2016, 52
// bugs); random priorities with few changes of them are PCT (Burckhardt and others, 2010); weights by what remains are URW (Sen, "Effective
// random testing of concurrent programs", 2007).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "../author/current/this_test.hpp"
#include "tape.hpp"

namespace awaitest::detail {

/// A number less than that.
inline std::size_t below(random_engine& from, std::size_t number) {
  return static_cast<std::size_t>(from() % number);
}

/// First-in first-out, but for some changes; where those end, or do not fit, first-in first-out again.
class changed_fifo final : public chooser {
 public:
  void begin(change_list which) {
    which_ = std::move(which);
    next_ = 0;
    misfit_.reset();
  }
  /// Looks for what was chosen by its label, then by its number: other options may have come since the token was made.
  std::uint32_t choose(std::size_t at, const question& asked) override {
    if (next_ == which_.size() || which_[next_].at != at) return 0;
    const auto& wanted = which_[next_++].what;
    if (wanted.kind == asked.kind) {
      if (wanted.option < asked.options &&
          (wanted.label == any_label || asked.label(wanted.option) == wanted.label))
        return wanted.option;
      for (std::uint32_t option = 0; asked.of && option < asked.options; ++option)
        if (asked.label(option) == wanted.label) return option;
    }
    if (!misfit_) misfit_ = next_ - 1;
    return wanted.kind == asked.kind && wanted.option < asked.options ? wanted.option : 0;
  }
  /// The first of the changes that met another question than it was made for, or none at all.
  std::optional<std::size_t> misfit() const {
    return misfit_ ? misfit_ : next_ < which_.size() ? std::optional{next_} : std::nullopt;
  }

 private:
  change_list which_;
  std::size_t next_ = 0;
  std::optional<std::size_t> misfit_;
};

/// The newest of the ready handlers first.
class newest_first final : public chooser {
 public:
  std::uint32_t choose(std::size_t, const question& asked) override {
    return asked.kind == choice_kind::schedule || asked.kind == choice_kind::timer ? asked.options - 1 : 0;
  }
};

/// The chain that has not run for the longest.
class round_robin final : public chooser {
 public:
  void begin() { last_.clear(); }
  std::uint32_t choose(std::size_t at, const question& asked) override {
    if (asked.kind != choice_kind::schedule) return 0;
    std::uint32_t best = 0;
    for (std::uint32_t i = 1; i < asked.options; ++i)
      if (last_[asked.of[i]] < last_[asked.of[best]]) best = i;
    last_[asked.of[best]] = at + 1;
    return best;
  }

 private:
  std::map<std::uint32_t, std::size_t> last_;
};

/// Any option is as likely as another. Nothing is held back.
class uniform final : public chooser {
 public:
  void begin(std::uint64_t seed) { random_ = random_engine{seed}; }
  std::uint32_t choose(std::size_t, const question& asked) override {
    return asked.kind == choice_kind::postpone ? 0 : static_cast<std::uint32_t>(random_() % asked.options);
  }

 private:
  random_engine random_{0};
};

/// Chains have random priorities; the highest runs. With changes, PCT: at so many random points the chain that would run becomes the
/// lowest. Without, the first that has come keeps its place ("arrival priority").
class priorities final : public chooser {
 public:
  void begin(std::uint64_t seed, std::size_t changes, std::size_t horizon) {
    random_ = random_engine{seed};
    of_.clear();
    lowest_ = 0;
    points_.clear();
    for (std::size_t i = 0; i < changes && horizon != 0; ++i)
      points_.push_back(detail::below(random_, horizon));
  }
  std::uint32_t choose(std::size_t at, const question& asked) override {
    if (asked.kind == choice_kind::postpone) return 0;
    if (asked.kind != choice_kind::schedule) return static_cast<std::uint32_t>(random_() % asked.options);
    auto best = highest(asked);
    if (std::find(points_.begin(), points_.end(), at) != points_.end()) {
      of_[asked.of[best]] = --lowest_;
      best = highest(asked);
    }
    return best;
  }

 private:
  std::uint32_t highest(const question& asked) {
    std::uint32_t best = 0;
    for (std::uint32_t i = 0; i < asked.options; ++i)
      if (priority_of(asked.of[i]) > priority_of(asked.of[best])) best = i;
    return best;
  }
  std::int64_t priority_of(std::uint32_t chain) {
    const auto [found, is_new] = of_.try_emplace(chain, 0);
    if (is_new) found->second = static_cast<std::int64_t>(random_() >> 2U) + 1;
    return found->second;
  }

  random_engine random_{0};
  std::map<std::uint32_t, std::int64_t> of_;
  std::int64_t lowest_ = 0;
  std::vector<std::size_t> points_;
};

/// First-in first-out, where the first one is held back now and then, for longer or shorter.
class random_postponement final : public chooser {
 public:
  void begin(std::uint64_t seed) {
    random_ = random_engine{seed};
    one_in_ = std::uint64_t{1} << (random_() % 5 + 1);  // half of them, ... one in 32
  }
  std::uint32_t choose(std::size_t, const question& asked) override {
    if (asked.kind == choice_kind::schedule) return 0;
    if (asked.kind == choice_kind::postpone && random_() % one_in_ != 0) return 0;
    return static_cast<std::uint32_t>(random_() % asked.options);
  }

 private:
  random_engine random_{0};
  std::uint64_t one_in_ = 2;
};

/// A chain is as likely as it has steps left, by what other runs have had.
class by_remaining_steps final : public chooser {
 public:
  using counts = std::map<std::uint32_t, std::uint64_t>;

  void begin(std::uint64_t seed, counts expected) {
    random_ = random_engine{seed};
    left_ = std::move(expected);
  }
  std::uint32_t choose(std::size_t, const question& asked) override {
    if (asked.kind == choice_kind::postpone) return 0;
    if (asked.kind != choice_kind::schedule) return static_cast<std::uint32_t>(random_() % asked.options);
    std::uint64_t all = 0;
    for (std::uint32_t i = 0; i < asked.options; ++i) all += weight_of(asked.of[i]);
    auto at = random_() % all;
    std::uint32_t chosen = 0;
    for (; chosen + 1 < asked.options && at >= weight_of(asked.of[chosen]); ++chosen)
      at -= weight_of(asked.of[chosen]);
    if (auto& left = left_[asked.of[chosen]]; left > 0) --left;
    return chosen;
  }

 private:
  std::uint64_t weight_of(std::uint32_t chain) {
    const auto found = left_.find(chain);
    return found == left_.end() || found->second == 0 ? 1 : found->second;
  }

  random_engine random_{0};
  counts left_;
};

/// Answers by a list of options, then by 0: depth first.
class by_prefix final : public chooser {
 public:
  /// The next one after that tape; false: it was the last.
  bool next(const choice_list& before) {
    for (auto at = before.size(); at-- > 0;)
      if (before[at].option + 1 < before[at].options) {
        prefix_.clear();
        for (std::size_t i = 0; i < at; ++i) prefix_.push_back(before[i].option);
        prefix_.push_back(before[at].option + 1);
        return true;
      }
    return false;
  }
  std::uint32_t choose(std::size_t at, const question& asked) override {
    return at < prefix_.size() && prefix_[at] < asked.options ? prefix_[at] : 0;
  }

 private:
  std::vector<std::uint32_t> prefix_;
};

}  // namespace awaitest::detail
