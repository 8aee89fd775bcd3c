// The thread that moves a virtual clock where its loop's thread cannot: a handler blocks it without a limit (join(), get()), or no test
// is running, while another thread waits for an instant of that clock.
#pragma once

#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <string>
#include <thread>

#include "../platform/other_threads.hpp"
#include "../platform/timed_waits.hpp"
#include "virtual_clock.hpp"

namespace awaitest::detail {

#if defined(__linux__)

/// One for the process, from the first wait on; it sleeps while nobody waits.
class timekeeper {
 public:
  static void begin() noexcept {
    static constinit std::atomic<bool> has_begun{false};
    if (has_begun.load(std::memory_order_relaxed) || has_begun.exchange(true)) return;
    const time_scope real{nullptr};
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      std::thread([] { timekeeper{}.run(); }).detach();
    } catch (const std::exception&) {
      has_begun.store(false);  // the next wait tries again
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

 private:
  using duration = std::chrono::microseconds;
  static constexpr duration shortest{200}, longest{16'000};
  static constexpr std::chrono::minutes soon{1};  // a timer of another thread that is due before it counts
  static constexpr int patience = 5;              // looks, in which I/O that is on its way arrives

  [[noreturn]] void run() {
    const known_thread own;
    auto pause = shortest;
    for (;;) {
      const auto clocks = timed_waits::instance().wait_for_clocks();
      std::this_thread::sleep_for(pause);  // by the machine's clock: what others do, they do in real time
      bool moved = false;
      for (const auto* one : clocks) moved |= keep(*const_cast<virtual_clock*>(one));
      pause = moved ? shortest : std::min(pause * 2, longest);
    }
  }

  bool keep(virtual_clock& clock) {
    const auto next = clock.next_timer();
    // A wait that is due may not have begun when it was woken.
    timed_waits::instance().fire(clock, clock.steady());
    const long driver = clock.driver.load(std::memory_order_acquire);
    const auto now = real_now();
    if (driver == 0) {  // as the machine's clock does
      const auto since = clock.paced_from == virtual_clock::time_point{} ? now : clock.paced_from;
      clock.paced_from = now;
      clock.move_by((now - since).count());
      return false;
    }
    clock.paced_from = {};
    if (next == virtual_clock::never || !may_move(clock, driver)) {
      clock.looks = 0;
      return false;
    }
    const bool io = lightest_ == thread_sleep::for_io;
    if (io && ++clock.looks < patience) return true;
    clock.looks = 0;
    clock.move_to(virtual_clock::time_point{std::chrono::nanoseconds{next}});
    return true;
  }
  /// Whether all threads sleep, that of the loop in a handler: while it waits for what comes next, its waits have limits.
  bool may_move(const virtual_clock& clock, long driver) {
    if (clock.by_hand.load(std::memory_order_relaxed) || clock.is_held()) return false;
    const auto id = std::to_string(driver);
    const auto before = detail::look_at_thread(id.c_str(), soon);
    if (before.sleep == thread_sleep::none) return false;
    lightest_ = std::min(before.sleep, detail::lightest_foreign_sleep(soon, &clock));
    return lightest_ != thread_sleep::none && detail::look_at_thread(id.c_str(), soon) == before &&
           clock.driver.load(std::memory_order_acquire) == driver;
  }

  thread_sleep lightest_ = thread_sleep::none;
};

#else

class timekeeper {
 public:
  static void begin() noexcept {}
};

#endif

}  // namespace awaitest::detail
