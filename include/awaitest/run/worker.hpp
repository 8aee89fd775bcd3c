// A thread's share of a run: takes tests from the agenda and drives them on its loop.
#pragma once

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "../loop/mock_calls.hpp"
#include "agenda.hpp"
#include "open_scopes.hpp"
#include "sink.hpp"
#include "test_case_run.hpp"

namespace awaitest::detail {

/// What all workers of a run share.
struct run_state {
  const settings& asked;
  const std::vector<selected_test>& tests;
  agenda& todo;
  event_sink& sink;
  std::vector<class worker*> workers;  ///< fixed before the first begins
  std::atomic<bool> stop{false};       ///< --fail-fast has had its failure
};

/// Takes tests from the agenda until none is left, then closes its scopes.
class worker final : public loop_driver {
 public:
  /// `called` is what this_test::worker() tells.
  worker(run_state& run, std::size_t number, std::size_t called, bool isolated = false)
      : run_{run},
        number_{number},
        isolated_{isolated},
        loop_{called},
        scopes_{loop_, queue_, run.sink, run.asked.seed, run.asked.timeout} {}

  /// On the thread that is to be the worker's.
  void work() {
    own_threads::instance().add(this_thread_id());
    loop_.run(*this);
    if (number_ != 0 && !isolated_)
      own_threads::instance().remove(this_thread_id());  // its number may be used again
  }
  void wake() {
    if (running_loop_.load(std::memory_order_acquire)) loop_.wake();
  }

  // --- for the threads that watch it ---
  /// Nanoseconds of the steady clock; the loop is blocked when it is still at this test then. Max: no limit.
  std::int64_t blocked_after() noexcept {
    const std::lock_guard lock{guard_};
    return inner_ ? inner_->blocked_after() : blocked_after_.load(std::memory_order_relaxed);
  }
  /// The tests in flight. Held while they are looked at: none ends meanwhile.
  template <class F>
  void for_each_current(F f) {
    const std::unique_lock lock{guard_, std::try_to_lock};
    for (const auto& one : active_) f(*one);
    if (inner_) inner_->for_each_current(f);
  }

  // --- loop_driver ---

  bool advance() override {
    running_loop_.store(true, std::memory_order_release);
    if (!queue_.waiting.empty()) {
      auto* stepped = queue_.waiting.back();
      queue_.waiting.pop_back();
      stepped->unqueue();
      now_ = std::chrono::steady_clock::now();
      step(*stepped);
      return true;
    }
    for (std::size_t i = 0; i < active_.size(); ++i) {
      auto& test = *active_[i];
      if (!test.attempt) {  // the next of its attempts
        if (renew_ && can_renew()) return false;
        now_ = std::chrono::steady_clock::now();
        begin_attempt(test);
        return true;
      }
      if (test.attempt->looks_for_leaks() && step_once(*test.attempt)) {
        finish_attempt(test);
        return true;
      }
    }
    const auto is_over = [&](wide_scope& one) { return one.looks_for_leaks() && step_once(one); };
    if (auto* const over = scopes_.find_closing(is_over)) {
      close(*over);
      return true;
    }
    if (renew_ && can_renew()) return false;
    if (next_isolated_) {
      if (!active_.empty()) return false;
      run_isolated_test(*std::exchange(next_isolated_, std::nullopt));
      return true;
    }
    if (!nothing_left_ && active_.size() < run_.asked.concurrency) return begin_next();
    return nothing_left_ && active_.empty() && scopes_.close_next();
  }
  bool finished() const override {
    return nothing_left_ && !next_isolated_ && active_.empty() && scopes_.none();
  }
  bool in_flight() const override {
    return scopes_.any_closing() || std::any_of(active_.begin(), active_.end(),
                                                [](const auto& test) { return test->attempt != nullptr; });
  }
  time_point deadline() const override {
    auto first = std::chrono::steady_clock::now() +
                 std::chrono::milliseconds{50};  // woken by the agenda, or asks again
    if (in_flight()) first = time_point::max();
    for_each_scope([&](const scope_run& one) { first = std::min(first, one.deadline()); });
    return first;
  }
  bool expire(time_point now) override {
    now_ = now;
    bool any = false;
    for_each_scope([&](scope_run& one) {
      if (now < one.deadline()) return;
      one.expire(now);
      any = true;
    });
    return any;
  }
  bool settle() override {
    bool any = false;
    for_each_scope([&](scope_run& one) {
      if (one.ready == 0 && one.settling && one.settling->release_all() != 0) any = true;
    });
    if (any) return true;  // the test may yet take the calls of its mocks that nothing expects
    for_each_scope([&](scope_run& one) {
      if (one.ready == 0 && decide_at_rest(one)) any = true;
    });
    return any;
  }
  void stuck() override {
    const auto now = std::chrono::steady_clock::now();
    for_each_scope([&](scope_run& one) { one.stuck(now); });
  }
  void escaped(std::exception_ptr what) override {
    if (auto* run = only_attempt()) return run->escaped(std::move(what));
    failure made;
    made.kind = failure_kind::exception;
    made.message = (active_.empty() ? "between two tests a handler threw "
                                    : "while several tests were in flight, a handler of "
                                      "the io_context's own executor threw ") +
                   text_of(what);
    run_.sink.report(run_failure{std::move(made)});
  }
  task_ref ambient() const override { return only_attempt() ? only_attempt()->body_task() : task_ref{}; }
  bool wants_new_context() override {
    if (!renew_ || !can_renew()) return false;
    renew_ = false;
    return true;
  }

 private:
  test_run* only_attempt() const noexcept {
    return active_.size() == 1 ? active_.front()->attempt.get() : nullptr;
  }
  template <class F>
  void for_each_scope(F f) const {
    for (const auto& test : active_)
      if (test->attempt) f(*test->attempt);
    scopes_.for_each(f);
  }
  /// Nobody has I/O on the io_context that is to go on.
  bool can_renew() const { return !in_flight() && !scopes_.any_in_use(); }

  bool step_once(scope_run& which) {
    // The io_context is to be clean at its end when nobody else has anything on it.
    const bool alone = active_.size() <= 1 && (active_.empty() || active_.front()->attempt.get() == &which);
    which.alone_on_the_loop(alone && !scopes_.any_in_use(&which));
    return which.step(now_);
  }
  void step(scope_run& which) {
    if (!step_once(which)) return publish();
    for (const auto& test : active_)
      if (test->attempt.get() == &which) return finish_attempt(*test);
    close(which);
  }

  bool begin_next() {
    std::size_t index = 0;
    const auto answer = run_.stop.load(std::memory_order_relaxed) ? agenda::answer::nothing_left
                                                                  : run_.todo.next(number_, index);
    if (answer == agenda::answer::nothing_left) nothing_left_ = true;
    if (answer != agenda::answer::run)
      return answer == agenda::answer::nothing_left && active_.empty() && scopes_.close_next();
    const auto& test = run_.tests[index];
    if (test.options().isolated && !isolated_ && !test.options().skipped) {
      next_isolated_ = index;  // as soon as those in flight have ended
      return true;
    }
    {
      auto made = std::make_unique<test_case_run>(test, index, seed_of(test, run_.asked.seed));
      const std::lock_guard lock{guard_};
      active_.push_back(std::move(made));
    }
    auto& begun = *active_.back();
    begun.begun = now_ = std::chrono::steady_clock::now();
    run_.sink.report(test_started{&begun.info});
    const auto& options = test.options();
    if (options.skipped) {
      begun.skip(options);
      finish_test(begun);
    } else {
      begin_attempt(begun);
    }
    return true;
  }

  /// On a loop of its own, inside this one, with fixtures of its own.
  void run_isolated_test(std::size_t index) {
    const std::vector<selected_test> only{run_.tests[index]};
    auto asked = run_.asked;
    asked.concurrency = 1;
    agenda todo{only, 1, 1};
    run_state inner{asked, only, todo, run_.sink, {}, {}};
    auto made = std::make_unique<worker>(inner, 0, loop_.worker(), true);
    inner.workers.push_back(made.get());
    {
      const std::lock_guard lock{guard_};
      inner_ = made.get();
    }
    made->work();
    {
      const std::lock_guard lock{guard_};
      inner_ = nullptr;
    }
    if (inner.stop.load(std::memory_order_relaxed)) {
      run_.stop.store(true, std::memory_order_relaxed);
      run_.todo.stop();
    }
    if (run_.todo.finished(index)) wake_others();
  }

  void begin_attempt(test_case_run& test) {
    test.attempt = std::make_unique<test_run>(
        loop_, queue_, test.test, test.info, test.seed_of_attempt(), run_.asked.timeout,
        &scopes_.suite_of(test.test.record->parent, test.info.suite).store());
    test.attempt->arm(now_);
    publish();
    test.attempt->begin();
  }

  void close(scope_run& which) {
    const bool left = scopes_.closed(which);
    renew_ = renew_ || left;
    if (suites_closing_ == 0) return;  // at the end of the run nobody asks
    --suites_closing_;
    if (run_.todo.closed()) wake_others();
  }
  void wake_others() {
    for (auto* other : run_.workers)
      if (other != this) other->wake();
  }

  void publish() noexcept {
    auto first = scope_run::time_point::max();
    for_each_scope([&](const scope_run& one) { first = std::min(first, one.blocked_after()); });
    blocked_after_.store(first.time_since_epoch().count(), std::memory_order_relaxed);
  }

  void finish_attempt(test_case_run& test) {
    renew_ = renew_ || test.attempt->left_something();
    if (test.conclude_attempt(guard_, run_.asked.require_assertions)) finish_test(test);
  }

  void finish_test(test_case_run& test) {
    test.end.elapsed = (now_ - test.begun).count();
    run_.sink.report(test.end);
    if (test.end.result == outcome::failed && run_.asked.fail_fast) {
      run_.stop.store(true, std::memory_order_relaxed);
      run_.todo.stop();
    }
    close_suite_after(test);
    const bool others_wait = run_.todo.finished(test.index);
    {
      const std::lock_guard lock{guard_};
      std::erase_if(active_, [&](const auto& one) { return one.get() == &test; });
    }
    publish();
    if (others_wait) wake_others();
  }
  void close_suite_after(const test_case_run& test) {
    const auto hash = hash_suite(test.test.record->parent);
    const bool closing = scopes_.close_suite_unless(hash, [&] {
      return run_.todo.any_left(hash) || std::any_of(active_.begin(), active_.end(), [&](const auto& other) {
               return other.get() != &test && hash_suite(other->test.record->parent) == hash;
             });
    });
    if (!closing) return;
    run_.todo.begin_closing();
    ++suites_closing_;
  }

  run_state& run_;
  std::size_t number_;
  bool isolated_;                             // runs one test that has a loop of its own
  std::optional<std::size_t> next_isolated_;  // waits for those in flight to end
  worker* inner_ = nullptr;                   // the one of an isolated test; under guard_
  loop loop_;
  scope_run::progress_queue queue_;
  open_scopes scopes_;
  std::mutex guard_;  // of the list of active tests and their attempts, for the threads that watch
  std::vector<std::unique_ptr<test_case_run>> active_;
  time_point now_{};
  std::size_t suites_closing_ = 0;
  bool nothing_left_ = false;
  bool renew_ = false;
  std::atomic<bool> running_loop_{false};
  std::atomic<std::int64_t> blocked_after_{std::numeric_limits<std::int64_t>::max()};
};

}  // namespace awaitest::detail
