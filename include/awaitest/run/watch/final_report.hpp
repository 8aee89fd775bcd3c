// A process that ends before its run does: signals, exit() in a test, a loop that never comes back. What is known is
// reported, with the test that it happened in.
//
// A signal is reported by the thread that watches: the one that has got it may hold a lock, malloc's own above all. What that
// thread does then frees nothing that others have allocated, which might need such a lock.
//
// Longer than other headers: signals, std::terminate, exit() and the watchdog end in one report, and one state says who gives it.
#pragma once

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unistd.h>

#include "../../model/last_moments.hpp"
#include "../../model/own_descriptors.hpp"
#include "../../platform/alternate_stack.hpp"
#include "../../platform/coverage.hpp"
#include "../../platform/fatal_signals.hpp"
#include "../../platform/handled_signals.hpp"
#include "../../platform/paused_reader.hpp"
#include "../../platform/uninterrupted.hpp"
#include "../run_state.hpp"
#include "blocked_judge.hpp"
#include "blocked_loop.hpp"
#include "interruption.hpp"
#include "memory_reserve.hpp"
#include "named_frames.hpp"
#include "watchdog.hpp"

#if defined(__GNUC__) && defined(__ELF__)
extern "C" [[gnu::weak]] void __sanitizer_set_death_callback(void (*callback)());
#endif

namespace awaitest::detail {

class emergency final : public watched_state {
 public:
  emergency(run_state& run, std::size_t selected, std::chrono::steady_clock::time_point begun)
      : run_{run}, selected_{selected}, begun_{begun} {
    outer_ = active.exchange(this);
    static const bool once = [] {
      std::atexit([] {
        if (auto* now = active.load()) now->end("exit()");
      });
      std::at_quick_exit([] {
        if (auto* now = active.load()) now->end("quick_exit()");
      });
#if defined(__GNUC__) && defined(__ELF__)
      if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback([] {
          if (auto* now = active.load()) now->say(ending_of(end_cause::sanitizer), failure_kind::crashed);
        });
#endif
      return true;
    }();
    static_cast<void>(once);
    previous_terminate_ = std::set_terminate([] {
      if (auto* now = active.load()) now->terminated();
      std::abort();
    });
    if (!outer_) install();
    judges_.assign(run_.workers.size(), blocked_judge{patience_between_tests(run_.asked.timeout)});
    watched_before_ = watchdog_.watch(this);
    watching_.store(watchdog_.watches());  // without it, whoever gets a signal reports it
  }
  emergency(const emergency&) = delete;
  emergency& operator=(const emergency&) = delete;
  ~emergency() {
    watching_.store(false);
    watchdog_.watch(watched_before_);
    std::set_terminate(previous_terminate_);
    active.store(outer_);
    if (!outer_) leave_fatal_signals();
  }

  /// Memory is exhausted for good, and that worker could not go on. Does not return.
  [[noreturn]] void out_of_memory(watched_worker& culprit) {
    culprit_ = &culprit;
    tell("memory is exhausted", failure_kind::crashed);
    ::_exit(1);
  }

  /// Reports that the process ends in the middle of its run. It is to end with 1 then.
  static void end_of_run(process_ending end) {
    watchdog::end_after_last_report();
    tell_frames_here(end);
    active.load()->say(std::move(end), failure_kind::crashed);
  }
  /// Whether the end of this process, now, would be that of a run that goes on. In a forked process it is not; nothing is touched,
  /// as a vforked one has its parent's memory.
  static bool would_end_a_run() {
    const auto* const now = active.load();
    return now && ::getpid() == now->process_ && !now->said_.load();
  }

 private:
  inline static constinit std::atomic<emergency*> active{nullptr};

  // Signals that end the process, unless somebody (a sanitizer, the user) has taken them already.
  static void install() {
    static const bool once = [] {
      static char stack[alternate_stack::size];
      stack_t alternative{};
      alternative.ss_sp = stack;
      alternative.ss_size = sizeof stack;
      ::sigaltstack(&alternative, nullptr);
      threads_have_alternate_stacks.store(true);
      return true;
    }();
    static_cast<void>(once);
    fatal_signal_handler.store(&signalled);
    take_fatal_signals();
  }

  static void signalled(int which, siginfo_t* about, void* context) {
    taken_frames::end_look_here();
    const time_scope real{nullptr};  // a signal is no part of the test that it meets
    if (auto* now = active.load(); now && ::getpid() == now->process_) {
      auto what = detail::find_fatal_signal(which);
      if (detail::is_stack_overflow(which, about, context)) what.words = "SIGSEGV (stack overflow)";
      if (now->watching_.load() && detail::asks_for_the_end(which) && now->interruption_.ask(which)) {
        now->watchdog_.wake();
        return;
      }
      if (!now->tell(what.words, what.asked_for ? failure_kind::interrupted : failure_kind::crashed, which,
                     context))
        return;
    }
    ::signal(which, SIG_DFL);
    ::raise(which);
  }

  /// Has it reported, and returns when that is done, or cannot be done in time. Fit for the handler of a signal. False: this thread goes
  /// on; the process is being ended already, or by the watchdog.
  bool tell(const char* words, failure_kind kind, int number = 0, const void* context = nullptr) {
    const auto self = this_thread_id();
    const bool was_sent = number != 0 && !detail::comes_of_a_thread(number);
    long nobody = 0;
    if (!teller_.compare_exchange_strong(nobody, self)) {
      const bool ours = nobody == self || watchdog_.thread() == self;
      if (ours && (kind == failure_kind::interrupted || (was_sent && ends_by_itself_)))
        return false;  // asked again
      if (ours) {
        last_words(words);
        return true;
      }
      for (;;) ::pause();  // another thread ends the process
    }
    came_ = real_now();
    words_ = words;
    kind_ = kind;
    number_ = number;
    slot_ = here.current.slot;
    if (!watching_.load()) {
      report_told();
      return true;
    }
    const bool goes_on = was_sent && uninterrupted::here();
    ends_by_itself_ = goes_on;
    if (context && !was_sent && !said_.load()) frames_.take_interrupted(context);
    step_.store(step::asked);
    watchdog_.wake();
    if (goes_on) return false;
    const auto begun = real_now();
    while (step_.load() != step::done && real_now() - begun < limits::told_by_watchdog) ::poll(nullptr, 0, 2);
    if (step_.load() < step::reported) last_words(words);
    return true;
  }
  void report_told() {
    ::signal(SIGPIPE, SIG_IGN);  // whoever reads the report may be gone
    // By std::terminate(), say, which goes on to abort(): there may be no memory any more.
    if (!said_.load()) {
      const bool exhausted = memory_reserve::none_is_left();
      memory_.release();
      auto end = ending_of(number_ == 0 ? end_cause::out_of_memory : end_cause::signal, words_);
      end.number = number_;
      if (!exhausted) detail::tell_frames(frames_.all(), end);
      say(std::move(end), kind_, culprit_, slot_);
    }
    for (const auto& one : run_.isolated)
      if (const auto process = one.process.load(); process > 0)
        ::kill(static_cast<pid_t>(process), interruption_.signal() != 0 ? SIGKILL  // it has been asked
                                            : kind_ == failure_kind::interrupted ? number_
                                                                                 : SIGTERM);
    step_.store(step::done);
  }
  /// When nothing else is left: allocates nothing, waits for nobody.
  void last_words(const char* why) {
    detail::say("awaitest: the process ends before it could report: ");
    detail::say(why);
    detail::say("\n");
    for (auto* one : run_.workers)
      one->for_each_current([&](const test_result& test) {
        detail::say("awaitest: while this test ran: ");
        detail::say(test.info.name);
        detail::say("\n");
      });
  }

  void terminated() {
    const bool exhausted = memory_reserve::none_is_left();
    memory_.release();
    try {
      auto end = ending_of(end_cause::terminate);
      // An exception that leaves an inlined noexcept function is not current here.
      if (const auto what = std::current_exception())
        end.what = text_of(what);
      else if (exhausted)
        end.what = "memory is exhausted";
      if (!exhausted) tell_frames_here(end);
      say(std::move(end), failure_kind::crashed);
    } catch (...) {
      said_.store(false);  // abort() has it told
    }
  }

  static void tell_frames_here(process_ending& into) {
    if (auto* const now = active.load()) now->came_ = real_now();
    taken_frames frames;
    frames.take();
    detail::tell_frames(frames.all(), into);
  }
  static process_ending ending_of(end_cause cause, const char* what = "") {
    process_ending made;
    made.cause = cause;
    made.what = what;
    return made;
  }
  void say(process_ending how, failure_kind kind, watched_worker* culprit = nullptr,
           const detail::task* slot = here.current.slot) {
    if (::getpid() != process_ || said_.exchange(true))
      return;  // one that a test has forked has nothing to say
    in_last_moments.store(true);
    const auto now = came_ == time_point{} ? real_now() : came_;
    memory_.release();
    const bool interrupted = kind == failure_kind::interrupted;
    std::vector<event> words;
    bool blamed = false;
    const auto add = [&](const test_result& test, bool here_it_was, const process_ending& why) {
      if (test.reported.load() || &test.info == run_.sink.ended()) return;
      blamed = blamed || here_it_was || interrupted;
      auto end = test.end;
      if (test.attempt) {
        for (auto& failed : test.attempt->failures_so_far()) end.failures.push_back(std::move(failed));
        end.more_failures += test.attempt->more_failures();
      }
      end.result = outcome::failed;
      end.attempts = 1;
      end.elapsed = (now - test.begun).count();
      failure what;
      what.kind = kind;
      what.where = test.info.where;
      what.elapsed = end.elapsed;
      what.ending = why;
      if (here_it_was && test.attempt) what.subtest = test.its_subtests.open();
      what.ending.relation = here_it_was ? end_relation::of_it : end_relation::elsewhere;
      end.failures.push_back(std::move(what));
      if (run_.prints) run_.prints->ended(end);
      words.emplace_back(std::move(end));
    };
    for (auto* one : run_.workers) {
      auto its = how;
      const auto* its_slot = slot;
      // The watchdog has waited in vain: a loop that has not heard of the request is blocked.
      if (interrupted && teller_.load() == watchdog_.thread() && !one->knows_of_interrupt.load())
        its_slot = detail::tell_place(*one, its);
      one->for_each_current([&](test_result& test) {
        add(test,
            one == culprit || (test.attempt && its_slot && its_slot->scope == test.attempt.get()) ||
                (!culprit && run_.workers.size() * run_.asked.concurrency == 1),
            its);
      });
    }
    for (const auto& one : run_.isolated)
      if (const auto* const test = one.test.load()) add(*test, false, how);
    if (!blamed) {
      failure what;
      what.kind = kind;
      what.ending = std::move(how);
      words.emplace_back(run_failure{std::move(what)});
    }
    run_.sink.close_in_emergency(words, (now - begun_).count(), selected_);
    if (run_.prints) run_.prints->tell_rest(own_descriptors::error);
    auto asked = step::asked;
    step_.compare_exchange_strong(asked, step::reported);
    // A thread that was stopped in the middle of printing keeps the lock of the stream.
    if (::ftrylockfile(stdout) == 0) {
      if (::ftrylockfile(stderr) == 0) {
        std::fflush(nullptr);
        ::funlockfile(stderr);
      }
      ::funlockfile(stdout);
    }
    write_coverage();
  }
  /// A function that ends the process was called.
  void end(const char* function) {
    if (::getpid() != process_) return;
    auto made = ending_of(end_cause::call, function);
    if (!said_.load()) tell_frames_here(made);
    say(std::move(made), failure_kind::crashed);
    ::_exit(1);
  }

  void woken() override {
    interruption_.spread();
    if (step_.load() != step::asked) return;
    report_told();
    if (ends_by_itself_) {
      ::signal(number_, SIG_DFL);
      ::kill(process_, number_);  // blocked on this thread alone
    }
    for (;;) ::pause();  // until the process has been ended
  }
  /// Ends the process: tests that wind down are not waited for any longer.
  void end_interrupted() {
    long nobody = 0;
    if (!teller_.compare_exchange_strong(nobody, this_thread_id())) return;
    const auto what = detail::find_fatal_signal(interruption_.signal());
    came_ = real_now();
    words_ = what.words;
    kind_ = failure_kind::interrupted;
    number_ = what.number;
    ends_by_itself_ = true;
    step_.store(step::asked);
    woken();
  }
  /// No loop is blocked while output is stalled by a slow reader.
  void look(time_point now, bool stopped) override {
    if (interruption_.is_late(now, stopped)) end_interrupted();
    if (!reader_pauses()) run_.sink.refresh();
    const bool excused = run_.sink.reporting() || reader_pauses();
    for (std::size_t i = 0; i < judges_.size(); ++i) {
      auto& one = *run_.workers[i];
      const auto limit = one.blocked_after();
      if (!judges_[i].look(one.turns(), limit, now, stopped, excused)) continue;
      watchdog::end_after_last_report();
      const bool between = limit == watched_worker::between_tests;
      say(detail::look_at_blocked(one, judges_[i].held(now), between), failure_kind::blocked, &one);
      ::_exit(1);
    }
  }

  run_state& run_;
  std::size_t selected_;
  emergency* outer_ = nullptr;  // of the run in which this one is nested
  pid_t process_ = ::getpid();
  std::chrono::steady_clock::time_point begun_;
  std::terminate_handler previous_terminate_ = nullptr;
  std::atomic<bool> said_{false};

  // The words of tell().
  enum class step : std::uint8_t { nothing, asked, reported, done };
  const char* words_ = nullptr;
  failure_kind kind_ = failure_kind::crashed;
  int number_ = 0;
  const detail::task* slot_ = nullptr;
  time_point came_{};            // when the end came: what is told of it takes its time
  taken_frames frames_;          // of the thread that cannot go on
  bool ends_by_itself_ = false;  // nobody waits for the report
  watched_worker* culprit_ = nullptr;
  std::atomic<long> teller_{0};
  std::atomic<step> step_{step::nothing};
  interruption interruption_{run_};

  memory_reserve memory_;
  std::vector<blocked_judge> judges_;  // of the workers
  watchdog& watchdog_ = watchdog::instance();
  watched_state* watched_before_ = nullptr;
  std::atomic<bool> watching_{false};
};

}  // namespace awaitest::detail
