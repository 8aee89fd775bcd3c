// The place of a thread of this process: the calling one's, and another one's, which a signal asks for it.
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
#include <mutex>
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

/// The question and its answer, which the signal's handler writes on the thread that is asked. The handler stays: an answer may come
/// late, and is none then.
class trace_signal {
 public:
  /// Asks a thread for its frames, the innermost first: where it was; then return addresses. `may_be_asked(thread, signal)`: null, or false
  /// where the signal would disturb it. `also`: null, or called in the signal's handler, on that thread. False when it does not answer
  /// in time: it blocks signals, or is not in user space. Any thread.
  static bool ask(long thread, std::chrono::milliseconds patience, bool (*may_be_asked)(long, int),
                  void (*also)(), std::vector<void*>& frames) {
    static std::mutex guard;
    const std::lock_guard one_at_a_time{guard};
    const int number = untaken();
    if (number == 0 || (may_be_asked && !may_be_asked(thread, number))) return false;
    struct sigaction ours{};
    ours.sa_sigaction = &answer;
    ours.sa_flags = SA_ONSTACK | SA_SIGINFO | SA_RESTART;
    asking_signal_handler = &answer;
    long late = answered;  // an answer that was waited for no longer; a thread may also hang in its answer
    asked.compare_exchange_strong(late, nobody, std::memory_order_acq_rel);
    if (::sigaction(number, &ours, nullptr) != 0 || asked.load(std::memory_order_acquire) != nobody)
      return false;
    look = also;
    asked.store(thread, std::memory_order_release);
    if (::syscall(SYS_tgkill, ::getpid(), thread, number) != 0) {
      asked = nobody;
      return false;
    }
    for (auto left = patience; asked.load(std::memory_order_acquire) != answered; --left) {
      if (left <= std::chrono::milliseconds{0}) {
        long still = thread;
        if (asked.compare_exchange_strong(still, nobody, std::memory_order_acq_rel) || left < -patience)
          return false;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    frames = taken.all();
    asked.store(nobody, std::memory_order_release);
    return true;
  }

 private:
  static constexpr long nobody = 0, answering = -1, answered = -2;

  static int untaken() {
    for (int number = SIGRTMAX; number >= SIGRTMIN; --number) {
      struct sigaction now{};
      if (::sigaction(number, nullptr, &now) == 0 &&
          (now.sa_handler == SIG_DFL || detail::is_of_awaitest(now)))
        return number;
    }
    return 0;
  }
  static void answer(int number, siginfo_t* about, void* context) {
    const int error = errno;
    // Nobody of this process has sent it, and so it ends the process.
    if (auto* const fatal = fatal_signal_handler.load(); fatal && about->si_code != SI_TKILL)
      fatal(number, about, context);
    long self = this_thread_id();
    if (asked.compare_exchange_strong(self, answering, std::memory_order_acq_rel)) {
      taken = {};
      taken.take_interrupted(context);
      if (look) look();
      asked.store(answered, std::memory_order_release);
    }
    errno = error;
  }
  inline static taken_frames taken;
  inline static void (*look)() = nullptr;
  inline static std::atomic<long> asked{nobody};  ///< a thread, or how far that is
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
