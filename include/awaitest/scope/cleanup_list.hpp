// The cleanups of a test or a wider scope.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "../author/async/spawn.hpp"
#include "../model/location.hpp"

namespace awaitest::detail {

struct cleanup_entry {
  std::unique_ptr<cleanup_action> action;
  location where;
};

/// Last in, first out. Any thread of the test may add to it, also while it is being emptied. Most tests have none: that costs no
/// lock.
class cleanup_list {
 public:
  void add(cleanup_entry one) {
    const std::lock_guard lock{guard_};
    entries_.push_back(std::move(one));
    number_.store(entries_.size(), std::memory_order_release);
  }
  /// The newest, if there is one.
  bool take(cleanup_entry& into) {
    if (empty()) return false;
    const std::lock_guard lock{guard_};
    into = std::move(entries_.back());
    entries_.pop_back();
    number_.store(entries_.size(), std::memory_order_release);
    return true;
  }
  bool empty() const noexcept { return number_.load(std::memory_order_acquire) == 0; }

 private:
  std::mutex guard_;
  std::vector<cleanup_entry> entries_;
  std::atomic<std::size_t> number_{0};
};

}  // namespace awaitest::detail
