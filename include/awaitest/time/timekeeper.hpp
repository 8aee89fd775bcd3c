// The thread that moves a virtual clock where its loop's thread cannot: a handler blocks it without a limit (join(), get()), or no test
// is running, while another thread waits for an instant of that clock, or for a timerfd.
#pragma once

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "../platform/made_threads.hpp"
#include "../platform/other_threads.hpp"
#include "../platform/timed_waits.hpp"
#include "clock_lease.hpp"
#include "virtual_clock.hpp"

namespace awaitest::detail {

#if defined(__linux__)

/// One thread for the process, from the first thing that it is to move a clock for; it sleeps while there is none.
class timekeeper {
 public:
  /// A member waits on that clock or sets a timerfd, or joins it, or its loop has left it. Any thread.
  static void notice(const virtual_clock& clock) noexcept {
    if (!clock.is_forked() && clock.next_timer() != virtual_clock::never) instance().wake();
  }

 private:
  using duration = std::chrono::nanoseconds;
  static constexpr std::chrono::microseconds shortest{200}, longest{16'000};
  static constexpr std::chrono::minutes soon{1};  // a timer of another thread that is due before it counts
  static constexpr int patience = 5;              // looks, in which I/O that is on its way arrives

  static timekeeper& instance() {
    static auto& one = *new timekeeper;  // threads that are left outlive static objects
    return one;
  }
  void wake() noexcept {
    const time_scope real{nullptr};
    const std::lock_guard lock{guard_};
    is_wanted_ = true;
    wanted_.notify_one();
    if (std::exchange(has_begun_, true)) return;
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const auto* const test = std::exchange(test_here, nullptr);
    try {
      std::thread([this] { run(); }).detach();
    } catch (const std::exception&) {
      has_begun_ = false;  // the next one tries again
    }
    test_here = test;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  [[noreturn]] void run() {
    const known_thread own;
    for (;;) {
      rest_ = virtual_clock::never;
      bool any_driven = false, moved = false;
      virtual_clocks::instance().copy_to(clocks_);
      for (auto* one : clocks_) {
        const std::lock_guard kept{one->kept};
        const long driver = one->driver.load(std::memory_order_acquire);
        const bool is_waited_for =
            one->next_timer() != virtual_clock::never || timed_waits::instance().any(*one);
        if (driver == 0 && is_waited_for) {
          pace(*one);
          continue;
        }
        one->paced_from = {};
        if (!is_waited_for || one->members.load(std::memory_order_acquire) == 0) continue;
        any_driven = true;
        moved |= keep(*one, driver);
      }
      pause_ = moved ? shortest : std::min(pause_ * 2, longest);
      if (any_driven) {
        std::this_thread::sleep_for(pause_);  // by the machine's clock: what others do, they do in real time
        continue;
      }
      std::unique_lock lock{guard_};
      const auto is_wanted = [&] { return std::exchange(is_wanted_, false); };
      if (rest_ == virtual_clock::never)
        wanted_.wait(lock, is_wanted);
      else
        wanted_.wait_for(lock, duration{rest_}, is_wanted);
      pause_ = shortest;
    }
  }

  /// A clock whose loop runs no test goes as the machine's does.
  void pace(virtual_clock& clock) {
    const auto now = real_now();
    const auto since = clock.paced_from == virtual_clock::time_point{} ? now : clock.paced_from;
    clock.paced_from = now;
    clock.move_by((now - since).count());
    rest_ = std::min(rest_, to_next(clock));
  }
  static std::int64_t to_next(const virtual_clock& clock) {
    const auto next = clock.next_timer();
    // Without a next one, one that is due may not have noticed.
    return next == virtual_clock::never
               ? duration{longest}.count()
               : std::max<std::int64_t>(next - clock.steady(), duration{shortest}.count());
  }

  bool keep(virtual_clock& clock, long driver) {
    const auto next = clock.next_timer();
    // A wait that is due may not have begun when it was woken.
    timed_waits::instance().fire(clock, clock.steady());
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
    lightest_ =
        std::min(before.sleep, detail::lightest_foreign_sleep(soon, &clock, threads_of_others::left_out));
    return lightest_ != thread_sleep::none && detail::look_at_thread(id.c_str(), soon) == before &&
           clock.driver.load(std::memory_order_acquire) == driver;
  }

  std::mutex guard_;
  std::condition_variable wanted_;
  bool is_wanted_ = false, has_begun_ = false;
  // Of its thread:
  std::vector<virtual_clock*> clocks_;
  std::chrono::microseconds pause_ = shortest;
  std::int64_t rest_ = virtual_clock::never;  // to the first instant of clocks that go as the machine's does
  thread_sleep lightest_ = thread_sleep::none;
};

#else

class timekeeper {
 public:
  static void notice(const virtual_clock&) noexcept {}
};

#endif

}  // namespace awaitest::detail
