// Somebody ends the process, by Ctrl-C say: the first time its tests wind down, and the run comes to its end by itself.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <utility>

#include <pthread.h>
#include <sys/types.h>

#include "../../platform/limits.hpp"
#include "../run_state.hpp"
#include "watched_worker.hpp"

namespace awaitest::detail {

/// The signals by which somebody asks for the end of the process, Ctrl-C first of all.
constexpr bool asks_for_the_end(int number) noexcept {
  return number == SIGINT || number == SIGTERM || number == SIGHUP;
}

/// Between two rounds of a run nobody is there to report them: such signals wait for the next round, or for the end of the run. One
/// thread's.
class held_requests {
 public:
  held_requests() noexcept {
    ::sigemptyset(&asking_);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&asking_, number);
  }
  held_requests(const held_requests&) = delete;
  held_requests& operator=(const held_requests&) = delete;
  ~held_requests() { let_go(); }

  void hold() noexcept { held_ = ::pthread_sigmask(SIG_BLOCK, &asking_, &before_) == 0; }
  void let_go() noexcept {
    if (std::exchange(held_, false)) ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t asking_, before_{};
  bool held_ = false;
};

/// The watchdog's thread only, but for `ask`.
class interruption {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit interruption(run_state& run) noexcept : run_{run} {}

  /// True: the run ends by itself. False: the process is to end now, as it was asked before. Fit for the handler of a signal; what
  /// waits hears of it by `spread`.
  bool ask(int number) noexcept {
    int nobody = 0;
    // A process of --isolate is told by its starter, too, which has the last word.
    if (!asked_.compare_exchange_strong(nobody, number)) return run_.asked.wire >= 0;
    run_.stop.store(true);
    run_.interrupted.store(number);
    return true;
  }
  /// The signal; 0: nobody has asked.
  int signal() const noexcept { return asked_.load(); }

  /// Wakes the loops, and hands the signal on to the processes of --isolate. Once.
  void spread() {
    if (signal() == 0 || is_spread()) return;
    since_ = std::chrono::steady_clock::now();
    for (auto* one : run_.workers) one->wake();
    for (const auto& one : run_.isolated)
      if (const auto process = one.process.load(); process > 0) ::kill(static_cast<pid_t>(process), signal());
  }
  /// Whether a loop is blocked, or winding down takes too long. `stopped`: the time until now was nobody's.
  bool is_late(time_point now, bool stopped) {
    if (!is_spread()) return false;
    if (stopped) since_ = now;
    if (now - since_ > limits::interrupted) return true;
    return now - since_ > limits::noticed &&
           std::any_of(run_.workers.begin(), run_.workers.end(), [](auto* one) {
             bool any = false;
             if (!one->knows_of_interrupt.load())
               one->for_each_current([&](const test_result&) { any = true; });
             return any;
           });
  }

 private:
  bool is_spread() const noexcept { return since_ != time_point{}; }

  run_state& run_;
  std::atomic<int> asked_{0};
  time_point since_{};
};

}  // namespace awaitest::detail
