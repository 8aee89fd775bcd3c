// The loop that moves a virtual clock.
#pragma once

#include <atomic>

#include "../platform/other_threads.hpp"
#include "timekeeper.hpp"
#include "virtual_clock.hpp"

namespace awaitest::detail {

/// The calling thread runs the loop that moves the clock, while this lives.
class driven_clock {
 public:
  /// Null: the loop is in the machine's time.
  explicit driven_clock(virtual_clock* clock) noexcept : clock_{clock} {
    if (clock_) clock_->driver.store(this_thread_id(), std::memory_order_release);
  }
  driven_clock(const driven_clock&) = delete;
  driven_clock& operator=(const driven_clock&) = delete;
  ~driven_clock() {
    if (!clock_) return;
    clock_->driver.store(0, std::memory_order_release);
    timekeeper::notice(*clock_);
  }

 private:
  virtual_clock* clock_;
};

}  // namespace awaitest::detail
