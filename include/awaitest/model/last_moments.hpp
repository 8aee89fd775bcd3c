// Whether the process is about to end before its run does.
#pragma once

#include <poll.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <atomic>
#include <mutex>

namespace awaitest {

/// Set for good once somebody reports in a hurry: threads may have been stopped for ever wherever they were, with the lock of a
/// stream, say, which is not waited for then.
inline constinit std::atomic<bool> in_last_moments{false};

/// A millisecond by the machine's clock. libc's functions move a test's virtual time on, and tell of it.
inline void wait_a_moment() noexcept {
#if defined(__linux__) && defined(SYS_ppoll)
  struct {
    long seconds = 0, nanoseconds = 1'000'000;
  } moment;
  ::syscall(SYS_ppoll, nullptr, 0, &moment, nullptr, 0);
#else
  ::poll(nullptr, 0, 1);
#endif
}

/// Waits for a lock, but not for ever: whoever has it may have been stopped for good.
template <class Mutex>
std::unique_lock<Mutex> lock_soon(Mutex& guard) {
  std::unique_lock<Mutex> lock{guard, std::try_to_lock};
  for (int i = 0; i < 100 && !lock.owns_lock(); ++i) {
    awaitest::wait_a_moment();
    static_cast<void>(lock.try_lock());
  }
  return lock;
}

}  // namespace awaitest
