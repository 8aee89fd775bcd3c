// A process of --isolate: its test, what it tells of it, and how it ends.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "../../model/wire.hpp"
#include "../../platform/fatal_signals.hpp"
#include "../../platform/limits.hpp"
#include "../worker.hpp"

namespace awaitest::detail {

/// One process. What it prints is kept, and shown when its test failed.
class isolated_process {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  isolated_process(const run_state& run, std::size_t at, std::size_t place)
      : test{run.tests[at], at, seed_of(run.tests[at], run.asked.seed)},
        begun{std::chrono::steady_clock::now()},
        patience_{patience_at_start(run.asked.timeout)},
        of_all_{run.asked.show_output} {
    test.begun = begun;
    if (::pipe2(events_, O_CLOEXEC) != 0 || ::pipe2(prints_, O_CLOEXEC) != 0) {
      not_started(errno);
      return;
    }
    for (const int one : {events_[0], prints_[0]}) ::fcntl(one, F_SETFL, O_NONBLOCK);
    const auto descriptor = std::to_string(events_[1]);
    const auto seed = std::to_string(run.asked.seed);
    const auto worker = std::to_string(place);
    const auto exact = "--exact=" + test.info.name;  // a name may begin with dashes
    std::vector<const char*> arguments{run.asked.program.c_str(),
                                       exact.c_str(),
                                       "--seed",
                                       seed.c_str(),
                                       "--worker",
                                       worker.c_str(),
                                       "--wire",
                                       descriptor.c_str()};
    for (const auto& one : run.asked.for_each_test) {
      arguments.push_back(one.name.c_str());
      if (!one.value.empty()) arguments.push_back(one.value.c_str());
    }
    arguments.push_back(nullptr);
    process_ = ::fork();
    if (process_ < 0) {
      not_started(errno);
      return;
    }
    if (process_ == 0) {
      ::fcntl(events_[1], F_SETFD, 0);
      if (run.asked.capture) {
        ::dup2(prints_[1], STDOUT_FILENO);
        ::dup2(prints_[1], STDERR_FILENO);
      }
      ::execv("/proc/self/exe", const_cast<char* const*>(arguments.data()));
      ::execvp(arguments.front(), const_cast<char* const*>(arguments.data()));
      ::_exit(127);
    }
    close_one(events_[1]);
    close_one(prints_[1]);
  }
  isolated_process(const isolated_process&) = delete;
  isolated_process& operator=(const isolated_process&) = delete;
  ~isolated_process() {
    for (auto& one : {&events_[0], &events_[1], &prints_[0], &prints_[1]}) close_one(*one);
  }

  long process() const { return process_; }
  /// For poll(); negative when closed.
  int events() const { return events_[0]; }
  int prints() const { return prints_[0]; }
  void read_events(event_sink& sink) {
    read_from(events_[0], told_);
    for (event one; wire::read(told_, one);) tell(one, sink);
  }
  void read_prints() { read_from(prints_[0], printed_); }
  /// Whether the test has told all, and the process has yet to end.
  bool ends() const { return events_[0] < 0 && process_ > 0; }
  /// The time that has passed until now was nobody's: this process was stopped.
  void excuse(time_point now) { since_ = now; }
  /// True when the process is gone, and all is read that it has said. While it runs its test it is watched from inside; a constructor
  /// of a global that hangs is not waited for for ever, nor a destructor.
  bool is_over(event_sink& sink, time_point now) {
    if (!reap(WNOHANG)) {
      if (ends() && !std::exchange(had_ended_, true)) since_ = now;
      const auto longest = ends() ? limits::isolated_end : has_begun_ ? unlimited : patience_;
      if (longest == unlimited || now - since_ < longest) return false;
      killed_ = true;
      ::kill(process_, SIGKILL);
      reap(0);
    }
    if (events_[0] >= 0) read_events(sink);
    if (prints_[0] >= 0) read_prints();
    close_one(events_[0]);  // what it has forked may keep the pipes open
    close_one(prints_[0]);
    return true;
  }

  /// Once it is over: reports. `interrupted`: by that signal the run was, and so was the process.
  void finish(event_sink& sink, int interrupted) {
    if (!have_end_ && interrupted != 0 && error_ == 0) {
      test.end.failures = std::move(found_);
      test.end.elapsed = (std::chrono::steady_clock::now() - begun).count();
      crashed(ending(end_cause::signal, end_relation::of_it, interrupted,
                     detail::find_fatal_signal(interrupted).words),
              failure_kind::interrupted);
    } else if (!have_end_) {
      test.end.failures = std::move(found_);
      test.end.elapsed = (std::chrono::steady_clock::now() - begun).count();
      if (error_ != 0)
        crashed(ending(end_cause::not_started, end_relation::of_its_own, error_, std::strerror(error_)));
      else if (killed_)
        crashed(ending(has_begun_ ? end_cause::was_killed : end_cause::not_begun, end_relation::of_its_own));
      else
        crashed(ending_of(status_, end_relation::of_its_own));
    } else if (test.end.result != outcome::failed && !outside_ && interrupted == 0) {
      // A sanitizer's last word, a destructor of a global: what comes after the test has its say, too.
      const int due = test.end.result == outcome::skipped ? 4 : 0;
      if (killed_)
        crashed(ending(end_cause::was_killed, end_relation::after_it));
      else if (!WIFEXITED(status_) || WEXITSTATUS(status_) != due)
        crashed(ending_of(status_, end_relation::after_it));
    }
    while (printed_.ends_with('\n')) printed_.pop_back();
    if ((test.end.result == outcome::failed || of_all_) && !printed_.empty())
      test.end.output = std::move(printed_);
    sink.report(test.told_end);
  }

  test_result test;
  time_point begun;

 private:
  /// Takes an event that the process has told.
  void tell(event& said, event_sink& sink) {
    has_begun_ = true;
    if (auto* const found = std::get_if<failure_found>(&said)) {
      found->test = &test.info;
      sink.report(*found);
      found_.push_back(std::move(found->what));
    } else if (auto* const end = std::get_if<test_finished>(&said)) {
      test.end = std::move(*end);
      test.end.test = &test.info;
      have_end_ = true;
    } else if (std::holds_alternative<run_failure>(said)) {
      sink.report(said);
      outside_ = true;
    }
  }
  void crashed(process_ending how, failure_kind kind = failure_kind::crashed) {
    failure what;
    what.kind = kind;
    what.where = test.info.where;
    what.ending = std::move(how);
    test.end.failures.push_back(std::move(what));
    test.end.result = outcome::failed;
  }
  static process_ending ending(end_cause cause, end_relation relation, int number = 0,
                               const char* what = "") {
    process_ending made;
    made.cause = cause;
    made.relation = relation;
    made.number = number;
    made.what = what;
    return made;
  }
  static process_ending ending_of(int status, end_relation relation) {
    if (!WIFSIGNALED(status)) return ending(end_cause::exit_code, relation, WEXITSTATUS(status));
    return ending(end_cause::signal, relation, WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  }
  /// True when the process is gone, and its status known.
  bool reap(int how) {
    if (process_ <= 0) return true;
    if (::waitpid(process_, &status_, how) != process_) return false;
    process_ = 0;
    return true;
  }
  void not_started(int error) {
    error_ = error;
    close_one(events_[0]);
  }
  static void close_one(int& descriptor) {
    if (descriptor >= 0) ::close(descriptor);
    descriptor = -1;
  }
  static void read_from(int& descriptor, std::string& to) {
    char buffer[16 * 1024];
    for (;;) {
      const auto got = ::read(descriptor, buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) {
        if (got == 0 || errno != EAGAIN) close_one(descriptor);
        return;
      }
      to.append(buffer, static_cast<std::size_t>(got));
      if (static_cast<std::size_t>(got) < sizeof buffer) return;
    }
  }

  int events_[2] = {-1, -1};
  int prints_[2] = {-1, -1};
  static constexpr auto unlimited = std::chrono::nanoseconds::max();
  static std::chrono::nanoseconds patience_at_start(std::int64_t timeout) {
    if (timeout <= 0) return unlimited;
    return std::max<std::chrono::nanoseconds>(std::chrono::nanoseconds{timeout}, limits::start_or_end);
  }

  pid_t process_ = -1;  // 0 when it is gone
  int status_ = 0;
  std::chrono::nanoseconds patience_;  // until it has told its first event
  time_point since_ = begun;           // it is at its start, or its end
  bool of_all_;                        // shows output, also where the test passes
  bool has_begun_ = false;             // its run
  bool had_ended_ = false;             // its test, at the last look
  bool killed_ = false;
  bool have_end_ = false;       // of the test
  bool outside_ = false;        // it has told of failures of no test
  std::vector<failure> found_;  // of the test: they are its own where it comes to no end
  std::string told_, printed_;
  int error_ = 0;  // it could not be started
};

}  // namespace awaitest::detail
