// The steps of one run, for a person: who went on, from where, and which of them was not the first in line.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../model/explored.hpp"
#include "../platform/code_names.hpp"
#include "../task/suspension_point.hpp"
#include "../task/task.hpp"
#include "chain_names.hpp"

namespace awaitest::detail {

/// Kept for the run whose failures are told, and for no other. The loop's thread only.
class schedule_trace final : public suspension_observer {
 public:
  static constexpr std::size_t before_the_first = 10, around = 3;  ///< rows that are told with a change

  void begin() {
    rows_.clear();
    waits_.clear();
  }

  // --- suspension_observer: where tasks wait ---

  error_code begins(task_ref who, const pending& wait) override {
    waits_[who.slot] = fmt::format("{} ({}:{})", wait.subject(), file_name(wait.where.file), wait.where.line);
    return {};
  }
  void waits_for_turn(task_ref) override {}
  void ends(task_ref) override {}

  // --- what happens ---

  /// A task goes on. `change`: it was chosen before `instead`, spelled as in a token; else empty.
  void step(const task& who, std::string change = {}, const task* instead = nullptr) {
    row made;
    made.of = &who;
    made.who = chain_names::words_for(who);
    if (const auto waited = waits_.find(&who); waited != waits_.end()) {
      made.place = std::move(waited->second);
      waits_.erase(waited);
    } else if (!who.label.empty() &&
               std::none_of(rows_.begin(), rows_.end(), [&](const row& one) { return one.of == &who; })) {
      made.place = "begins";
    } else {
      made.points = who.root.waiting();
    }
    made.change = std::move(change);
    if (instead) made.instead = chain_names::words_for(*instead);
    rows_.push_back(std::move(made));
  }
  /// Something else was chosen, or somebody is held back.
  void chose(const task* who, std::string words, std::string change) {
    row made;
    if (who) made.who = chain_names::words_for(*who);
    made.words = std::move(words);
    made.change = std::move(change);
    rows_.push_back(std::move(made));
  }

  /// The rows around the changes.
  void tell(explored& to) {
    std::vector<bool> wanted(rows_.size());
    bool first = true;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].change.empty()) continue;
      const auto before = std::exchange(first, false) ? before_the_first : around;
      for (auto at = i - std::min(i, before); at <= std::min(i + around, rows_.size() - 1); ++at)
        wanted[at] = true;
    }
    resume_points points;
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (wanted[i]) points.insert(points.end(), rows_[i].points.begin(), rows_[i].points.end());
    auto& names = code_names::instance();
    names.learn(points);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!wanted[i]) continue;
      auto& one = rows_[i];
      searched_step made;
      made.number = i;
      made.task = place_of(to, one.who);
      made.instead = place_of(to, one.instead);
      made.place =
          !one.place.empty() ? std::move(one.place) : without_folders(names.innermost_coroutine(one.points));
      made.words = std::move(one.words);
      made.change = std::move(one.change);
      to.steps.push_back(std::move(made));
    }
  }

 private:
  struct row {
    const task* of = nullptr;
    std::string who, place, change, instead, words;
    resume_points points;
  };

  /// "in f (file:line)" of "in f (/folder/file:line)".
  static std::string without_folders(std::string text) {
    const auto open = text.rfind(" (");
    if (const auto slash = text.rfind('/');
        open != std::string::npos && slash != std::string::npos && slash > open)
      text.erase(open + 2, slash - open - 1);
    return text;
  }
  static std::string_view file_name(const char* path) {
    const std::string_view whole = path ? path : "";
    return whole.substr(whole.rfind('/') + 1);
  }
  static std::int32_t place_of(explored& in, const std::string& name) {
    if (name.empty()) return -1;
    const auto at = std::find(in.tasks.begin(), in.tasks.end(), name) - in.tasks.begin();
    if (at == std::ssize(in.tasks)) in.tasks.push_back(name);
    return static_cast<std::int32_t>(at);
  }

  std::vector<row> rows_;
  std::map<const task*, std::string> waits_;
};

}  // namespace awaitest::detail
