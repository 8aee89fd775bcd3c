// A lane: a loop with its clock and its open scopes, and the tests that run there. Longer than other headers: the steps of all
// tests in flight share its queue, scopes and clock.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "../platform/fatal_signals.hpp"
#include "../platform/handled_signals.hpp"
#include "../platform/uninterrupted.hpp"
#include "../scope/open_scopes.hpp"
#include "../time/clock_lease.hpp"
#include "lane_owner.hpp"
#include "run_state.hpp"
#include "watch/watched_worker.hpp"

namespace awaitest::detail {

/// Tests run in it while it has its turn. Between two turns it stands still, with no test in flight; suites and the run stay
/// open, with their fixtures. The owner's thread only.
class lane final : public loop_driver, public failure_listener {
 public:
  /// `called` is what this_test::worker() tells.
  lane(run_state& run, lane_owner& owner, watched_worker& watched, std::size_t called, bool in_virtual_time,
       std::size_t concurrency)
      : run_{run},
        owner_{owner},
        watched_{watched},
        concurrency_{concurrency},
        time_{in_virtual_time ? virtual_clocks::instance().take() : nullptr},
        loop_{watched.activity(), called, time_.get()},
        scopes_{loop_, queue_, [&run](failure&& what) { run.sink.report(run_failure{std::move(what)}); },
                run.asked.seed, run.asked.timeout} {
    loop_.watch_slow(run.asked.slow_handler);
  }

  /// Until the turn is over.
  void run() {
    const time_scope see{time_.get()};
    watched_.enter(&loop_);
    loop_.run(*this);
    if (ends_) loop_.end();
    watched_.enter(nullptr);
  }
  /// Closes its scopes, and destroys what is left on its io_context.
  void end() {
    ends_ = true;
    run();
  }

  // --- loop_driver ---

  bool advance() override {
    if (run_.interrupted.load(std::memory_order_relaxed) != 0 && !interrupted_) interrupt();
    if (!queue_.waiting.empty()) {
      auto* stepped = queue_.waiting.back();
      queue_.waiting.pop_back();
      stepped->unqueue();
      now_ = std::chrono::steady_clock::now();
      step(*stepped);
      return true;
    }
    for (const auto& one : watched_.in_flight()) {
      auto& test = *one;
      if (!test.attempt) {  // the next of its attempts
        if (interrupted_) {
          test.conclude_interrupted(ending_by(run_.interrupted.load()));
          finish_test(test);
          return true;
        }
        if (renews()) return false;
        now_ = std::chrono::steady_clock::now();
        watched_.begin(test, attempt_at(test));
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
    if (renews()) return false;
    if (owner_.has_turn(*this)) return watched_.in_flight().size() < concurrency_ && begin_next();
    return ends_ && watched_.in_flight().empty() && close_next();
  }
  bool finished() const override {
    return !owner_.has_turn(*this) && watched_.in_flight().empty() &&
           (ends_ ? scopes_.none() : !scopes_.any_closing() && !renews());
  }
  bool in_flight() const override {
    return scopes_.any_closing() || std::any_of(watched_.in_flight().begin(), watched_.in_flight().end(),
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
      if (!one.is_late(now)) return;
      now_ = std::chrono::steady_clock::now();
      one.conclude(conclusion::timeout, now_, loop_.look_for_wakers(*this));
      any = true;
    });
    return any;
  }
  bool expire_in_real_time(time_point real, time_holder by) override {
    bool any = false;
    for_each_scope([&](lifecycle& one) {
      if (!one.is_late_by_the_machine(real)) return;
      one.conclude(by == time_holder::nobody    ? conclusion::real_timeout
                   : by == time_holder::thread  ? conclusion::held_timeout
                   : by == time_holder::outside ? conclusion::outside_timeout
                                                : conclusion::guarded_timeout,
                   std::chrono::steady_clock::now(),
                   by == time_holder::thread
                       ? evidence{detail::find_threads_at_work(time_.get(),
                                                               loop_.threads_of_others_that_count(), false),
                                  {},
                                  false}
                   : by == time_holder::outside ? loop_.look_for_wakers(*this)
                                                : evidence{});
      any = true;
    });
    return any;
  }
  time_point limit() const override {
    auto first = time_point::max();
    for_each_scope([&](const lifecycle& one) { first = std::min(first, one.limits().by_the_machine()); });
    return first;
  }
  time_point last_limit() const override {
    auto last = time_point{};
    for (const auto& test : watched_.in_flight())
      if (test->attempt) last = std::max(last, test->attempt->limits().by_the_machine());
    scopes_.for_each([&](const lifecycle& one) {  // one at rest has none
      if (const auto its = one.limits().by_the_machine(); its != time_point::max())
        last = std::max(last, its);
    });
    return last == time_point{} ? time_point::max() : last;
  }
  bool time_by_hand() const override {
    return std::any_of(watched_.in_flight().begin(), watched_.in_flight().end(),
                       [](const auto& test) { return test->attempt && test->attempt->moves_time_by_hand(); });
  }
  bool world_is_closed() const override {
    return run_.asked.closed_world ||
           (!watched_.in_flight().empty() &&
            std::all_of(watched_.in_flight().begin(), watched_.in_flight().end(),
                        [](const auto& test) { return test->test.options().closed_world; }));
  }
  bool settle() override {
    bool any = false;
    for_each_scope([&](lifecycle& one) {
      if (!one.ready.empty() || !one.settling) return;
      // Tasks that wait for nothing to be ready are not held back: a schedule would move time on before they go on.
      any = loop_.keep_places([&] { return one.settling->release_all(); }) != 0 || any;
    });
    if (any) return true;  // what they do next may be what a part waits for
    for_each_scope([&](lifecycle& one) {
      if (one.ready.empty() && one.come_to_rest()) any = true;
    });
    return any;
  }
  void stuck(std::vector<known_socket> sockets) override {
    const evidence found{{}, std::move(sockets), false};
    const auto now = std::chrono::steady_clock::now();
    for_each_scope([&](lifecycle& one) { one.conclude(conclusion::stuck, now, found); });
  }
  void escaped(std::exception_ptr what) override {
    if (auto* run = only_attempt()) return run->escaped(std::move(what));
    failure made;
    made.kind = failure_kind::exception;
    made.message = (watched_.in_flight().empty() ? "between two tests a handler threw "
                                                 : "while several tests were in flight, a handler of "
                                                   "the io_context's own executor threw ") +
                   text_of(what);
    run_.sink.report(run_failure{std::move(made)});
  }
  task_ref ambient() const override { return only_attempt() ? only_attempt()->body_task() : task_ref{}; }
  bool wants_new_context() override {
    if (!renews()) return false;
    renew_ = false;
    return true;
  }

 private:
  void interrupt() {
    interrupted_ = true;
    run_.todo.stop();
    const auto by = ending_by(run_.interrupted.load());
    for_each_scope([&](lifecycle& one) { one.interrupt(by); });
    watched_.knows_of_interrupt.store(true);
  }
  static process_ending ending_by(int signal) {
    process_ending made;
    made.cause = end_cause::signal;
    made.relation = end_relation::of_it;
    made.number = signal;
    made.what = detail::find_fatal_signal(signal).words;
    return made;
  }
  void found(const failure_found& what) override { run_.sink.report(what); }

  test_attempt* only_attempt() const noexcept {
    return watched_.in_flight().size() == 1 ? watched_.in_flight().front()->attempt.get() : nullptr;
  }
  template <class F>
  void for_each_scope(F f) const {
    for (const auto& test : watched_.in_flight())
      if (test->attempt) f(*test->attempt);
    scopes_.for_each(f);
  }
  /// Something is left on the io_context, and nobody has I/O there that is to go on.
  bool renews() const { return renew_ && !in_flight() && !scopes_.any_in_use(); }

  bool step_once(lifecycle& which) {
    // The io_context is to be clean at its end when nobody else has, or has left, anything on it.
    const bool alone =
        watched_.in_flight().size() <= 1 &&
        (watched_.in_flight().empty() || watched_.in_flight().front()->attempt.get() == &which);
    return which.step(now_, alone && !renew_ && !scopes_.any_in_use(&which));
  }
  void step(lifecycle& which) {
    if (!step_once(which)) return publish();
    for (const auto& test : watched_.in_flight())
      if (test->attempt.get() == &which) return finish_attempt(*test);
    close(which);
  }

  bool begin_next() {
    const auto& in_flight = watched_.in_flight();
    if (!in_flight.empty() && (waits_alone_ || in_flight.front()->test.is_searched())) return false;
    std::size_t index = 0;
    if (waits_alone_) {
      index = *std::exchange(waits_alone_, std::nullopt);
    } else {
      const auto answer = owner_.next(*this, index);
      if (answer != test_queue::answer::run) return answer == test_queue::answer::nothing_left;
    }
    const auto& test = run_.tests[index];
    if (test.is_searched() && !in_flight.empty()) {
      waits_alone_ = index;
      return false;
    }
    auto made = std::make_unique<test_result>(test, index, seed_of(test, run_.asked.seed));
    now_ = made->begun = real_now();
    if (run_.prints) run_.prints->begun(made->info);
    run_.sink.report(test_started{&made->info});
    if (test.is_not_run()) {
      auto& unrun = watched_.begin(std::move(made));
      unrun.conclude_unrun(run_.asked.skip_unsupported);
      finish_test(unrun);
    } else {
      made->attempt = attempt_at(*made);
      begin_attempt(watched_.begin(std::move(made)));
    }
    return true;
  }
  std::unique_ptr<test_attempt> attempt_at(test_result& test) {
    loop_.begin_test();
    if (time_) {
      time_->begin(test.test.start, scopes_.any_in_use() || time_->members.load() != 0);
      time_->by_hand.store(time_by_hand() || test.test.options().time == test_time::manual);
      now_ = time_->now();
    }
    test.begin_search({run_.asked.explore_time, run_.asked.replay_strict});
    auto planned = test.plan.now();
    planned.is_provisional = planned.is_provisional || test.search;
    auto timeout = run_.asked.timeout;
    if (const auto limit = test.search ? test.search->longest_run().count() : 0;
        limit != 0 && limit < timeout) {
      timeout = limit;
      planned.has_short_limit = true;
    }
    auto made =
        std::make_unique<test_attempt>(loop_, queue_, test.test, test.info, planned, *this, timeout,
                                       &scopes_.suite_of(test.test.record->parent, test.info.suite).store());
    made->subtests = &test.its_subtests;
    if (test.search) {
      made->order = &test.search->begin();
      made->suspensions = test.search->observer();
    }
    made->arm(now_);
    return made;
  }
  void begin_attempt(test_result& test) {
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
      if (other != &watched_) other->wake();
  }

  void publish() noexcept {
    auto first = lifecycle::time_point::max();
    for_each_scope([&](const lifecycle& one) { first = std::min(first, one.limits().blocked_after()); });
    watched_.set_blocked_after(in_flight() ? first.time_since_epoch().count()
                                           : watched_worker::between_tests);
  }

  void finish_attempt(test_result& test) {
    const uninterrupted until_reported;
    if (detail::has_had_signal_sets(loop_.context())) detail::take_fatal_signals();
    // Operations that a test leaves, as this option allows, cannot be told apart from those of a wider fixture.
    const bool may_have_left = test.test.options().allow_leaks && scopes_.any_in_use();
    const bool has_left = test.attempt->left_something() || may_have_left;
    renew_ = renew_ || has_left;
    if (renew_ && scopes_.any_in_use() && watched_.in_flight().size() == 1) loop_.leave_timers();
    if (loop_.activity().watching()) collect_slow(test);
    if (watched_.conclude_attempt(test, run_.asked.require_assertions, interrupted_)) finish_test(test);
  }

  // Slow handlers of none of the tests in flight are told by the first test that ends.
  void collect_slow(test_result& test) {
    const auto is_for_it = [&](const test_scope* scope) {
      return std::none_of(watched_.in_flight().begin(), watched_.in_flight().end(), [&](const auto& other) {
        return other.get() != &test && other->attempt.get() == scope && scope;
      });
    };
    test.add_slow(loop_.activity().take(is_for_it));
  }
  void finish_test(test_result& test) {
    test.end.elapsed = (real_now() - test.begun).count();
    test.remark_slow(run_.asked.slow_handler_given);
    if (time_) {
      for (const auto& call : time_->take_blocking_calls()) test.end.remarks.push_back(blocking_words(call));
      for (const auto* words : time_->take_remarks()) test.end.remarks.emplace_back(words);
    }
    if (run_.prints) run_.prints->ended(test.end);
    run_.sink.report(test.told_end);
    test.reported.store(true, std::memory_order_release);
    if (test.end.result == outcome::failed && run_.asked.fail_fast) {
      run_.stop.store(true, std::memory_order_relaxed);
      run_.todo.stop();
    }
    close_suite_after(test);
    const bool others_wait = owner_.finished(*this, test.index);
    watched_.end(test);
    publish();
    if (others_wait) wake_others();
  }
  void close_suite_after(const test_result& test) {
    const auto key = scope_key(test.test);
    const bool closing = scopes_.close_suite_unless(hash_suite(test.test.record->parent), [&] {
      return owner_.any_left(*this, key) ||
             std::any_of(watched_.in_flight().begin(), watched_.in_flight().end(), [&](const auto& other) {
               return other.get() != &test && scope_key(other->test) == key;
             });
    });
    if (!closing) return;
    run_.todo.begin_closing();
    ++suites_closing_;
  }

  run_state& run_;
  lane_owner& owner_;
  watched_worker& watched_;
  std::size_t concurrency_;
  clock_lease time_;  // null: the machine's
  loop loop_;
  lifecycle::progress_queue queue_;
  open_scopes scopes_;
  time_point now_{};
  std::size_t suites_closing_ = 0;
  std::optional<std::size_t> waits_alone_;  // a test that is searched, for those in flight to end
  bool renew_ = false;                      // something is left on the io_context
  bool ends_ = false;                       // no test is to come any more
  bool interrupted_ = false;
};

}  // namespace awaitest::detail
