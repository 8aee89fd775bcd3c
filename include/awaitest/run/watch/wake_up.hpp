// One thread waits; another wakes it, also from the handler of a signal.
#pragma once

#include <cerrno>
#include <chrono>
#include <ctime>

#if defined(__linux__)
#include <semaphore.h>
#else
#include <poll.h>

#include <atomic>
#endif

namespace awaitest::detail {

#if defined(__linux__)
class wake_up {
 public:
  wake_up() noexcept { ::sem_init(&semaphore_, 0, 0); }
  wake_up(const wake_up&) = delete;
  wake_up& operator=(const wake_up&) = delete;
  ~wake_up() { ::sem_destroy(&semaphore_); }

  /// Does what a handler of a signal may do.
  void post() noexcept { ::sem_post(&semaphore_); }
  void wait_for(std::chrono::milliseconds span) noexcept {
#if defined(__GLIBC__)
    constexpr clockid_t clock = CLOCK_MONOTONIC;
#else
    constexpr clockid_t clock = CLOCK_REALTIME;
#endif
    timespec until{};
    ::clock_gettime(clock, &until);
    until.tv_sec += static_cast<time_t>(span.count() / 1000);
    until.tv_nsec += static_cast<long>(span.count() % 1000) * 1'000'000;
    if (until.tv_nsec >= 1'000'000'000) {
      ++until.tv_sec;
      until.tv_nsec -= 1'000'000'000;
    }
#if defined(__GLIBC__)
    ::sem_clockwait(&semaphore_, clock, &until);
#else
    ::sem_timedwait(&semaphore_, &until);
#endif
  }

 private:
  sem_t semaphore_;
};
#else
class wake_up {
 public:
  void post() noexcept { posted_.store(true); }
  void wait_for(std::chrono::milliseconds span) noexcept {
    for (auto left = span.count(); left > 0 && !posted_.exchange(false); left -= 10) ::poll(nullptr, 0, 10);
  }

 private:
  std::atomic<bool> posted_{false};
};
#endif

}  // namespace awaitest::detail
