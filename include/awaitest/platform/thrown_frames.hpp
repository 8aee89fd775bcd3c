// Where exceptions come from: the functions that were called when each was thrown, and when it was thrown again in a coroutine that
// had awaited the one that threw it.
//
// Nothing is known with AWAITEST_NO_INTERPOSITION, and elsewhere than on Linux with glibc: see platform/made_exceptions.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "native_trace.hpp"

namespace awaitest::detail {

/// Where coroutines were waiting: as many as are told.
struct waiting_coroutines {
  std::array<const void*, 8> points{};
  std::size_t count = 0;

  waiting_coroutines() = default;
  explicit waiting_coroutines(const std::vector<const void*>& all)
      : count{std::min(all.size(), points.size())} {
    std::copy_n(all.begin(), count, points.begin());
  }
};

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
    made.work = std::exchange(work_of_next, {});
    const auto lock = hold();
    if (!lock) return;
    for (auto& one : all_)
      if (one.object == object) one.object = nullptr;
    all_[next_++ % all_.size()] = made;
  }
  /// The same exception once more, by std::rethrow_exception.
  [[gnu::noinline]] void again(const void* object) noexcept {
    entry made{object};
    made.take();
    const auto lock = hold();
    if (lock) all_[next_++ % all_.size()] = made;
  }
  /// The places of the calls, in the order in which the exception has come through them, as addresses of code.
  std::vector<const void*> of(const void* object) {
    std::vector<const void*> found;
    const auto lock = hold();
    for (std::size_t i = 0; lock && i < all_.size(); ++i) {
      const auto& one = all_[(next_ + i) % all_.size()];
      if (one.object != object) continue;
      for (std::size_t frame = 0; frame < one.count; ++frame)
        found.push_back(static_cast<const char*>(one.frames[frame]) - 1);  // they are return addresses
    }
    return found;
  }

  /// The coroutines that the calling thread's next exception tells of: their limit has passed.
  inline static constinit thread_local waiting_coroutines work_of_next{};
  std::vector<const void*> work_of(const void* object) {
    const auto lock = hold();
    for (const auto& one : all_)
      if (lock && one.object == object && one.work.count != 0)
        return std::vector<const void*>(
            one.work.points.begin(), one.work.points.begin() + static_cast<std::ptrdiff_t>(one.work.count));
    return {};
  }

 private:
  struct entry {
    const void* object = nullptr;
    waiting_coroutines work{};
    std::array<void*, 16> frames{};  // a frame takes a quarter of a microsecond
    std::size_t count = 0;

    void take() noexcept { count = detail::walk_stack(frames.data(), frames.size()); }
  };

  /// In a forked process another thread may have held it for good.
  std::unique_lock<std::mutex> hold() {
    std::unique_lock lock{guard_, std::defer_lock};
    for (int tries = 0; tries < 10'000 && !lock.try_lock(); ++tries) continue;
    return lock;
  }

  std::mutex guard_;
  std::array<entry, 64> all_{};
  std::size_t next_ = 0;
};

}  // namespace awaitest::detail
