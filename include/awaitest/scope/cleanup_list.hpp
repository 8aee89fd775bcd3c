// The cleanups of a test or a wider scope.
#pragma once

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

/// Last in, first out. Any thread of the test may add to it, also while it is being emptied.
class cleanup_list {
 public:
  void add(cleanup_entry one) {
    const std::lock_guard lock{guard_};
    entries_.push_back(std::move(one));
  }
  /// The newest, if there is one.
  bool take(cleanup_entry& into) {
    const std::lock_guard lock{guard_};
    if (entries_.empty()) return false;
    into = std::move(entries_.back());
    entries_.pop_back();
    return true;
  }
  bool empty() const {
    const std::lock_guard lock{guard_};
    return entries_.empty();
  }

 private:
  mutable std::mutex guard_;
  std::vector<cleanup_entry> entries_;
};

}  // namespace awaitest::detail
