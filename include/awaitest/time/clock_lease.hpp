// The virtual clock of a lane. A clock is never destroyed: a thread that has seen it may be left when its lane is gone.
#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "virtual_clock.hpp"

namespace awaitest::detail {

/// All clocks of the process. Any thread.
class virtual_clocks {
 public:
  struct give_back {
    void operator()(virtual_clock* clock) const noexcept { instance().put(*clock); }
  };

  static virtual_clocks& instance() {
    static auto& one = *new virtual_clocks;  // threads that are left outlive static objects
    return one;
  }
  /// One that no loop has; first, one that threads of earlier tests still see: they go on in the time of later ones.
  std::unique_ptr<virtual_clock, give_back> take() {
    const std::lock_guard lock{guard_};
    const auto is_free = [](const entry& one) { return !one.taken && !one.clock.is_held(); };
    auto free = std::find_if(all_.begin(), all_.end(), [&](const entry& one) {
      return is_free(one) && one.clock.members.load(std::memory_order_acquire) != 0;
    });
    if (free == all_.end()) free = std::find_if(all_.begin(), all_.end(), is_free);
    auto& found = free == all_.end() ? all_.emplace_back() : *free;
    found.taken = true;
    return std::unique_ptr<virtual_clock, give_back>{&found.clock};
  }
  void copy_to(std::vector<virtual_clock*>& clocks) {
    const std::lock_guard lock{guard_};
    clocks.clear();
    for (auto& one : all_) clocks.push_back(&one.clock);
  }

 private:
  struct entry {
    virtual_clock clock;
    bool taken = false;
  };

  void put(const virtual_clock& clock) noexcept {
    const std::lock_guard lock{guard_};
    for (auto& one : all_)
      if (&one.clock == &clock) one.taken = false;
  }

  std::mutex guard_;
  std::deque<entry> all_;
};

using clock_lease = std::unique_ptr<virtual_clock, virtual_clocks::give_back>;

}  // namespace awaitest::detail
