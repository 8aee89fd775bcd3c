// A worker, as another thread sees it: the one that watches for loops that never come back, and those that wake it.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "../../loop/activity.hpp"
#include "../../loop/loop.hpp"
#include "../../model/last_moments.hpp"
#include "../../platform/uninterrupted.hpp"
#include "../../scope/test_result.hpp"

namespace awaitest::detail {

/// The work in hand of a worker: its tests in flight, its loop, its handlers. Written by the worker's thread. Nothing of the user's runs
/// while `guard_` is held, so that nobody who looks at it waits for what may never end.
class watched_worker {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  watched_worker() = default;
  watched_worker(const watched_worker&) = delete;
  watched_worker& operator=(const watched_worker&) = delete;

  // --- from any thread ---

  /// Makes it look at the test queue again.
  void wake() {
    const uninterrupted_lock lock{guard_};
    if (loop_) loop_->wake();
  }
  static constexpr auto never = std::numeric_limits<std::int64_t>::max();
  static constexpr std::int64_t between_tests = -1;
  /// Nanoseconds of the steady clock; the loop is blocked when it is still at this test then. `never`: no limit.
  /// `between_tests`: it is at none, and has no reason to be long with anything.
  std::int64_t blocked_after() const noexcept { return blocked_after_.load(std::memory_order_relaxed); }
  std::uint64_t turns() const noexcept { return turns_.value(); }
  long thread() const noexcept { return thread_.load(std::memory_order_relaxed); }
  /// The last test that has ended here; empty: none.
  std::string last_test() {
    const std::lock_guard lock{guard_};
    return last_ended_ ? last_ended_->name : std::string{};
  }
  /// The tests in flight. Held while they are looked at: none ends meanwhile.
  template <class F>
  void for_each_current(F f) {
    const auto lock = awaitest::lock_soon(guard_);
    for (const auto& one : in_flight_) f(*one);
  }

  // --- from the worker's thread ---

  handler_turns& activity() noexcept { return turns_; }
  void work_here() noexcept { thread_.store(this_thread_id(), std::memory_order_relaxed); }
  /// The loop that runs from now on; null: none, and there is no limit.
  void enter(loop* which) {
    const uninterrupted_lock lock{guard_};
    loop_ = which;
    set_blocked_after(which ? between_tests : never);
  }
  void set_blocked_after(std::int64_t when) noexcept {
    blocked_after_.store(when, std::memory_order_relaxed);
  }

  const std::vector<std::unique_ptr<test_result>>& in_flight() const noexcept { return in_flight_; }
  test_result& begin(std::unique_ptr<test_result> one) {
    const uninterrupted_lock lock{guard_};
    in_flight_.push_back(std::move(one));
    return *in_flight_.back();
  }
  void begin(test_result& which, std::unique_ptr<test_attempt> attempt) {
    const uninterrupted_lock lock{guard_};
    which.attempt = std::move(attempt);
  }
  /// True when the test is over with it: see test_result.
  bool conclude_attempt(test_result& which, bool require_assertions, bool interrupted) {
    return which.conclude_attempt(guard_, require_assertions, interrupted);
  }
  /// The run is interrupted, and its loop knows.
  std::atomic<bool> knows_of_interrupt{false};
  void end(test_result& which) {
    const uninterrupted_lock lock{guard_};
    last_ended_ = &which.info;
    std::erase_if(in_flight_, [&](const auto& one) { return one.get() == &which; });
  }
  /// After an exception.
  void drop_tests() { in_flight_.clear(); }

 private:
  std::mutex guard_;  // of what follows; the worker's thread reads it without
  loop* loop_ = nullptr;
  std::vector<std::unique_ptr<test_result>> in_flight_;  // and their attempts
  const test_info* last_ended_ = nullptr;

  handler_turns turns_;
  std::atomic<long> thread_{0};
  std::atomic<std::int64_t> blocked_after_{never};
};

}  // namespace awaitest::detail
