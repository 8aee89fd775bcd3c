// Reasons for which virtual time stands still, besides the work of the loop itself.
#pragma once

#include <atomic>
#include <cstdint>

namespace awaitest::detail {

/// The hold_time() guards of one loop's tests. Any thread.
struct hold_count {
  std::atomic<int> number{0};
};

enum class time_holder : std::uint8_t {
  nobody,
  thread,   ///< one that may be at work
  outside,  ///< I/O, with which nothing else is to come
  guard     ///< hold_time()
};

}  // namespace awaitest::detail
