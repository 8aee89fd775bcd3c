// A process that ends before its run does: signals, exit() in a test, a loop that never comes back. What is known is
// reported, with the test that it happened in.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <poll.h>
#include <unistd.h>

#include "blocked_loop.hpp"
#include "coverage.hpp"
#include "end_watch.hpp"
#include "run_state.hpp"

#if defined(__GNUC__) && defined(__ELF__)
extern "C" [[gnu::weak]] void __sanitizer_set_death_callback(void (*callback)());
#endif

namespace awaitest::detail {

class emergency {
 public:
  emergency(run_state& run, std::size_t selected, std::chrono::steady_clock::time_point begun)
      : run_{run}, selected_{selected}, begun_{begun} {
    outer_ = active.exchange(this);
    static const bool once = [] {
      std::atexit([] {
        if (auto* now = active.load()) now->end("exit() was called", failure_kind::crashed, 1);
      });
      std::at_quick_exit([] {
        if (auto* now = active.load()) now->end("quick_exit() was called", failure_kind::crashed, 1);
      });
#if defined(__GNUC__) && defined(__ELF__)
      if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback([] {
          if (auto* now = active.load()) now->say("a sanitizer has ended the process", failure_kind::crashed);
        });
#endif
      return true;
    }();
    static_cast<void>(once);
    previous_terminate_ = std::set_terminate([] {
      std::string why = "std::terminate() was called";
      if (const auto what = std::current_exception()) why += ": " + text_of(what);
      if (auto* now = active.load()) now->say(why.c_str(), failure_kind::crashed);
      std::abort();
    });
    install();
    watchdog_ = std::thread{[this] { watch(); }};
  }
  emergency(const emergency&) = delete;
  emergency& operator=(const emergency&) = delete;
  ~emergency() {
    {
      const std::lock_guard lock{guard_};
      done_ = true;
    }
    changed_.notify_one();
    watchdog_.join();
    std::set_terminate(previous_terminate_);
    active.store(outer_);
  }

  /// Reports that the process ends in the middle of its run, for the reason `why`. It is to end with 1 then.
  static void end_of_run(const char* why) {
    end_in(20);
    active.load()->say(why, failure_kind::crashed);
  }
  /// Whether the end of this process, now, would be that of a run that goes on. In a forked process it is not; nothing is touched,
  /// as a vforked one has its parent's memory.
  static bool would_end_a_run() {
    const auto* const now = active.load();
    return now && ::getpid() == now->process_ && !now->said_.load();
  }

 private:
  inline static constinit std::atomic<emergency*> active{nullptr};

  // Fatal signals, unless somebody (a sanitizer, the user) has taken them already. The handler allocates and may meet a
  // broken heap or a held lock; an alarm then ends the process all the same.
  static void install() {
    static const bool once = [] {
      static char stack[64 * 1024];
      stack_t alternative{};
      alternative.ss_sp = stack;
      alternative.ss_size = sizeof stack;
      ::sigaltstack(&alternative, nullptr);
      for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
        struct sigaction before{};
        ::sigaction(number, nullptr, &before);
        if (before.sa_handler != SIG_DFL) continue;
        struct sigaction ours{};
        ours.sa_handler = [](int which) {
          ::signal(which, SIG_DFL);
          end_in(5);
          if (auto* now = active.load()) {
            const std::string why = std::string("the process crashed: ") + name_of(which);
            now->say(why.c_str(), failure_kind::crashed);
          }
          ::raise(which);
        };
        ours.sa_flags = SA_ONSTACK | SA_NODEFER;
        ::sigaction(number, &ours, nullptr);
      }
      return true;
    }();
    static_cast<void>(once);
  }
  static const char* name_of(int number) {
    switch (number) {
      case SIGSEGV: return "SIGSEGV (invalid memory access)";
      case SIGBUS: return "SIGBUS";
      case SIGFPE: return "SIGFPE (arithmetic error)";
      case SIGILL: return "SIGILL";
      default: return "SIGABRT (abort)";
    }
  }

  void say(const char* why, failure_kind kind, watched_worker* culprit = nullptr,
           const std::string& where = {}) {
    if (::getpid() != process_ || said_.exchange(true))
      return;  // one that a test has forked has nothing to say
    std::vector<event> words;
    bool blamed = false;
    const auto* const task = here.current.slot;
    for (auto* one : run_.workers)
      one->for_each_current([&](test_case_run& test) {
        const bool here_it_was = one == culprit ||
                                 (test.attempt && task && task->scope == test.attempt.get()) ||
                                 (!culprit && run_.workers.size() * run_.asked.concurrency == 1);
        blamed = blamed || here_it_was;
        auto end = test.end;
        if (test.attempt) {
          for (auto& failed : test.attempt->failures_so_far()) end.failures.push_back(std::move(failed));
          end.more_failures += test.attempt->more_failures();
        }
        end.result = outcome::failed;
        end.attempts = 1;
        end.elapsed = (real_now() - test.begun).count();
        failure what;
        what.kind = kind;
        what.where = test.info.where;
        what.elapsed = end.elapsed;
        what.message = here_it_was ? std::string(why) + "; the process ends here" + where
                                   : std::string("the process ended while it ran: ") + why + " elsewhere";
        end.failures.push_back(std::move(what));
        words.emplace_back(std::move(end));
      });
    if (!blamed) {
      failure what;
      what.kind = kind;
      what.message = why + where;
      words.emplace_back(run_failure{std::move(what)});
    }
    run_.sink.close_in_emergency(words, (real_now() - begun_).count(), selected_);
    std::fflush(nullptr);
    write_coverage();
  }
  void end(const char* why, failure_kind kind, int code) {
    if (::getpid() != process_) return;
    say(why, kind);
    ::_exit(code);
  }

  /// Whoever prints waits for it.
  static bool reader_pauses() {
    pollfd outputs[] = {{STDOUT_FILENO, POLLOUT, 0}, {STDERR_FILENO, POLLOUT, 0}};
    return ::poll(outputs, 2, 0) >= 0 && (outputs[0].revents == 0 || outputs[1].revents == 0);
  }

  void watch() {
    const auto id = this_thread_id();
    own_threads::instance().add(id);
    std::vector<handler_clock> clocks(run_.workers.size());
    bool excused_before = false;
    auto looked = std::chrono::steady_clock::now(), not_before = looked;
    std::unique_lock lock{guard_};
    for ([[maybe_unused]] bool first = true; !done_; first = false) {
      changed_.wait_for(lock, std::chrono::milliseconds{500});
      if (done_) break;
#ifdef AWAITEST_HAS_NATIVE_TRACE
      if (first) trace_signal::prepare();  // a run that is over by now has not paid for it
#endif
      const auto now = std::chrono::steady_clock::now();
      // Whoever reads may take all the time in the world; and who was stopped (Ctrl-Z, a debugger) knows nothing of its time.
      const bool stopped = now - std::exchange(looked, now) > std::chrono::seconds{2};
      if (stopped) {
        clocks.assign(clocks.size(), {});
        not_before = now + std::chrono::seconds{5};
      }
      const bool excused = stopped || run_.sink.reporting() || reader_pauses();
      for (std::size_t i = 0; i < clocks.size(); ++i) {
        auto& one = *run_.workers[i];
        clocks[i].look(one.turns(), now);
        const auto limit = one.blocked_after();
        const auto held = clocks[i].held(now);
        const bool between = limit == watched_worker::between_tests;
        const bool blocked = between ? patience_ > 0 && held > patience_
                                     : now >= not_before && now.time_since_epoch().count() >= limit;
        if (!blocked || excused || excused_before) continue;
        lock.unlock();
        end_in(20);
        const auto last = between ? one.last_test() : std::string{};
        const auto words = detail::look_at_blocked(
            one, held,
            !between       ? ", long after the timeout"
            : last.empty() ? ", and no test is in flight"
                           : ", and no test is in flight; the last was \"" + last + '"');
        say(words.why.c_str(), failure_kind::blocked, &one, words.where);
        ::_exit(1);
      }
      excused_before = excused;
    }
    own_threads::instance().remove(id);
  }

  run_state& run_;
  std::size_t selected_;
  emergency* outer_ = nullptr;  // of the run in which this one is nested
  pid_t process_ = ::getpid();
  std::chrono::steady_clock::time_point begun_;
  std::int64_t patience_ = patience_between_tests(run_.asked);
  std::terminate_handler previous_terminate_ = nullptr;
  std::atomic<bool> said_{false};
  std::mutex guard_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread watchdog_;
};

}  // namespace awaitest::detail
