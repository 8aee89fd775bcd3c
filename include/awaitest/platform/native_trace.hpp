// The place of a thread of this process, of another one by a signal: for a process that is about to end.
#pragma once

#if defined(__linux__) && defined(__GLIBC__) && __has_include(<unwind.h>)
#define AWAITEST_HAS_NATIVE_TRACE

#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csetjmp>
#include <csignal>
#include <cstddef>
#include <thread>
#include <utility>
#include <vector>

#include "handled_signals.hpp"
#include "other_threads.hpp"

namespace awaitest::detail {

/// The return addresses of the calling thread, the innermost first, at most that many. Allocates nothing.
[[gnu::noinline]] inline std::size_t walk_stack(void** into, std::size_t most) noexcept {
  struct cursor {
    void** next;
    void** end;
  } at{into, into + most};
  ::_Unwind_Backtrace(
      [](_Unwind_Context* frame, void* self) {
        auto& to = *static_cast<cursor*>(self);
        if (to.next == to.end) return _URC_END_OF_STACK;
        *to.next++ = reinterpret_cast<void*>(::_Unwind_GetIP(frame));
        return _URC_NO_REASON;
      },
      &at);
  return static_cast<std::size_t>(at.next - into);
}

/// The frames of the calling thread. Fit for the handler of a signal: nothing is allocated, and a stack that has been written over,
/// whose frames lead nowhere, ends the look instead of the process.
class taken_frames {
 public:
  /// From the caller on.
  void take() noexcept { look(nullptr); }
  /// Inside a signal's handler: those of what it has interrupted.
  void take_interrupted(const void* context) noexcept { look(context); }
  /// The innermost first: where it was, after take_interrupted(); all others are return addresses.
  std::vector<void*> all() const {
    return std::vector<void*>(frames_.data() + first_, frames_.data() + count_);
  }

  /// For the first act of a handler of SIGSEGV and SIGBUS: does not return inside a look that has brought it about.
  static void end_look_here() noexcept {
    if (looking) siglongjmp(*std::exchange(looking, nullptr), 1);
  }

 private:
  [[gnu::noinline]] void look(const void* context) noexcept {
    sigjmp_buf back;
    if (sigsetjmp(back, 1) == 0) {
      looking = &back;
      ::_Unwind_Backtrace(&step, this);
      looking = nullptr;
    }
    if (context) skip_handler(context);
  }
  static _Unwind_Reason_Code step(_Unwind_Context* frame, void* self) {
    auto& made = *static_cast<taken_frames*>(self);
    if (made.count_ == made.frames_.size()) return _URC_END_OF_STACK;
    made.frames_[made.count_] = reinterpret_cast<void*>(::_Unwind_GetIP(frame));
    ++made.count_;
    return _URC_NO_REASON;
  }
  /// Above the place where the signal came lie its handler and the kernel's trampoline.
  void skip_handler(const void* context) noexcept {
    void* at = nullptr;
#if defined(__x86_64__)
    at = reinterpret_cast<void*>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
    at = reinterpret_cast<void*>(static_cast<const ucontext_t*>(context)->uc_mcontext.pc);
#else
    static_cast<void>(context);
#endif
    const auto end = frames_.begin() + static_cast<std::ptrdiff_t>(count_);
    const auto found = std::find(frames_.begin(), end, at);
    first_ =
        found == end ? std::min<std::size_t>(count_, 3) : static_cast<std::size_t>(found - frames_.begin());
  }

  inline static constinit thread_local sigjmp_buf* looking = nullptr;
  std::array<void*, 128> frames_{};
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

/// The question and its answer, which the signal's handler writes on the thread that is asked.
class trace_signal {
 public:
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
    frames = taken.all();
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
    taken.take_interrupted(context);
    look();
    answered.store(true, std::memory_order_release);
    errno = error;
  }
  inline static taken_frames taken;
  inline static void (*look)() = nullptr;
  inline static std::atomic<bool> answered{false};
};

}  // namespace awaitest::detail

#else

#include <cstddef>
#include <vector>

namespace awaitest::detail {

inline std::size_t walk_stack(void**, std::size_t) noexcept { return 0; }

class taken_frames {
 public:
  void take() noexcept {}
  void take_interrupted(const void*) noexcept {}
  std::vector<void*> all() const { return {}; }
  static void end_look_here() noexcept {}
};

}  // namespace awaitest::detail

#endif
