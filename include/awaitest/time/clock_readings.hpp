// A thread's readings of its virtual clock: a loop that reads it until it has moved waits for an instant, and would wait for ever.
#pragma once

#include <algorithm>
#include <cstdint>

namespace awaitest::detail {

/// Of the calling thread. Millions of readings by one handler, without a sleep between them, are a wait (libc++'s semaphores wait in
/// that way): from then on the clock is to go on, the faster the longer it takes.
class clock_readings {
 public:
  /// One more, at that instant in nanoseconds. The span by which the clock is to go on; 0: it stands.
  static std::int64_t count(std::int64_t now) noexcept {
    if (++count_ < a_wait || count_ % 1024 != 0) [[likely]]
      return 0;
    if (count_ == a_wait) begun_ = now;
    return std::max<std::int64_t>(1'000'000, (now - begun_) / 64);
  }
  /// The thread has slept, or what comes next is another handler.
  static void begin() noexcept { count_ = 0; }

 private:
  static constexpr std::uint32_t a_wait = 1 << 22;
  inline static constinit thread_local std::uint32_t count_ = 0;
  inline static constinit thread_local std::int64_t begun_ = 0;  // when the wait did
};

}  // namespace awaitest::detail
