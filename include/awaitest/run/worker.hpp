// A thread's share of a run: takes tests from the agenda and drives them on its loop.
#pragma once

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "agenda.hpp"
#include "sink.hpp"
#include "test_run.hpp"

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

/// A test with all its attempts.
struct test_case_run {
  test_case_run(const selected_test& which, std::size_t at, std::uint64_t test_seed)
      : test{which}, index{at} {
    const auto& record = *which.record;
    info.suite = suite_name(record);
    info.name = info.suite;
    if (record.parent) info.name += '/';
    info.name += record.name;
    info.where = record.where;
    info.tags = which.options().tags;
    end.test = &info;
    end.seed = test_seed;
  }

  const selected_test& test;
  std::size_t index;
  test_info info;
  test_finished end;
  std::unique_ptr<test_run> attempt;
  std::int64_t repeated = 0;  ///< attempts that passed, of repeat(n)
  std::int64_t retried = 0;
  std::chrono::steady_clock::time_point begun{};
};

class worker final : public loop_driver {
 public:
  worker(run_state& run, std::size_t number) : run_{run}, number_{number} {}

  /// On the thread that is to be the worker's.
  void work() {
    own_threads::instance().add(this_thread_id());
    loop_.run(*this);
  }
  void wake() {
    if (running_loop_.load(std::memory_order_acquire)) loop_.wake();
  }

  // --- for the threads that watch it ---
  /// Nanoseconds of the steady clock; the loop is blocked when it is still at this test then. Max: no limit.
  std::int64_t blocked_after() const noexcept { return blocked_after_.load(std::memory_order_relaxed); }
  test_case_run* current() const noexcept { return current_.load(std::memory_order_acquire); }

  // --- loop_driver ---

  bool advance() override {
    running_loop_.store(true, std::memory_order_release);
    if (!queue_.waiting.empty()) {
      auto* stepped = queue_.waiting.back();
      queue_.waiting.pop_back();
      stepped->unqueue();
      now_ = std::chrono::steady_clock::now();
      if (stepped->step(now_))
        finish_attempt();
      else
        publish();
      return true;
    }
    if (active_ && !active_->attempt) {  // the next of its attempts
      if (renew_) return false;
      now_ = std::chrono::steady_clock::now();
      begin_attempt();
      return true;
    }
    if (active_) {
      if (!active_->attempt->looks_for_leaks() || !active_->attempt->step(now_)) return false;
      finish_attempt();
      return true;
    }
    if (nothing_left_ || renew_) return false;
    std::size_t index = 0;
    switch (run_.stop.load(std::memory_order_relaxed) ? agenda::answer::nothing_left
                                                      : run_.todo.next(number_, index)) {
      case agenda::answer::nothing_left: nothing_left_ = true; return false;
      case agenda::answer::wait: return false;
      case agenda::answer::run: break;
    }
    begin(index);
    return true;
  }
  bool finished() const override { return nothing_left_ && !active_; }
  bool in_flight() const override { return attempt() != nullptr; }
  time_point deadline() const override {
    if (auto* run = attempt()) return run->deadline();
    return std::chrono::steady_clock::now() +
           std::chrono::milliseconds{50};  // the agenda's turn: woken, or asked again
  }
  bool expire(time_point now) override {
    now_ = now;
    auto* run = attempt();
    if (!run || now < run->deadline()) return false;
    run->expire(now);
    return true;
  }
  bool settle() override {
    auto* run = attempt();
    return run && run->ready == 0 && run->settling && run->settling->release_all() != 0;
  }
  void stuck() override {
    if (auto* run = attempt()) run->stuck(std::chrono::steady_clock::now());
  }
  void escaped(std::exception_ptr what) override {
    if (auto* run = attempt()) return run->escaped(std::move(what));
    failure made;
    made.kind = failure_kind::exception;
    made.message = "between two tests a handler threw " + text_of(what);
    run_.sink.report(run_failure{std::move(made)});
  }
  task_ref ambient() const override { return attempt() ? attempt()->body_task() : task_ref{}; }
  bool wants_new_context() override { return !attempt() && std::exchange(renew_, false); }

 private:
  test_run* attempt() const noexcept { return active_ ? active_->attempt.get() : nullptr; }

  void begin(std::size_t index) {
    const auto& test = run_.tests[index];
    active_ = std::make_unique<test_case_run>(test, index, seed_of(*test.record, run_.asked.seed));
    current_.store(active_.get(), std::memory_order_release);
    active_->begun = now_ = std::chrono::steady_clock::now();
    run_.sink.report(test_started{&active_->info});
    const auto& options = test.options();
    if (options.skipped) {
      active_->end.result = outcome::skipped;
      active_->end.reason = options.skip_reason;
      active_->end.attempts = 0;
      return finish_test();
    }
    begin_attempt();
  }

  void begin_attempt() {
    auto& test = *active_;
    // Each attempt has its own numbers, the first one the test's.
    const auto seed = test.end.seed + static_cast<std::uint64_t>(test.repeated + test.retried);
    test.attempt = std::make_unique<test_run>(loop_, queue_, test.test, test.info, seed, run_.asked.timeout);
    test.attempt->begin(now_);
    publish();
  }

  void publish() noexcept {
    const auto after = active_->attempt->blocked_after();
    blocked_after_.store(after.time_since_epoch().count(), std::memory_order_relaxed);
  }

  void finish_attempt() {
    auto& test = *active_;
    auto& attempt = *test.attempt;
    const auto& options = test.test.options();
    test.end.checks += attempt.count_checks();
    const bool failed = attempt.failed();
    attempt.settle_temp_dir(failed && !options.should_fail);
    renew_ = renew_ || attempt.left_something();
    auto failures = attempt.take_failures();
    const bool skipped = attempt.skipped();
    auto reason = attempt.skip_reason();
    if (const auto at = std::find(queue_.waiting.begin(), queue_.waiting.end(), &attempt);
        at != queue_.waiting.end())
      queue_.waiting.erase(at);
    test.attempt.reset();
    test.end.attempts = static_cast<std::uint32_t>(test.repeated + test.retried + 1);
    std::move(failures.begin(), failures.end(), std::back_inserter(test.end.failures));

    if (failed && !options.should_fail && test.retried < options.retries) {
      ++test.retried;
      return;
    }
    if (!failed && !skipped && ++test.repeated < options.repeat) return;

    if (failed) {
      test.end.result = options.should_fail ? outcome::expected_failure : outcome::failed;
      if (options.should_fail) test.end.reason = options.failure_reason;
    } else if (skipped) {
      test.end.result = outcome::skipped;
      test.end.reason = std::move(reason);
    } else if (options.should_fail) {
      fail_test(failure_kind::unexpected_pass,
                "it passed, but should_fail(\"" + options.failure_reason +
                    "\") says that it does not: remove the option, or find out why");
    } else {
      test.end.no_assertions = test.end.checks == 0;
      if (test.end.no_assertions && run_.asked.require_assertions)
        fail_test(failure_kind::no_assertions,
                  "it evaluated no assertion, and --require-assertions was given");
    }
    finish_test();
  }
  void fail_test(failure_kind kind, std::string message) {
    failure what;
    what.kind = kind;
    what.where = active_->info.where;
    what.message = std::move(message);
    active_->end.failures.push_back(std::move(what));
    active_->end.result = outcome::failed;
  }

  void finish_test() {
    auto& test = *active_;
    test.end.elapsed = (now_ - test.begun).count();
    blocked_after_.store(std::numeric_limits<std::int64_t>::max(), std::memory_order_relaxed);
    current_.store(nullptr, std::memory_order_release);
    run_.sink.report(test.end);
    if (test.end.result == outcome::failed && run_.asked.fail_fast) {
      run_.stop.store(true, std::memory_order_relaxed);
      run_.todo.stop();
    }
    run_.todo.finished(test.index);
    active_.reset();
    if (run_.workers.size() > 1)
      for (auto* other : run_.workers)
        if (other != this) other->wake();
  }

  run_state& run_;
  std::size_t number_;
  loop loop_;
  test_run::progress_queue queue_;
  std::unique_ptr<test_case_run> active_;
  time_point now_{};
  bool nothing_left_ = false;
  bool renew_ = false;
  std::atomic<bool> running_loop_{false};
  std::atomic<std::int64_t> blocked_after_{std::numeric_limits<std::int64_t>::max()};
  std::atomic<test_case_run*> current_{nullptr};
};

}  // namespace awaitest::detail
