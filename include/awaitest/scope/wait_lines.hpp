// Waits as the lines of a report: those that are alike are one line.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "../loop/launch.hpp"
#include "../model/text.hpp"

namespace awaitest::detail {

class wait_lines {
 public:
  /// `wait` as in "waits in gate at x.cpp:3".
  void add(std::string subject, std::string wait) {
    lines_.push_back({std::move(subject), nullptr, nullptr, std::move(wait), 1, {}});
  }
  void add(const child_state& child, std::string wait) {
    const auto alike = [&](const line& one) {
      return one.child && one.child->where.line == child.where.line &&
             one.child->where.file == child.where.file && one.child->background == child.background &&
             one.wait == wait;
    };
    auto found = std::find_if(lines_.begin(), lines_.end(), alike);
    if (found == lines_.end()) {
      lines_.push_back({child.who.slot->label, &child, nullptr, std::move(wait), 0, {}});
      found = lines_.end() - 1;
    }
    if (std::exchange(found->last, &child) == &child) return;  // it waits twice
    ++found->count;
    if (!child.name.empty()) found->names.push_back(child.name);
  }

  /// Each line after a line break.
  std::string text() const {
    std::string out;
    std::size_t shown = 0, left_out = 0;
    for (const auto& one : lines_) {
      if (++shown > most_lines)
        left_out += one.count;
      else
        out += "\n" + words(one);
    }
    if (left_out != 0) out += fmt::format("\nand {} more, elsewhere", left_out);
    return out;
  }

 private:
  static constexpr std::size_t most_lines = 16, most_names = 5;
  struct line {
    std::string subject;
    const child_state* child;  // the first of them; null: it is none
    const child_state* last;
    std::string wait;
    std::size_t count;
    std::vector<std::string> names;
  };

  static std::string words(const line& one) {
    if (one.count == 1) return one.subject + " waits " + one.wait;
    auto text =
        fmt::format("{} {}children spawned at {} wait {}", one.count,
                    one.child->background ? "background " : "", place_text(one.child->where), one.wait);
    const char* before = ": ";
    for (std::size_t i = 0; i < std::min(one.names.size(), most_names); ++i)
      text += std::exchange(before, ", ") + ("'" + one.names[i] + "'");
    if (one.names.size() > most_names) text += fmt::format(" and {} more", one.names.size() - most_names);
    return text;
  }

  std::vector<line> lines_;
};

}  // namespace awaitest::detail
