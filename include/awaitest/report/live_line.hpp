// The last line of a terminal while tests run: how far the run is, and what it is at.
#pragma once

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../model/event.hpp"
#include "../model/own_descriptors.hpp"
#include "../model/utf8.hpp"
#include "output.hpp"
#include "printable.hpp"

namespace awaitest::reporting {

/// `[ 12/200] 1 failed | db/reconnects (3s), net/echo`: written without an end of the line, and taken away before anything else is
/// written. Nothing is drawn of a run that is over at once, and not more often than a person can read.
class live_line {
 public:
  using clock = std::chrono::steady_clock;

  /// `wanted`: the output is a terminal that nobody else writes to. `now`: the machine's time, whatever a test sees.
  live_line(output& to, bool wanted, clock::time_point (*now)()) : to_{to}, wanted_{wanted}, now_{now} {}

  void round_began(std::size_t tests) {
    all_ = tests;
    done_ = 0;
  }
  void test_began(const test_info& which) { running_.push_back({&which, now_()}); }
  void test_ended(const test_info& which, bool failed) {
    const auto found = find(which);
    if (found != running_.end()) {
      *found = running_.back();
      running_.pop_back();
    }
    ++done_;
    if (failed) ++failed_;
  }
  /// How long it has been running; zero where it is not.
  clock::duration age(const test_info& which) const {
    const auto found = find(which);
    return found == running_.end() ? clock::duration{} : now_() - found->begun;
  }

  /// Something else is to be written.
  void erase() {
    if (!std::exchange(shown_, false)) return;
    to_.write("\r\x1b[K");
  }
  /// Unless it has just been drawn.
  void draw() {
    if (!wanted_) return;
    const auto now = now_();
    if (now - drawn_ < often) return;
    drawn_ = now;
    to_.write("\r\x1b[K" + text(columns(), now));
    to_.flush();
    shown_ = true;
  }
  /// The run is over.
  void end() {
    erase();
    wanted_ = false;
  }

  /// The text of the line, in so many columns.
  std::string text(std::size_t width, clock::time_point now) const {
    const auto total = fmt::format("{}", all_);
    auto line = fmt::format("[{:>{}}/{}]", done_, total.size(), total);
    if (failed_ != 0) line += fmt::format(" {} failed", failed_);
    std::vector<running_test> longest(std::min(running_.size(), most_named));
    std::partial_sort_copy(running_.begin(), running_.end(), longest.begin(), longest.end(),
                           [](const auto& a, const auto& b) { return a.begun < b.begun; });
    const char* before = " | ";
    for (const auto& one : longest) {
      auto name = reporting::printable(one.which->name);
      std::replace_if(name.begin(), name.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
      line.append(std::exchange(before, ", ")).append(name);
      const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - one.begun);
      if (age.count() > 0) line += fmt::format(" ({}s)", age.count());
    }
    if (running_.size() > most_named) line += fmt::format(" and {} more", running_.size() - most_named);
    return cut(std::move(line), width);
  }

 private:
  struct running_test {
    const test_info* which = nullptr;
    clock::time_point begun{};
  };

  std::vector<running_test>::iterator find(const test_info& which) {
    return std::find_if(running_.begin(), running_.end(),
                        [&](const auto& one) { return one.which == &which; });
  }
  std::vector<running_test>::const_iterator find(const test_info& which) const {
    return std::find_if(running_.begin(), running_.end(),
                        [&](const auto& one) { return one.which == &which; });
  }

  static std::size_t columns() {
    winsize size{};
    return ::ioctl(detail::own_descriptors::output, TIOCGWINSZ, &size) == 0 && size.ws_col > 1
               ? size.ws_col - 1U
               : 79U;
  }
  static std::string cut(std::string line, std::size_t width) {
    std::size_t shown = 0, at = 0;
    while (at < line.size() && shown < width) {
      at += std::max<std::size_t>(awaitest::utf8_length(std::string_view(line).substr(at)), 1);
      ++shown;
    }
    if (at < line.size()) line.resize(at);
    return line;
  }

  static constexpr std::chrono::milliseconds often{100};
  static constexpr std::size_t most_named = 3;

  output& to_;
  bool wanted_;
  clock::time_point (*now_)();
  bool shown_ = false;
  clock::time_point drawn_ = now_();
  std::size_t all_ = 0, done_ = 0, failed_ = 0;
  std::vector<running_test> running_;
};

}  // namespace awaitest::reporting
