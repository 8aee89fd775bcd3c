// Where exceptions come from: the functions that were called when each was thrown, and when it was thrown again in a coroutine that
// had awaited the one that threw it.
//
// Nothing is known with AWAITEST_NO_INTERPOSITION, and elsewhere than on Linux with glibc: see platform/made_exceptions.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "native_trace.hpp"

namespace awaitest::detail {

/// The latest exceptions of the process. Any thread.
class thrown_frames {
 public:
  static thrown_frames& instance() noexcept {
    static constinit thrown_frames all;
    return all;
  }
  /// A new exception, whose object is there. What an older one at the same place has left is forgotten.
  [[gnu::noinline]] void thrown(const void* object) noexcept {
    entry made{object};
    made.take();
    const std::lock_guard lock{guard_};
    for (auto& one : all_)
      if (one.object == object) one.object = nullptr;
    all_[next_++ % all_.size()] = made;
  }
  /// The same exception once more, by std::rethrow_exception.
  [[gnu::noinline]] void again(const void* object) noexcept {
    entry made{object};
    made.take();
    const std::lock_guard lock{guard_};
    all_[next_++ % all_.size()] = made;
  }
  /// The places of the calls, in the order in which the exception has come through them, as addresses of code.
  std::vector<const void*> of(const void* object) {
    std::vector<const void*> found;
    const std::lock_guard lock{guard_};
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const auto& one = all_[(next_ + i) % all_.size()];
      if (one.object != object) continue;
      for (std::size_t frame = 0; frame < one.count; ++frame)
        found.push_back(static_cast<const char*>(one.frames[frame]) - 1);  // they are return addresses
    }
    return found;
  }

 private:
  struct entry {
    const void* object = nullptr;
    std::array<void*, 16> frames{};  // a frame takes a quarter of a microsecond
    std::size_t count = 0;

    void take() noexcept { count = detail::walk_stack(frames.data(), frames.size()); }
  };

  std::mutex guard_;
  std::array<entry, 64> all_{};
  std::size_t next_ = 0;
};

}  // namespace awaitest::detail
