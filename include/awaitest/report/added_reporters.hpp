// Reporters and listeners that a program adds.
#pragma once

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../model/event.hpp"
#include "event_reporter.hpp"
#include "output.hpp"

namespace awaitest {

namespace reporting {

/// A reporter's name, how it is read, and how it is made. What it writes to outlives it.
struct reporter_row {
  std::string name;
  report_form form;
  std::function<std::unique_ptr<event_reporter>(output& to, const report_style& style)> make;
};

inline std::vector<reporter_row>& added_reporters() {
  static std::vector<reporter_row> all;
  return all;
}
inline std::vector<std::function<void(const event&)>>& listeners() {
  static std::vector<std::function<void(const event&)>> all;
  return all;
}

}  // namespace reporting

/// Adds a reporter: `--reporter NAME[=FILE]` takes it, `--help` names it. `make(awaitest::output&)` returns a
/// `std::unique_ptr<awaitest::event_reporter>`, once a run; what it is given outlives it. Before run(), as the
/// initialiser of a static object is:
///
///     const bool added = awaitest::add_reporter("dots", [](awaitest::output& to) { return std::make_unique<dots>(to); });
///
/// `form` says how the report is read, and when its file is in its place. Throws std::invalid_argument for a name that is taken or cannot
/// be given (empty, or with `=`). Returns true.
template <class Make>
bool add_reporter(std::string name, Make make, report_form form = report_form::whole) {
  static constexpr std::string_view own[] = {"console", "junit", "tap", "json", "html"};
  auto& all = reporting::added_reporters();
  if (name.empty() || name.find('=') != std::string::npos)
    throw std::invalid_argument("add_reporter(\"" + name + "\"): a name has a letter, and no =");
  if (std::find(std::begin(own), std::end(own), name) != std::end(own) ||
      std::any_of(all.begin(), all.end(), [&](const auto& other) { return other.name == name; }))
    throw std::invalid_argument("add_reporter(\"" + name + "\"): there is a reporter of this name already");
  all.push_back({std::move(name), form,
                 [how = std::move(make)](output& to, const report_style&) -> std::unique_ptr<event_reporter> {
                   return how(to);
                 }});
  return true;
}

/// A listener: `told` is called with each event of each run of this process, one at a time, on the thread that it comes from. Before run(). Not in
/// the processes of --isolate, whose events their starter tells. What it prints is captured as what tests print is, and shown with a
/// test that fails: it writes to a file of its own. Returns true.
inline bool add_listener(std::function<void(const event&)> told) {
  reporting::listeners().push_back(std::move(told));
  return true;
}

}  // namespace awaitest
