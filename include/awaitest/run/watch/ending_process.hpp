// After the tests: a process that does not end, because something static waits in its destructor, or a handler of exit().
#pragma once

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "../../platform/limits.hpp"
#include "../settings.hpp"
#include "blocked_loop.hpp"

namespace awaitest::detail {

/// The time that may pass, in nanoseconds, while no test's time is running: --timeout, but no hasty end. 0: for ever.
inline std::int64_t patience_between_tests(const settings& asked) {
  return asked.timeout <= 0
             ? 0
             : std::max(asked.timeout, std::int64_t{std::chrono::nanoseconds{limits::blocked}.count()});
}

/// The last report of a process that hangs needs memory and a reader, and may hang as well: an alarm ends the process then.
inline void end_after_last_report() {
  ::signal(SIGALRM, SIG_DFL);
  sigset_t alarm_only;
  ::sigemptyset(&alarm_only);
  ::sigaddset(&alarm_only, SIGALRM);
  ::pthread_sigmask(SIG_UNBLOCK, &alarm_only, nullptr);
  ::alarm(
      static_cast<unsigned>(std::chrono::duration_cast<std::chrono::seconds>(limits::last_report).count()));
}

/// An alarm of the process rather than a thread: nothing is there that would have to end, too. It comes to the main thread,
/// which is where static objects are destroyed.
class end_watch {
 public:
  inline static std::int64_t patience = 0;  ///< nanoseconds; 0: there is no watch

  /// The process is to end now, with that code. Called by its main thread; a user's own SIGALRM or alarm is left alone.
  static void begin(int code) {
    if (patience <= 0) return;
    struct sigaction before{};
    if (::sigaction(SIGALRM, nullptr, &before) != 0 || before.sa_handler != SIG_DFL) return;
    const auto seconds =
        std::chrono::ceil<std::chrono::seconds>(
            std::max<std::chrono::nanoseconds>(std::chrono::nanoseconds{patience}, limits::process_end))
            .count();
    constexpr std::int64_t a_day = 86'400;
    if (const auto theirs = ::alarm(static_cast<unsigned>(std::min<std::int64_t>(seconds, a_day)))) {
      ::alarm(theirs);
      return;
    }
    code_ = code;
    main_ = this_thread_id();
    struct sigaction ours{};
    ours.sa_sigaction = &over;
    ours.sa_flags = SA_SIGINFO | SA_RESTART | SA_NODEFER;
    ::sigaction(SIGALRM, &ours, nullptr);
  }

 private:
  // Not for a signal's handler, most of it: should it be the heap that hangs, the second alarm ends the process.
  static void over(int, siginfo_t*, void* context) {
#ifdef AWAITEST_HAS_NATIVE_TRACE
    if (this_thread_id() != main_) {
      ::syscall(SYS_tgkill, ::getpid(), main_, SIGALRM);
      return;
    }
#endif
    end_after_last_report();
    say("awaitest: the tests are over, but the process does not end");
#ifdef AWAITEST_HAS_NATIVE_TRACE
    static std::array<void*, 128> frames;
    void** first = nullptr;
    void** const last = detail::trace_interrupted(context, frames, first);
    say(": something static is being destroyed, or exit() calls a function\nwhere it is:");
    say(named_in_time(std::vector<void*>(first, last)));
#else
    static_cast<void>(context);
#endif
    say("\n");
    std::fflush(nullptr);
    ::_exit(code_ != 0 && code_ != 4 ? code_ : 1);  // 4: skipped
  }
  static void say(std::string_view what) {
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, what.data(), what.size());
  }

  inline static int code_ = 0;
  inline static long main_ = 0;
};

}  // namespace awaitest::detail
