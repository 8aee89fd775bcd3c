// Memory for what is to be said when there is none any more.
#pragma once

#include <sys/mman.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>

namespace awaitest::detail {

/// Counts for the limits of the process, and costs no memory until it is given back.
class memory_reserve {
 public:
  memory_reserve() noexcept {
    void* const made = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made != MAP_FAILED) held_.store(made);
  }
  memory_reserve(const memory_reserve&) = delete;
  memory_reserve& operator=(const memory_reserve&) = delete;
  ~memory_reserve() { release(); }

  /// Whether an allocation of moderate size fails now.
  static bool none_is_left() noexcept {
    void* volatile const probe =
        std::malloc(64 * 1024);  // volatile: or the pair may be optimised away, as if it succeeded
    std::free(probe);
    return probe == nullptr;
  }

  void release() noexcept {
    if (void* const held = held_.exchange(nullptr)) ::munmap(held, size);
  }

 private:
  static constexpr std::size_t size = std::size_t{8} * 1024 * 1024;
  std::atomic<void*> held_{nullptr};
};

}  // namespace awaitest::detail
