// A thread's share of a run: takes tests from the agenda and drives them on its loop.
#pragma once

#include <algorithm>
#include <atomic>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "agenda.hpp"
#include "sink.hpp"
#include "test_run.hpp"
#include "wide_scope.hpp"

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
    if (!which.case_name.empty()) info.name += "[" + which.case_name + "]";
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
  worker(run_state& run, std::size_t number, bool isolated = false)
      : run_{run}, number_{number}, isolated_{isolated}, loop_{number} {}

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
    for (auto* scope : closing_)
      if (scope->looks_for_leaks() && step_once(*scope)) {
        closed(*scope);
        return true;
      }
    if (renew_ && can_renew()) return false;
    if (next_isolated_) {
      if (!active_.empty()) return false;
      run_isolated_test(*std::exchange(next_isolated_, std::nullopt));
      return true;
    }
    if (!nothing_left_ && active_.size() < run_.asked.concurrency) return begin_next();
    return nothing_left_ && active_.empty() && close_scopes();
  }
  bool finished() const override {
    return nothing_left_ && !next_isolated_ && active_.empty() && closing_.empty() && suites_.empty() &&
           !run_scope_;
  }
  bool in_flight() const override {
    return !closing_.empty() || std::any_of(active_.begin(), active_.end(),
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
    for (auto* scope : closing_) f(*scope);
    for (const auto& [ignored, scope] : suites_)
      if (!scope->closing()) f(*scope);
    if (run_scope_ && !run_scope_->closing()) f(*run_scope_);
  }
  bool fixtures_live() const {
    return (run_scope_ && run_scope_->in_use()) ||
           std::any_of(suites_.begin(), suites_.end(), [](const auto& s) { return s.second->in_use(); });
  }
  /// Nobody has I/O on the io_context that is to go on.
  bool can_renew() const { return !in_flight() && !fixtures_live(); }

  bool step_once(scope_run& which) {
    // The io_context is to be clean at its end when nobody else has anything on it.
    bool alone = active_.size() <= 1 && (active_.empty() || active_.front()->attempt.get() == &which);
    const auto other = [&](const wide_scope& scope) { return &scope != &which && scope.in_use(); };
    alone = alone && !(run_scope_ && other(*run_scope_)) &&
            std::none_of(suites_.begin(), suites_.end(), [&](const auto& s) { return other(*s.second); });
    which.alone_on_the_loop(alone);
    return which.step(now_);
  }
  void step(scope_run& which) {
    if (!step_once(which)) return publish();
    for (const auto& test : active_)
      if (test->attempt.get() == &which) return finish_attempt(*test);
    closed(static_cast<wide_scope&>(which));
  }

  bool begin_next() {
    std::size_t index = 0;
    const auto answer = run_.stop.load(std::memory_order_relaxed) ? agenda::answer::nothing_left
                                                                  : run_.todo.next(number_, index);
    if (answer == agenda::answer::nothing_left) nothing_left_ = true;
    if (answer != agenda::answer::run)
      return answer == agenda::answer::nothing_left && active_.empty() && close_scopes();
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
      begun.end.result = outcome::skipped;
      begun.end.reason = options.skip_reason;
      begun.end.attempts = 0;
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
    auto made = std::make_unique<worker>(inner, 0, true);
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
    run_.todo.finished(index);
    for (auto* other : run_.workers)
      if (other != this) other->wake();
  }

  void begin_attempt(test_case_run& test) {
    // Each attempt has its own numbers, the first one the test's.
    const auto seed = test.end.seed + static_cast<std::uint64_t>(test.repeated + test.retried);
    test.attempt = std::make_unique<test_run>(loop_, queue_, test.test, test.info, seed, run_.asked.timeout,
                                              &suite_of(test).store());
    test.attempt->arm(now_);
    publish();
    test.attempt->begin();
  }

  wide_scope& make_scope(std::unique_ptr<wide_scope>& in, std::string name, scope level,
                         fixture_store* wider) {
    in = std::make_unique<wide_scope>(
        loop_, queue_, std::move(name), run_.asked.seed, level, wider, run_.asked.timeout,
        [this](failure&& what) { run_.sink.report(run_failure{std::move(what)}); });
    return *in;
  }
  wide_scope& suite_of(const test_case_run& test) {
    const auto* parent = test.test.record->parent;
    if (last_suite_ && last_parent_ == parent) return *last_suite_;
    if (!run_scope_) make_scope(run_scope_, "the run", scope::run, nullptr);
    auto& found = suites_[hash_suite(parent)];
    if (!found)
      make_scope(found, parent ? "suite " + test.info.suite : "the tests of no suite", scope::suite,
                 &run_scope_->store());
    last_parent_ = parent;
    last_suite_ = found.get();
    return *found;
  }

  /// At the end of the run, suites first. True while there is something to do.
  bool close_scopes() {
    if (!closing_.empty()) return false;
    if (!suites_.empty()) {
      begin_closing(*suites_.begin()->second);
      return true;
    }
    if (!run_scope_) return false;
    begin_closing(*run_scope_);
    return true;
  }
  void begin_closing(wide_scope& which) {
    if (last_suite_ == &which) last_suite_ = nullptr;
    closing_.push_back(&which);
    which.close();
  }
  void closed(wide_scope& which) {
    renew_ = renew_ || which.left_something();
    which.remove_temp_dir();
    std::erase(closing_, &which);
    if (run_scope_.get() == &which) return run_scope_.reset();
    std::erase_if(suites_, [&](const auto& one) { return one.second.get() == &which; });
  }

  void publish() noexcept {
    auto first = scope_run::time_point::max();
    for_each_scope([&](const scope_run& one) { first = std::min(first, one.blocked_after()); });
    blocked_after_.store(first.time_since_epoch().count(), std::memory_order_relaxed);
  }

  void finish_attempt(test_case_run& test) {
    auto& attempt = *test.attempt;
    const auto& options = test.test.options();
    test.end.checks += attempt.count_checks();
    attempt.retire();  // from here on nothing on another thread can add to it
    const bool failed = attempt.failed();
    attempt.settle_temp_dir(failed && !options.should_fail);
    renew_ = renew_ || attempt.left_something();
    auto failures = attempt.take_failures();
    const bool skipped = attempt.skipped();
    auto reason = attempt.skip_reason();
    {
      const std::lock_guard lock{guard_};
      test.attempt.reset();
    }
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
      fail_test(test, failure_kind::unexpected_pass,
                "it passed, but should_fail(\"" + options.failure_reason +
                    "\") says that it does not: remove the option, or find out why");
    } else {
      test.end.no_assertions = test.end.checks == 0;
      if (test.end.no_assertions && run_.asked.require_assertions)
        fail_test(test, failure_kind::no_assertions,
                  "it evaluated no assertion, and --require-assertions was given");
    }
    finish_test(test);
  }
  static void fail_test(test_case_run& test, failure_kind kind, std::string message) {
    failure what;
    what.kind = kind;
    what.where = test.info.where;
    what.message = std::move(message);
    test.end.failures.push_back(std::move(what));
    test.end.result = outcome::failed;
  }

  void finish_test(test_case_run& test) {
    test.end.elapsed = (now_ - test.begun).count();
    run_.sink.report(test.end);
    if (test.end.result == outcome::failed && run_.asked.fail_fast) {
      run_.stop.store(true, std::memory_order_relaxed);
      run_.todo.stop();
    }
    run_.todo.finished(test.index);
    close_suite_after(test);
    {
      const std::lock_guard lock{guard_};
      std::erase_if(active_, [&](const auto& one) { return one.get() == &test; });
    }
    publish();
    if (run_.workers.size() > 1)
      for (auto* other : run_.workers)
        if (other != this) other->wake();
  }
  void close_suite_after(const test_case_run& test) {
    const auto hash = hash_suite(test.test.record->parent);
    const auto suite = suites_.find(hash);
    if (suite == suites_.end() || !suite->second->in_use() || suite->second->closing()) return;
    const bool more =
        run_.todo.any_left(hash) || std::any_of(active_.begin(), active_.end(), [&](const auto& other) {
          return other.get() != &test && hash_suite(other->test.record->parent) == hash;
        });
    if (!more) begin_closing(*suite->second);
  }

  run_state& run_;
  std::size_t number_;
  bool isolated_;                             // runs one test that has a loop of its own
  std::optional<std::size_t> next_isolated_;  // waits for those in flight to end
  worker* inner_ = nullptr;                   // the one of an isolated test; under guard_
  loop loop_;
  scope_run::progress_queue queue_;
  std::mutex guard_;  // of the list of active tests and their attempts, for the threads that watch
  std::vector<std::unique_ptr<test_case_run>> active_;
  std::unique_ptr<wide_scope> run_scope_;
  std::map<std::uint64_t, std::unique_ptr<wide_scope>> suites_;  // by the hash of the suite's name
  std::vector<wide_scope*> closing_;
  const suite* last_parent_ = nullptr;
  wide_scope* last_suite_ = nullptr;
  time_point now_{};
  bool nothing_left_ = false;
  bool renew_ = false;
  std::atomic<bool> running_loop_{false};
  std::atomic<std::int64_t> blocked_after_{std::numeric_limits<std::int64_t>::max()};
};

}  // namespace awaitest::detail
