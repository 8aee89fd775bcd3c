// The thread that watches the process, from the selection of its tests to its end.
#pragma once

#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <unistd.h>

#include "../../platform/fatal_signals.hpp"
#include "../../platform/limits.hpp"
#include "../../platform/other_threads.hpp"
#include "../../platform/process_stops.hpp"
#include "wake_up.hpp"

namespace awaitest::detail {

/// The state of the process, as it is watched: its start, a run, or its end. One at a time is the watchdog's.
class watched_state {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  watched_state() = default;
  watched_state(const watched_state&) = delete;
  watched_state& operator=(const watched_state&) = delete;

  /// On the watchdog's thread, every limits::watched_every. `stopped`: the process was (Ctrl-Z), is under a debugger, or has had no
  /// processor for long; what seems to be long since may be no more than that.
  virtual void look(time_point now, bool stopped) = 0;
  /// On the watchdog's thread, before each look and as soon as somebody wakes it.
  virtual void woken() {}

 protected:
  ~watched_state() = default;
};

class watchdog {
 public:
  static watchdog& instance() {
    static auto& one = *new watchdog;  // it outlives all static objects
    return one;
  }
  watchdog() = default;
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;

  /// Watches a state from now on, or none where it is null, in place of the one returned, which is not looked at any more. The thread
  /// is made with the first state; where none can be made, `watches()` stays false.
  watched_state* watch(watched_state* which) {
    const std::lock_guard lock{guard_};
    auto* const before = std::exchange(watched_, which);
    if (which && !watches()) begin();
    return before;
  }
  /// False: no thread could be made, or this process has been forked from the one that has it.
  bool watches() const noexcept { return process_ == ::getpid(); }
  long thread() const noexcept { return id_.load(); }
  /// Calls `woken` of the state, soon and on the watchdog's thread. Fit for the handler of a signal.
  void wake() noexcept { wake_.post(); }

  /// The thread ends. For the last of the process's own code.
  void end() {
    if (!watches()) return;
    {
      const std::lock_guard lock{guard_};
      watched_ = nullptr;
      over_ = true;
    }
    wake_.post();
    thread_.join();
    process_ = 0;
  }

  /// A last report needs memory and a reader, and may hang as the process does, also on this thread: an alarm ends the process then.
  static void end_after_last_report() {
    ::signal(SIGALRM, SIG_DFL);
    sigset_t alarm_only;
    ::sigemptyset(&alarm_only);
    ::sigaddset(&alarm_only, SIGALRM);
    ::pthread_sigmask(SIG_UNBLOCK, &alarm_only, nullptr);
    ::alarm(
        static_cast<unsigned>(std::chrono::duration_cast<std::chrono::seconds>(limits::last_report).count()));
  }

 private:
  void begin() {
    // Made on this thread: the watchdog's may begin when memory is exhausted, and is to allocate nothing.
    own_threads::instance();
    const sigset_t before = leave_signals_to_others();
    // From now on: the process may be stopped before the thread has had a processor.
    begun_ = std::chrono::steady_clock::now();
    stops.begin(begun_);
    try {
      if (process_ != 0) std::construct_at(&thread_);  // a forked process: the thread is its parent's
      thread_ = std::thread{[this] { run(); }};
      process_ = ::getpid();
    } catch (const std::system_error&) {  // too few threads
      stops.end();
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  /// Signals sent to the process are for the threads that run tests: not for one that is made now.
  static sigset_t leave_signals_to_others() {
    sigset_t sent, before;
    ::sigfillset(&sent);
    for (const int own : signals_of_a_thread) ::sigdelset(&sent, own);
    ::sigemptyset(&before);
    ::pthread_sigmask(SIG_BLOCK, &sent, &before);
    return before;
  }

  void run() {
    const auto id = this_thread_id();
    id_.store(id);
    own_threads::instance().add(id);
    auto looked = begun_;
    for (;;) {
      wake_.wait_for(limits::watched_every);
      const std::lock_guard lock{guard_};
      if (watched_) watched_->woken();
      if (over_) return stops.end();
      const auto now = std::chrono::steady_clock::now();
      stops.look(now);
      const bool stopped = now - std::exchange(looked, now) > limits::stopped || is_traced();
      if (watched_) watched_->look(now, stopped);
    }
  }

  std::mutex guard_;  // of what follows; held while something is looked at
  watched_state* watched_ = nullptr;
  bool over_ = false;

  wake_up wake_;
  std::atomic<long> id_{0};
  pid_t process_ = 0;                              // that has the thread
  std::chrono::steady_clock::time_point begun_{};  // when it was made
  std::thread thread_;
};

}  // namespace awaitest::detail
