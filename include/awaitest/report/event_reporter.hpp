// The interface of a reporter.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "../model/event.hpp"

namespace awaitest {

/// A reporter is told of each event, one at a time, on any thread.
class event_reporter {
 public:
  event_reporter() = default;
  event_reporter(const event_reporter&) = delete;
  event_reporter& operator=(const event_reporter&) = delete;
  virtual ~event_reporter() = default;
  virtual void report(const event& what) = 0;
  /// Called about twice a second while the run lasts, on a thread of awaitest's, never during report(): for what is shown while nothing
  /// happens.
  virtual void refresh() {}
};

/// The look of a report that a person reads.
struct report_style {
  bool colored = false;
  std::chrono::steady_clock::time_point (*now)() = &std::chrono::steady_clock::now;  ///< the machine's time
  bool live = false;                          ///< the output is a terminal that nobody else writes to
  bool source = false;                        ///< with lines of it around a failed assertion
  int verbosity = 0;                          ///< above 0: also what passed; below: only what failed
  std::optional<std::size_t> durations = {};  ///< of so many of the slowest tests; 0: of all
};

}  // namespace awaitest
