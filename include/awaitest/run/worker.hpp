// A thread's share of a run: takes tests from the test queue and drives them on its loop. Longer than other
// headers: the steps of all tests in flight on one loop share its queue, scopes and clock.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "../platform/uninterrupted.hpp"
#include "../scope/open_scopes.hpp"
#include "run_state.hpp"
#include "watch/watched_worker.hpp"

namespace awaitest::detail {

/// Takes tests from the test queue until none is left, then closes its scopes.
class worker final : public loop_driver, public watched_worker, public failure_listener {
 public:
  /// `called` is what this_test::worker() tells.
  worker(run_state& run, std::size_t number, std::size_t called)
      : worker{run, number, called, false, false} {}
  /// Inside another one, on its thread: for tests that have a loop to themselves, or are in virtual time.
  worker(run_state& run, std::size_t number, std::size_t called, bool inside, bool in_virtual_time)
      : run_{run},
        number_{number},
        inside_{inside},
        time_{in_virtual_time ? std::make_unique<virtual_clock>() : nullptr},
        loop_{called, time_.get()},
        scopes_{loop_, queue_, [&run](failure&& what) { run.sink.report(run_failure{std::move(what)}); },
                run.asked.seed, run.asked.timeout} {
    watched_ = &loop_.turns();
    loop_.watch_slow(run.asked.slow_handler);
  }

  ~worker() { active_.clear(); }  // before the loop, after an exception

  /// On the thread that is to be the worker's.
  void work() {
    thread_.store(this_thread_id(), std::memory_order_relaxed);
    own_threads::instance().add(this_thread_id());
    {
      const time_scope see{time_.get()};
      loop_.run(*this);
    }
    blocked_after_.store(never, std::memory_order_relaxed);
    if (number_ != 0 && !inside_)
      own_threads::instance().remove(this_thread_id());  // its number may be used again
  }
  /// The test to begin with; then those that follow it in virtual time.
  void begin_with(std::size_t index) { first_ = last_ = index; }
  void wake() override {
    const uninterrupted_lock lock{guard_};
    if (inner_) inner_->wake();
    if (running_loop_.load(std::memory_order_acquire)) loop_.wake();
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
    const auto is_over = [&](suite_scope& one) { return one.looks_for_leaks() && step_once(one); };
    if (auto* const over = scopes_.find_closing(is_over)) {
      close(*over);
      return true;
    }
    if (renew_ && can_renew()) return false;
    if (next_inside_) {
      if (!active_.empty() || scopes_.any_closing()) return false;  // it would stand still meanwhile
      run_inside(*std::exchange(next_inside_, std::nullopt));
      return true;
    }
    if (!nothing_left_ && active_.size() < run_.asked.concurrency) return begin_next();
    return nothing_left_ && active_.empty() && close_next();
  }
  bool finished() const override {
    return nothing_left_ && !next_inside_ && active_.empty() && scopes_.none();
  }
  bool in_flight() const override {
    return scopes_.any_closing() || std::any_of(active_.begin(), active_.end(),
                                                [](const auto& test) { return test->attempt != nullptr; });
  }
  time_point deadline() const override {
    auto first = std::chrono::steady_clock::now() +
                 std::chrono::milliseconds{50};  // woken by the test queue, or asks again
    if (in_flight()) first = time_point::max();
    for_each_scope([&](const lifecycle& one) { first = std::min(first, one.limits().deadline()); });
    return first;
  }
  bool expire(time_point now) override {
    now_ = now;
    bool any = false;
    for_each_scope([&](lifecycle& one) {
      if (now < one.limits().deadline()) return;
      now_ = std::chrono::steady_clock::now();
      one.conclude(conclusion::timeout, now_);
      any = true;
    });
    return any;
  }
  bool expire_in_real_time(time_point real, bool held) override {
    bool any = false;
    for_each_scope([&](lifecycle& one) {
      if (real < one.limits().real_deadline()) return;
      one.conclude(held ? conclusion::held_timeout : conclusion::real_timeout,
                   std::chrono::steady_clock::now());
      any = true;
    });
    return any;
  }
  time_point limit() const override {
    auto first = time_point::max();
    for_each_scope([&](const lifecycle& one) { first = std::min(first, one.limits().by_the_machine()); });
    return first;
  }
  bool time_by_hand() const override {
    return std::any_of(active_.begin(), active_.end(),
                       [](const auto& test) { return test->attempt && test->attempt->moves_time_by_hand(); });
  }
  bool settle() override {
    bool any = false;
    for_each_scope([&](lifecycle& one) {
      if (one.ready.empty() && one.settling && one.settling->release_all() != 0) any = true;
    });
    if (any) return true;  // what they do next may be what a part waits for
    for_each_scope([&](lifecycle& one) {
      if (one.ready.empty() && one.come_to_rest()) any = true;
    });
    return any;
  }
  void stuck() override {
    const auto now = std::chrono::steady_clock::now();
    for_each_scope([&](lifecycle& one) { one.conclude(conclusion::stuck, now); });
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
  void found(const failure_found& what) override { run_.sink.report(what); }

  test_attempt* only_attempt() const noexcept {
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

  bool step_once(lifecycle& which) {
    // The io_context is to be clean at its end when nobody else has anything on it.
    const bool alone = active_.size() <= 1 && (active_.empty() || active_.front()->attempt.get() == &which);
    return which.step(now_, alone && !scopes_.any_in_use(&which));
  }
  void step(lifecycle& which) {
    if (!step_once(which)) return publish();
    for (const auto& test : active_)
      if (test->attempt.get() == &which) return finish_attempt(*test);
    close(which);
  }

  bool begin_next() {
    std::size_t index = 0;
    const auto answer = next(index);
    if (answer == test_queue::answer::nothing_left) nothing_left_ = true;
    if (answer != test_queue::answer::run)
      return answer == test_queue::answer::nothing_left && active_.empty() && close_next();
    const auto& test = run_.tests[index];
    if ((test.options().isolated || test.in_virtual_time) && !inside_ && !test.is_not_run()) {
      next_inside_ = index;  // as soon as those in flight have ended
      return true;
    }
    {
      auto made = std::make_unique<test_result>(test, index, seed_of(test, run_.asked.seed));
      made->begun = real_now();
      const uninterrupted_lock lock{guard_};
      active_.push_back(std::move(made));
    }
    auto& begun = *active_.back();
    now_ = std::chrono::steady_clock::now();
    run_.sink.report(test_started{&begun.info});
    if (test.is_not_run()) {
      begun.conclude_unrun(run_.asked.skip_unsupported);
      finish_test(begun);
    } else {
      begin_attempt(begun);
    }
    return true;
  }

  test_queue::answer next(std::size_t& index) {
    if (run_.stop.load(std::memory_order_relaxed)) return test_queue::answer::nothing_left;
    if (!last_) return run_.todo.next(number_, index);
    auto answer = test_queue::answer::run;
    if (first_)
      index = *std::exchange(first_, std::nullopt);
    else
      answer = run_.todo.next_in_virtual_time(number_, *last_, index);
    if (answer == test_queue::answer::run) last_ = index;
    return answer;
  }

  /// On a loop of its own, inside this one, with fixtures of its own: an isolated test; or one in virtual time, and those
  /// after it that are, too.
  void run_inside(std::size_t index) {
    auto asked = run_.asked;
    asked.concurrency = 1;
    const auto& test = run_.tests[index];
    if (test.options().isolated) {
      const std::vector<selected_test> only{test};
      test_queue todo{only, 1, 1};
      run_state inner{asked, only, todo, run_.sink, {}, {}};
      worker made{inner, 0, loop_.worker(), true, test.in_virtual_time};
      inner.workers.push_back(&made);
      run_inside(made, inner);
      if (run_.todo.finished(index)) wake_others();
    } else {
      run_state inner{asked, run_.tests, run_.todo, run_.sink, run_.workers, {}};
      worker made{inner, number_, loop_.worker(), true, true};
      made.begin_with(index);
      run_inside(made, inner);
    }
  }
  void run_inside(worker& made, const run_state& inner) {
    {
      const uninterrupted_lock lock{guard_};
      inner_ = &made;
    }
    made.work();
    {
      const uninterrupted_lock lock{guard_};
      loop_.turns().add(made.turns());
      inner_ = nullptr;
    }
    if (inner.stop.load(std::memory_order_relaxed)) {
      run_.stop.store(true, std::memory_order_relaxed);
      run_.todo.stop();
    }
  }

  void begin_attempt(test_result& test) {
    if (time_) {
      time_->begin(test.test.options().start, scopes_.any_in_use());
      now_ = time_->now();
    }
    auto made = std::make_unique<test_attempt>(
        loop_, queue_, test.test, test.info, test.plan.now(), *this, run_.asked.timeout,
        &scopes_.suite_of(test.test.record->parent, test.info.suite).store());
    made->arm(now_);
    {
      const uninterrupted_lock lock{guard_};
      test.attempt = std::move(made);
    }
    publish();
    test.attempt->begin();
  }

  void close(lifecycle& which) {
    const bool left = scopes_.closed(which);
    renew_ = renew_ || left;
    publish();
    if (suites_closing_ == 0) return;  // at the end of the run nobody asks
    --suites_closing_;
    if (run_.todo.closed()) wake_others();
  }
  bool close_next() {
    const bool any = scopes_.close_next();
    publish();
    return any;
  }
  void wake_others() {
    for (auto* other : run_.workers)
      if (other != this) other->wake();
  }

  void publish() noexcept {
    auto first = lifecycle::time_point::max();
    for_each_scope([&](const lifecycle& one) { first = std::min(first, one.limits().blocked_after()); });
    blocked_after_.store(in_flight() ? first.time_since_epoch().count() : between_tests,
                         std::memory_order_relaxed);
  }

  void finish_attempt(test_result& test) {
    const uninterrupted until_reported;
    renew_ = renew_ || test.attempt->left_something();
    if (loop_.slow().watching()) collect_slow(test);
    if (test.conclude_attempt(guard_, run_.asked.require_assertions)) finish_test(test);
  }

  // Slow handlers of none of the tests in flight are told by the first test that ends.
  void collect_slow(test_result& test) {
    const auto is_for_it = [&](const test_scope* scope) {
      return std::none_of(active_.begin(), active_.end(), [&](const auto& other) {
        return other.get() != &test && other->attempt.get() == scope && scope;
      });
    };
    test.add_slow(loop_.slow().take(is_for_it));
  }
  void finish_test(test_result& test) {
    test.end.elapsed = (real_now() - test.begun).count();
    test.remark_slow(run_.asked.slow_handler_given);
    if (time_)
      for (const auto& call : time_->take_blocking_calls()) test.end.remarks.push_back(blocking_words(call));
    run_.sink.report(test.end);
    test.reported.store(true);
    if (test.end.result == outcome::failed && run_.asked.fail_fast) {
      run_.stop.store(true, std::memory_order_relaxed);
      run_.todo.stop();
    }
    close_suite_after(test);
    const bool others_wait = run_.todo.finished(test.index);
    {
      const uninterrupted_lock lock{guard_};
      last_ended_ = test.info.name;
      std::erase_if(active_, [&](const auto& one) { return one.get() == &test; });
    }
    publish();
    if (others_wait) wake_others();
  }
  void close_suite_after(const test_result& test) {
    const auto key = scope_key(test.test);
    const bool closing = scopes_.close_suite_unless(hash_suite(test.test.record->parent), [&] {
      return run_.todo.any_left(key) || std::any_of(active_.begin(), active_.end(), [&](const auto& other) {
               return other.get() != &test && scope_key(other->test) == key;
             });
    });
    if (!closing) return;
    run_.todo.begin_closing();
    ++suites_closing_;
  }

  run_state& run_;
  std::size_t number_;
  bool inside_;                             // another one
  std::optional<std::size_t> next_inside_;  // waits for those in flight to end
  std::optional<std::size_t> first_,
      last_;                             // in virtual time: of the tests that it shares the test queue for
  std::unique_ptr<virtual_clock> time_;  // null: the machine's
  loop loop_;
  lifecycle::progress_queue queue_;
  open_scopes scopes_;
  time_point now_{};
  std::size_t suites_closing_ = 0;
  bool nothing_left_ = false;
  bool renew_ = false;
  std::atomic<bool> running_loop_{false};
};

}  // namespace awaitest::detail
