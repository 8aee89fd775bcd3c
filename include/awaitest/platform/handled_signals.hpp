// Which signals run code of the program's own, and what may raise them.
//
// Linux alone.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(io_context.hpp)
#include AWAITEST_ASIO(signal_set.hpp)

#if defined(__linux__)
#include <signal.h>
#include <sys/time.h>

#include <atomic>
#include <cstdio>

#include "fatal_signals.hpp"

namespace awaitest::detail {

/// The handler of the signals that would end the process: it only reports that they do.
inline constinit std::atomic<void (*)(int, siginfo_t*, void*)> fatal_signal_handler{nullptr};

/// Nobody else has taken that signal, and it is only reported.
inline bool is_left_to_us(const struct sigaction& now) noexcept {
  return (now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == fatal_signal_handler.load();
}

/// Has the fatal signals reported that nobody has taken. Again at the end of a test that has had a signal_set: where that was, the
/// default is now.
inline void take_fatal_signals() noexcept {
  auto* const handler = fatal_signal_handler.load();
  if (!handler) return;
  for_each_fatal_signal([handler](int number) {
    struct sigaction before{};
    if (::sigaction(number, nullptr, &before) != 0 || before.sa_handler != SIG_DFL) return;
    struct sigaction ours{};
    ours.sa_sigaction = handler;
    ours.sa_flags = SA_ONSTACK | SA_NODEFER | SA_SIGINFO | SA_RESTART;  // a report is written on
    ::sigaction(number, &ours, nullptr);
  });
}
/// Nobody has them reported any more.
inline void leave_fatal_signals() noexcept {
  for_each_fatal_signal([](int number) {
    struct sigaction now{};
    if (::sigaction(number, nullptr, &now) == 0 && detail::is_left_to_us(now)) ::signal(number, SIG_DFL);
  });
  fatal_signal_handler.store(nullptr);
}

/// The handler by which a thread says where it is.
inline constinit std::atomic<void (*)(int, siginfo_t*, void*)> asking_signal_handler{nullptr};

/// Whether that signal's handler is awaitest's.
inline bool is_of_awaitest(const struct sigaction& now) noexcept {
  return detail::is_left_to_us(now) ||
         ((now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == asking_signal_handler.load());
}

/// Whether a signal may run code of the program's own, which may wake a thread that sleeps for ever. Not the fatal signals,
/// and not what asio::signal_set installs: waiting for a signal is work of an io_context.
inline bool signals_are_handled() {
  for (int number = 1; number < NSIG; ++number) {
    if (number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL || number == SIGABRT)
      continue;
    struct sigaction now{};
    if (::sigaction(number, nullptr, &now) != 0 || now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN)
      continue;
    if (detail::is_of_awaitest(now)) continue;
    if (now.sa_handler != &asio::detail::AWAITEST_ASIO_VERSIONED(signal_handler)) return true;
  }
  return false;
}

/// Whether there has been a signal_set on it.
inline bool has_had_signal_sets(asio::io_context& context) {
  return asio::has_service<asio::detail::signal_set_service>(context);
}

/// Whether Asio waits for a signal, which comes from outside.
inline bool asio_takes_signals() {
  for (int number = 1; number < NSIG; ++number)
    if (struct sigaction now{}; ::sigaction(number, nullptr, &now) == 0 && (now.sa_flags & SA_SIGINFO) == 0 &&
                                now.sa_handler == &asio::detail::AWAITEST_ASIO_VERSIONED(signal_handler))
      return true;
  return false;
}

/// Whether a timer of the process (alarm(), setitimer(), timer_create()) is to raise a signal.
inline bool has_process_timers() {
  for (const auto which : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF}) {
    itimerval set{};
    if (::getitimer(which, &set) == 0 && (set.it_value.tv_sec != 0 || set.it_value.tv_usec != 0)) return true;
  }
  bool any = false;
  if (auto* const file = std::fopen("/proc/self/timers", "re")) {
    any = std::fgetc(file) != EOF;
    std::fclose(file);
  }
  return any;
}

}  // namespace awaitest::detail
#endif
