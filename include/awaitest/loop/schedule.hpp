// The order in which handlers run: the one place that decides it.
#pragma once

#include <cstddef>
#include <vector>

#include "../task/ready_queue.hpp"

namespace awaitest::detail {

/// A candidate: the head of a chain of the scope's ready handlers, or a handler of the io_context's own.
struct schedule_choice {
  ready_handler* handler = nullptr;  ///< null: of the io_context
  std::size_t place = 0;             ///< of the io_context's: in its queue
};

/// The order in which a scope's handlers run; a scope without one is first in, first out, at no cost. While it has one, nothing
/// runs inside the call that posts it. Called on the loop's thread, and only where there is a choice.
class schedule {
 public:
  schedule() = default;
  schedule(const schedule&) = delete;
  schedule& operator=(const schedule&) = delete;
  virtual ~schedule() = default;

  /// Which of them is next; they stand in the order in which they came, those of the io_context last.
  virtual std::size_t choose(const std::vector<schedule_choice>& ready) = 0;
  /// Which of so many timers that are due at one instant is next; they stand in the order in which they were set.
  virtual std::size_t choose_timer(std::size_t number) = 0;
};

/// For clock_driver: the order of timers that are due at one instant.
struct timer_order {
  schedule* of;  ///< null: that in which they were set
  std::size_t operator()(std::size_t number) const { return of ? of->choose_timer(number) : 0; }
};

}  // namespace awaitest::detail
