// Failures while no run is there to report them: before main, in destructors of static objects, on threads that are left.
#pragma once

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <exception>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "../../model/own_descriptors.hpp"
#include "../../platform/coverage.hpp"
#include "../../task/reporting.hpp"
#include "watchdog.hpp"

namespace awaitest::detail {

/// The lines of a report about it. Defined by main.hpp, which alone knows the reports.
std::vector<std::string> describe_outside(const failure& what);

/// Failures before the first run are told by its report; failures after it at once, on standard error. Either way the
/// process does not end with 0. Any thread; also while static objects are being destroyed.
class failures_outside {
 public:
  static void add(failure&& what) {
    const std::lock_guard lock{guard_};
    if (run_was_) return tell(what);
    if (!kept_) {
      kept_ = new std::vector<failure>;
      // A REQUIRE before main has nobody to catch its exception.
      before_ = std::set_terminate([] {
        tell_kept();
        if (before_) before_();
      });
    }
    kept_->push_back(std::move(what));
  }
  /// For the run that begins: those from before it.
  static std::vector<failure> take() {
    const std::lock_guard lock{guard_};
    run_was_ = true;
    return kept_ ? std::move(*kept_) : std::vector<failure>{};
  }
  /// The run is over, and its result is that exit code.
  static void run_ended(int code) noexcept {
    constexpr int skipped = 4;
    if (code != 0 && code != skipped) due_.store(code, std::memory_order_relaxed);
    process_.store(::getpid(), std::memory_order_relaxed);
  }
  /// The exit code in place of `code`: an exit with 0 after a failure is none. In a process forked since, `code` itself.
  static int due_code(int code) noexcept {
    return code == 0 && process_.load(std::memory_order_relaxed) == ::getpid()
               ? due_.load(std::memory_order_relaxed)
               : code;
  }

  /// The last of the process's own code: no static object is left that could fail.
  static void at_end() {
    tell_kept();
    if (!told_.load(std::memory_order_relaxed)) return;
    std::fflush(nullptr);
    write_gcov();
    ::_exit(due_.load(std::memory_order_relaxed));
  }

 private:
  static void tell_kept() {
    const std::lock_guard lock{guard_};
    if (!kept_) return;
    for (const auto& one : *kept_) tell(one);
    kept_->clear();
  }
  static void tell(const failure& what) {
    told_.store(true, std::memory_order_relaxed);
    int none = 0;
    due_.compare_exchange_strong(none, 1, std::memory_order_relaxed);
    std::string text = "awaitest: FAILED outside of any test, where no run reports it:\n";
    for (const auto& line : describe_outside(what)) text.append("  ").append(line).append("\n");
    detail::say(text);
  }

  inline static constinit std::mutex guard_;
  inline static constinit std::vector<failure>* kept_ = nullptr;  // never freed: static destructors may fail
  inline static constinit std::terminate_handler before_ = nullptr;
  inline static constinit bool run_was_ = false;
  inline static constinit std::atomic<bool> told_{false};
  inline static constinit std::atomic<int> due_{0};
  inline static constinit std::atomic<pid_t> process_{0};
};

void report_outside(failure&& what) { failures_outside::add(std::move(what)); }

#if defined(__GNUC__)
// After the destructors of all static objects: those are called before the functions of .fini_array are.
[[gnu::destructor(101), gnu::used]] static void end_of_code() {
  watchdog::instance().end();
  failures_outside::at_end();
}
#endif

}  // namespace awaitest::detail
