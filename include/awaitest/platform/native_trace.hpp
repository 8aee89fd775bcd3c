// The place of another thread of this process, asked by a signal: for a process that is about to end.
#pragma once

#if defined(__linux__) && defined(__GLIBC__) && __has_include(<execinfo.h>)
#define AWAITEST_HAS_NATIVE_TRACE

#include <execinfo.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include "handled_signals.hpp"
#include "other_threads.hpp"

namespace awaitest::detail {

/// Inside a signal's handler: the frames of the thread that it has come to, the innermost first, exact; the others are return
/// addresses. Returns where they end in `all`, and has `first` point to where they begin.
template <std::size_t N>
[[gnu::noinline]] void** trace_interrupted(const void* context, std::array<void*, N>& all, void**& first) {
  const int count = ::backtrace(all.data(), static_cast<int>(N));
  void* at = nullptr;
#if defined(__x86_64__)
  at = reinterpret_cast<void*>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  at = reinterpret_cast<void*>(static_cast<const ucontext_t*>(context)->uc_mcontext.pc);
#else
  static_cast<void>(context);
#endif
  // Above the place where the signal came lie its handler and the kernel's trampoline.
  void** const end = all.data() + std::max(count, 0);
  first = std::find(all.data(), end, at);
  if (first == end) first = std::min(end, all.data() + 3);
  return end;
}

/// The question and its answer, which the signal's handler writes on the thread that is asked.
class trace_signal {
 public:
  /// glibc loads what it needs the first time, which must not be in a handler.
  static void prepare() {
    void* one = nullptr;
    ::backtrace(&one, 1);
  }

  /// Asks a thread for its frames, the innermost first: where it was; then return addresses. `also` is called in the signal's handler, on that
  /// thread. False when it does not answer in time: it blocks signals, or is not in user space. For one caller, once.
  static bool ask(long thread, std::chrono::milliseconds patience, void (*also)(),
                  std::vector<void*>& frames) {
    const int number = untaken();
    if (number == 0) return false;
    look = also;
    struct sigaction ours{};
    ours.sa_sigaction = &answer;
    ours.sa_flags = SA_ONSTACK | SA_SIGINFO | SA_RESTART;
    if (::sigaction(number, &ours, nullptr) != 0 || ::syscall(SYS_tgkill, ::getpid(), thread, number) != 0)
      return false;
    for (auto left = patience; !answered.load(std::memory_order_acquire); --left) {
      if (left <= std::chrono::milliseconds{0}) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    frames.assign(first, last);
    return true;
  }

 private:
  static int untaken() {
    for (int number = SIGRTMAX; number >= SIGRTMIN; --number) {
      struct sigaction now{};
      if (::sigaction(number, nullptr, &now) == 0 &&
          (now.sa_handler == SIG_DFL || detail::is_left_to_us(now)))
        return number;
    }
    return 0;
  }
  static void answer(int, siginfo_t*, void* context) {
    const int error = errno;
    last = detail::trace_interrupted(context, all, first);
    look();
    answered.store(true, std::memory_order_release);
    errno = error;
  }
  inline static std::array<void*, 128> all{};
  inline static void **first = nullptr, **last = nullptr;
  inline static void (*look)() = nullptr;
  inline static std::atomic<bool> answered{false};
};

}  // namespace awaitest::detail

#endif
