// The order in which handlers run: the one place that decides it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../task/ready_queue.hpp"

namespace awaitest::detail {

class tape;  // search/tape.hpp

/// A candidate: the head of a chain of the scope's ready handlers, or a handler of the io_context's own.
struct schedule_choice {
  ready_handler* handler = nullptr;  ///< null: of the io_context
  std::size_t place = 0;             ///< of the io_context's: in its queue
};

/// The order in which a scope's handlers run; a scope without one is first in, first out, at no cost. Called on the loop's thread.
class schedule {
 public:
  /// For `choose`: none of them runs now.
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  static constexpr std::int64_t never = -1;
  static constexpr std::size_t most_offered =
      32;  ///< of a scope's handlers, the ones that came first, and of the io_context's

  schedule() = default;
  schedule(const schedule&) = delete;
  schedule& operator=(const schedule&) = delete;
  virtual ~schedule() = default;

  /// The next handler, by its place in `ready`: they stand in the order in which they came, those of the io_context last. `next_timer`:
  /// nanoseconds until the first timer is due, or `never`. Asked before each step.
  virtual std::size_t choose(const std::vector<schedule_choice>& ready, std::int64_t next_timer) = 0;
  /// The next of so many timers that are due at one instant; they stand in the order in which they were set. Asked only where there are
  /// several.
  virtual std::size_t choose_timer(std::size_t number) = 0;
  /// Time has moved on to a timer.
  virtual void time_has_moved() {}
  /// Nothing can happen any more but what `choose` has put off: true when there is something.
  virtual bool let_go() { return false; }
  /// For what else is to be chosen in the run; null: nothing is.
  virtual tape* choices() noexcept { return nullptr; }
  /// Whether handlers of one chain may change places: all are offered then, not only the heads.
  virtual bool splits_chains() const noexcept { return false; }
  /// Whether what a task dispatches to its own executor may run inside that call, as Asio's executors do it.
  virtual bool runs_inline() const noexcept { return false; }
};

/// For clock_driver: the order of timers that are due at one instant.
struct timer_order {
  schedule* of;  ///< null: that in which they were set
  std::size_t operator()(std::size_t number) const { return of ? of->choose_timer(number) : 0; }
};

}  // namespace awaitest::detail
