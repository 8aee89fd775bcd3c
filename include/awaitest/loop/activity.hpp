// Since when a loop's thread has been with one handler: for who watches it from another thread, and for --slow-handler.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "../platform/process_stops.hpp"
#include "../platform/real_clock.hpp"
#include "../time/reactor_wait.hpp"

namespace awaitest::detail {

/// Goes on with each handler that begins; odd while the loop waits for one. Written by the loop's thread, read from any. A store
/// a handler is all that it costs.
class handler_turns {
 public:
  void next() noexcept { set((value() | 1) + 1); }
  void wait() noexcept { set(value() | 1); }
  std::uint64_t value() const noexcept { return now_.load(std::memory_order_relaxed); }

 private:
  void set(std::uint64_t to) noexcept { now_.store(to, std::memory_order_relaxed); }

  std::atomic<std::uint64_t> now_{0};
};

/// True while this lives: for a signal's handler on the same thread.
class raised_flag {
 public:
  explicit raised_flag(std::atomic<bool>& which) noexcept : which_{which} {
    which_.store(true, std::memory_order_relaxed);
  }
  raised_flag(const raised_flag&) = delete;
  raised_flag& operator=(const raised_flag&) = delete;
  ~raised_flag() { which_.store(false, std::memory_order_relaxed); }

 private:
  std::atomic<bool>& which_;
};

/// A loop's wait for its io_context.
struct loop_wait : reactor_wait {
  explicit loop_wait(handler_turns& of) noexcept : reactor_wait{&loop_wait::end_of_wait}, turns{of} {}

  handler_turns& turns;
  bool timed = false;                           ///< whether anybody asks when it ended
  std::chrono::steady_clock::time_point end{};  ///< of the waiting; zero: not known
  std::chrono::nanoseconds lost{};              ///< to stops, at that end

  void begin() noexcept {
    turns.wait();
    end = {};
    over = false;
  }

 private:
  static void end_of_wait(reactor_wait& base) noexcept {
    auto& self = static_cast<loop_wait&>(base);
    self.turns.next();
    if (!self.timed) return;
    self.end = real_now();
    self.lost = stops.lost();
  }
};

}  // namespace awaitest::detail
