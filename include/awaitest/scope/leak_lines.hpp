// Operations and coroutines that have outlived a test, as the lines of a report: those that are alike are one line.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace awaitest::detail {

class leak_lines {
 public:
  void add(std::string what) {
    const auto same = [&](const auto& one) { return one.first == what; };
    auto found = std::find_if(lines_.begin(), lines_.end(), same);
    if (found == lines_.end()) found = lines_.insert(found, {std::move(what), 0});
    ++found->second;
  }
  bool empty() const { return lines_.empty(); }

  /// Each line after a line break.
  std::string text() const {
    std::string out;
    for (std::size_t i = 0; i < std::min(lines_.size(), most); ++i) {
      out += "\n" + lines_[i].first;
      if (lines_[i].second > 1) out += fmt::format(" ({} times)", lines_[i].second);
    }
    if (lines_.size() > most) out += "\nand more, elsewhere";
    return out;
  }

 private:
  static constexpr std::size_t most = 16;
  std::vector<std::pair<std::string, std::size_t>> lines_;
};

/// "2 operations and a coroutine have outlived it", and what to do about it. Zero and zero: something has.
inline std::string leak_words(std::size_t operations, std::size_t coroutines) {
  const auto counted = [](std::size_t number, const char* one, const char* several) {
    return number == 1 ? std::string(one) : fmt::format("{} {}", number, several);
  };
  std::string what;
  if (operations != 0) what = counted(operations, "an operation", "operations");
  if (operations != 0 && coroutines != 0) what += " and ";
  if (coroutines != 0) what += counted(coroutines, "a coroutine", "coroutines");
  if (what.empty()) what = "a coroutine or an operation";
  return what + (operations + coroutines > 1
                     ? " have outlived it: await them, cancel them, or give them to spawn_background()"
                     : " has outlived it: await it, cancel it, or give it to spawn_background()");
}

}  // namespace awaitest::detail
