// The signals that end a process, in words.
#pragma once

#include <algorithm>
#include <csignal>
#include <iterator>

#if defined(__linux__)
#include <ucontext.h>
#endif

#include <cstdint>

namespace awaitest::detail {

struct fatal_signal {
  int number;
  const char* words;
  bool asked_for = false;  ///< somebody wants the process to end
};

inline constexpr fatal_signal fatal_signals[] = {
    {SIGSEGV, "SIGSEGV (invalid memory access)"},
    {SIGBUS, "SIGBUS"},
    {SIGFPE, "SIGFPE (arithmetic error)"},
    {SIGILL, "SIGILL"},
    {SIGABRT, "SIGABRT (abort)"},
    {SIGTRAP, "SIGTRAP (breakpoint)"},
    {SIGSYS, "SIGSYS (forbidden system call)"},
    {SIGPIPE, "SIGPIPE (nobody reads what it writes)"},
    {SIGXCPU, "SIGXCPU (limit of processor time)"},
    {SIGXFSZ, "SIGXFSZ (limit of a file's size)"},
    {SIGALRM, "SIGALRM (alarm)"},
    {SIGVTALRM, "SIGVTALRM (alarm)"},
    {SIGPROF, "SIGPROF (alarm)"},
    {SIGUSR1, "SIGUSR1"},
    {SIGUSR2, "SIGUSR2"},
#ifdef SIGPOLL
    {SIGPOLL, "SIGPOLL"},
#endif
#ifdef SIGSTKFLT
    {SIGSTKFLT, "SIGSTKFLT"},
#endif
#ifdef SIGPWR
    {SIGPWR, "SIGPWR (power failure)"},
#endif
    {SIGINT, "SIGINT (interrupt)", true},
    {SIGTERM, "SIGTERM (termination)", true},
    {SIGHUP, "SIGHUP (hangup)", true},
    {SIGQUIT, "SIGQUIT (quit)", true},
};

/// The signals of a thread that cannot go on.
inline constexpr int signals_of_a_thread[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
/// Brought about by what the thread does that gets it; any other one has been sent.
constexpr bool comes_of_a_thread(int number) noexcept {
  return number == SIGPIPE || number == SIGXFSZ ||
         std::ranges::find(signals_of_a_thread, number) != std::end(signals_of_a_thread);
}

/// Any other one is a real-time signal.
constexpr fatal_signal find_fatal_signal(int number) noexcept {
  for (const auto& one : fatal_signals)
    if (one.number == number) return one;
  return {number, "a real-time signal"};
}

template <class F>
void for_each_fatal_signal(F f) {
  for (const auto& one : fatal_signals) f(one.number);
#if defined(SIGRTMIN) && defined(SIGRTMAX)
  for (int number = SIGRTMIN; number <= SIGRTMAX; ++number) f(number);
#endif
}

/// Inside its handler: the thread has come to the end of its stack, as far as can be known.
inline bool is_stack_overflow(int number, const siginfo_t* about, const void* context) noexcept {
#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
  if ((number != SIGSEGV && number != SIGBUS) || !about || !context || about->si_code <= 0) return false;
  const auto& machine = static_cast<const ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
  const auto top = static_cast<std::uintptr_t>(machine.gregs[REG_RSP]);
#else
  const auto top = static_cast<std::uintptr_t>(machine.sp);
#endif
  const auto at = reinterpret_cast<std::uintptr_t>(about->si_addr);
  // The stack above its pointer is there, but where it has just been moved by a large frame, past the guard page.
  constexpr std::uintptr_t below = 64 * 1024, large_frame = 1024 * 1024;
  return at != 0 && at + below > top && at < top + large_frame;
#else
  static_cast<void>(number);
  static_cast<void>(about);
  static_cast<void>(context);
  return false;
#endif
}

}  // namespace awaitest::detail
