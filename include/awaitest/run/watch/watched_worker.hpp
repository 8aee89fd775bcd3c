// A worker, as another thread sees it: the one that watches for loops that never come back, and those that wake it.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "../../loop/activity.hpp"
#include "../../model/last_moments.hpp"
#include "../../scope/test_result.hpp"

namespace awaitest::detail {

/// From any thread. Nothing of the user's runs while `guard_` is held, so that nobody here waits for what may never end.
class watched_worker {
 public:
  watched_worker(const watched_worker&) = delete;
  watched_worker& operator=(const watched_worker&) = delete;

  /// Makes it look at the test queue again.
  virtual void wake() = 0;

  static constexpr auto never = std::numeric_limits<std::int64_t>::max();
  static constexpr std::int64_t between_tests = -1;
  /// Nanoseconds of the steady clock; the loop is blocked when it is still at this test then. `never`: no limit.
  /// `between_tests`: it is at none, and has no reason to be long with anything.
  std::int64_t blocked_after() noexcept {
    const std::lock_guard lock{guard_};
    return inner_ ? inner_->blocked_after() : blocked_after_.load(std::memory_order_relaxed);
  }
  /// See handler_turns; those of a loop inside this one included.
  std::uint64_t turns() noexcept {
    const std::lock_guard lock{guard_};
    return watched_->value() + (inner_ ? inner_->turns() : 0);
  }
  /// The last test that has ended here; empty: none.
  std::string last_test() {
    const std::lock_guard lock{guard_};
    return inner_ ? inner_->last_test() : last_ended_;
  }
  long thread() const noexcept { return thread_.load(std::memory_order_relaxed); }
  /// The tests in flight. Held while they are looked at: none ends meanwhile.
  template <class F>
  void for_each_current(F f) {
    const auto lock = awaitest::lock_soon(guard_);
    for (const auto& one : active_) f(*one);
    if (inner_) inner_->for_each_current(f);
  }

 protected:
  watched_worker() = default;
  ~watched_worker() = default;

  // Written by the worker's thread, under the guard; it reads them without.
  std::mutex guard_;
  std::vector<std::unique_ptr<test_result>> active_;  // and their attempts
  watched_worker* inner_ = nullptr;                   // runs inside this one, on its thread
  std::string last_ended_;

  const handler_turns* watched_ = nullptr;
  std::atomic<long> thread_{0};
  std::atomic<std::int64_t> blocked_after_{never};
};

}  // namespace awaitest::detail
