// Memory for the handlers of one thread.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace awaitest::detail {

/// Memory for handlers on one thread: nearly all of them are one pointer that Asio has allocated already.
class handler_memory {
 public:
  static constexpr std::size_t block = 64;

  static void* allocate(std::size_t size) {
    if (size <= block && cache_) {
      auto* taken = cache_;
      cache_ = taken->next;
      --cached_;
      return taken;
    }
    return ::operator new(size < block ? block : size);
  }
  static void release(void* memory, std::size_t size) noexcept {
    if (size <= block && cached_ < 256 && keeps_) {
      cache_ = ::new (memory) link{cache_};
      ++cached_;
    } else {
      ::operator delete(memory);
    }
  }
  /// From now on the calling thread keeps blocks; `drop` before it ends.
  static void keep() noexcept { keeps_ = true; }
  static void drop() noexcept {
    keeps_ = false;
    while (cache_) ::operator delete(std::exchange(cache_, cache_->next));
    cached_ = 0;
  }

 private:
  struct link {
    link* next;
  };
  inline static constinit thread_local link* cache_ = nullptr;
  inline static constinit thread_local std::size_t cached_ = 0;
  inline static constinit thread_local bool keeps_ = false;
};

}  // namespace awaitest::detail
