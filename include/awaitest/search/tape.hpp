// The choices of one run of a test, in their order.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "choice.hpp"
#include "schedule_trace.hpp"

namespace awaitest::detail {

/// Answers what a run asks. The loop's thread only.
class chooser {
 public:
  chooser() = default;
  chooser(const chooser&) = delete;
  chooser& operator=(const chooser&) = delete;
  virtual ~chooser() = default;

  /// Less than `asked.options`. `at`: how many questions came before.
  virtual std::uint32_t choose(std::size_t at, const question& asked) = 0;
};

/// A run as its choices and steps.
struct recording {
  choice_list all;
  std::vector<std::uint32_t> steps;  ///< the chain of each
  std::vector<std::uint32_t>
      options;  ///< what all choices were made from, by their keys: of the first, then of the second...

  friend bool operator==(const recording&, const recording&) = default;

  /// The keys of what a choice was made from, one for each option where they are chains.
  std::vector<std::uint32_t> options_of(std::size_t at) const {
    std::size_t before = 0;
    for (std::size_t i = 0; i < at && i < all.size(); ++i) before += number_of_keys(all[i]);
    if (at >= all.size()) return {};
    const auto from = options.begin() + static_cast<std::ptrdiff_t>(before);
    return {from, from + static_cast<std::ptrdiff_t>(number_of_keys(all[at]))};
  }
  /// A hash of the steps, and of the choices that show in none.
  std::uint64_t hash() const noexcept {
    std::uint64_t made = 0xcbf29ce484222325U;
    for (const auto one : steps) made = (made ^ one) * 0x100000001b3U;
    for (const auto& one : all)
      if (one.kind == choice_kind::user) made = (made ^ one.label ^ (one.option + 1)) * 0x100000001b3U;
    return made;
  }

 private:
  static std::size_t number_of_keys(const choice& of) noexcept {
    return of.kind == choice_kind::schedule ? of.options : 1;
  }
};

/// Asks the chooser, and keeps its answers until the next run. The loop's thread only.
class tape {
 public:
  /// A run begins. `told`: for the run whose failures are told; else null.
  void begin(chooser& by, schedule_trace* told = nullptr) {
    by_ = &by;
    trace_ = told;
    if (trace_) trace_->begin();
    made_.all.clear();
    made_.steps.clear();
    made_.options.clear();
  }
  /// The answer; a question with only one option is not asked.
  std::uint32_t ask(const question& about) {
    if (about.options < 2) return 0;
    const auto option = by_->choose(made_.all.size(), about);
    made_.all.push_back({about.kind, about.label(option), about.options, option});
    if (about.of)
      made_.options.insert(made_.options.end(), about.of, about.of + about.options);
    else
      made_.options.push_back(about.key);
    if (trace_ && option != 0) [[unlikely]]
      tell(about);
    return option;
  }
  /// A step of the run: two runs with the same steps are the same schedule, whatever was asked.
  void step(std::uint32_t chain) { made_.steps.push_back(chain); }

  /// The run, so far.
  const recording& made() const noexcept { return made_; }
  schedule_trace* trace() const noexcept { return trace_; }
  /// The last choice as it is spelled; empty when it is first-in first-out's.
  std::string last_change() const {
    return made_.all.empty() || made_.all.back().option == 0
               ? std::string{}
               : detail::spelled(made_.all.size() - 1, made_.all.back());
  }

  /// In any run so far. Any thread of the test.
  void reached(std::string_view label) {
    const std::lock_guard lock{guard_};
    reached_.emplace(label);
  }
  bool has_reached(std::string_view label) const { return reached_.contains(label); }

 private:
  void tell(const question& about) {
    const auto& last = made_.all.back();
    if (about.kind == choice_kind::user)
      trace_->chose(nullptr, fmt::format("this_test::choose(\"{}\") is {}", about.words, last.option),
                    last_change());
    if (about.kind == choice_kind::timer)
      trace_->chose(
          nullptr,
          fmt::format("of {} timers that are due, number {} is the first", last.options, last.option + 1),
          last_change());
  }

  chooser* by_ = nullptr;
  schedule_trace* trace_ = nullptr;
  recording made_;
  std::mutex guard_;
  std::set<std::string, std::less<>> reached_;
};

}  // namespace awaitest::detail
