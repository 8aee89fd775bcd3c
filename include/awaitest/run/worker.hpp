// A thread's share of a run: the tests that it takes from the test queue, each in its lane.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "lane.hpp"

namespace awaitest::detail {

/// Owns a lane in the machine's time, one in virtual time once a test asks for it, and one for each isolated test while that runs.
/// The lanes run one after the other on its thread, until the test queue has nothing left.
class worker final : public lane_owner {
 public:
  /// `called` is what this_test::worker() tells.
  worker(run_state& run, std::size_t number, std::size_t called)
      : run_{run}, number_{number}, called_{called}, real_{run,    *this, watched_,
                                                           called, false, run.asked.concurrency} {}
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;
  ~worker() { watched_.drop_tests(); }  // before their loops, after an exception

  watched_worker& watched() noexcept { return watched_; }

  /// On the thread that is to be the worker's.
  void work() {
    watched_.work_here();
    own_threads::instance().add(this_thread_id());
    while (turn_) {
      auto& which = *turn_;
      which.run();
      if (&which == isolated_.get()) end_isolated();
    }
    if (virtual_) virtual_->end();
    real_.end();
    if (number_ != 0) own_threads::instance().remove(this_thread_id());  // its number may be used again
  }

  // --- lane_owner ---

  test_queue::answer next(lane& asks, std::size_t& index) override {
    auto answer = test_queue::answer::nothing_left;
    if (run_.stop.load(std::memory_order_relaxed)) {
      given_.reset();
    } else if (given_) {
      index = *std::exchange(given_, std::nullopt);
      return test_queue::answer::run;
    } else if (&asks == &real_) {
      answer = run_.todo.next(number_, index);
    } else if (&asks == virtual_.get()) {
      answer = run_.todo.next_in_virtual_time(number_, last_, index);
    }
    if (answer == test_queue::answer::wait) return answer;
    if (answer == test_queue::answer::nothing_left) {
      turn_ = &asks == &real_ ? nullptr : &real_;
      return answer;
    }
    last_ = index;
    turn_ = &lane_of(index, asks);
    if (turn_ == &asks) return answer;
    given_ = index;
    return test_queue::answer::nothing_left;
  }
  bool has_turn(const lane& which) const override { return turn_ == &which; }
  bool finished(const lane& where, std::size_t index) override {
    return &where != isolated_.get() && run_.todo.finished(index);
  }
  bool any_left(const lane& where, std::uint64_t scope) override {
    return &where != isolated_.get() && run_.todo.any_left(scope);
  }

 private:
  lane& lane_of(std::size_t index, lane& asks) {
    const auto& test = run_.tests[index];
    if (test.is_not_run()) return asks;
    const auto make = [&] {
      return std::make_unique<lane>(run_, *this, watched_, called_, test.in_virtual_time, 1);
    };
    if (test.options().isolated) return *(isolated_ = make());
    if (!test.in_virtual_time) return real_;
    if (!virtual_) virtual_ = make();
    return *virtual_;
  }
  /// The resources of an isolated test are free once its fixtures are down.
  void end_isolated() {
    isolated_->end();
    isolated_.reset();
    if (!run_.todo.finished(last_)) return;
    for (auto* other : run_.workers)
      if (other != &watched_) other->wake();
  }

  run_state& run_;
  std::size_t number_, called_;
  watched_worker watched_;
  lane real_;
  std::unique_ptr<lane> virtual_;     // null: no test has asked for it yet
  std::unique_ptr<lane> isolated_;    // null: no such test runs
  lane* turn_ = &real_;               // null: the test queue is empty
  std::optional<std::size_t> given_;  // a test that waits for its lane's turn
  std::size_t last_ = 0;              // the test that was taken last
};

}  // namespace awaitest::detail
