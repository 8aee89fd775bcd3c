// The reporters, one table: what --reporter takes, and how each is made.
#pragma once

#include <memory>
#include <string_view>

#include "../model/event.hpp"
#include "console.hpp"
#include "junit.hpp"
#include "output.hpp"

namespace awaitest::reporting {

/// Told of each event, one at a time.
class event_reporter {
 public:
  event_reporter() = default;
  event_reporter(const event_reporter&) = delete;
  event_reporter& operator=(const event_reporter&) = delete;
  virtual ~event_reporter() = default;
  virtual void report(const event& what) = 0;
};

/// The look of a report that a person reads.
struct report_style {
  bool colored = false;
  int verbosity = 0;  ///< above 0: also what passed; below: only what failed
};

/// A reporter's name, whether a person reads it as it is written (then the program's own output may stand in between), and how
/// it is made. What it writes to outlives it.
struct reporter_row {
  std::string_view name;
  bool for_people;
  std::unique_ptr<event_reporter> (*make)(output& to, const report_style& style);
};

/// Any type with `void report(const event&)`.
template <class Reporter>
class reporter_of final : public event_reporter {
 public:
  template <class... Args>
  explicit reporter_of(Args&&... args) : reporter_(args...) {}
  void report(const event& what) override { reporter_.report(what); }

 private:
  Reporter reporter_;
};

/// The first one is the default.
inline constexpr reporter_row reporters[] = {
    {"console", true,
     [](output& to, const report_style& style) -> std::unique_ptr<event_reporter> {
       return std::make_unique<reporter_of<console_reporter>>(to, style.colored, style.verbosity);
     }},
    {"junit", false,
     [](output& to, const report_style&) -> std::unique_ptr<event_reporter> {
       return std::make_unique<reporter_of<junit_reporter>>(to);
     }},
};

}  // namespace awaitest::reporting
