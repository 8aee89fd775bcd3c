// One attempt at one test.
//
// A little longer than other headers: its failures and its phases share what threads of the test may touch.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "../model/last_moments.hpp"
#include "../platform/uninterrupted.hpp"
#include "../task/subtests.hpp"
#include "attempt_plan.hpp"
#include "failure_listener.hpp"
#include "lifecycle.hpp"
#include "selected_test.hpp"

namespace awaitest::detail {

/// Fixtures up, body, children, background children, cleanups, fixtures down, leaks.
class test_attempt final : public lifecycle {
 public:
  test_attempt(loop& home, progress_queue& queue, const selected_test& which, const test_info& info,
               const planned_attempt& attempt, failure_listener& listener, std::int64_t default_timeout,
               fixture_store* wider)
      : lifecycle{home,         queue,       test_phases, limits_of(which, home, default_timeout),
                  attempt.seed, scope::test, wider,       which.record->where},
        test_{which},
        info_{info},
        attempt_{attempt},
        listener_{listener} {}
  ~test_attempt() {
    stop_awaiting();
    store_.forget(*this);
    retire();  // again: what was destroyed with it may have posted something
  }

  /// Its time begins. Apart from `begin`, which may run a whole blocking test: who watches is to know the deadline before.
  void arm(time_point now) {
    started_ = now;
    limits_.start(now);
  }
  void begin() {
    body_task_ = take_task("");
    const auto* parameters = test_.record->parameters;
    const auto& used = test_.options().fixtures;
    const auto count = parameters ? parameters->fixture_count : 0;
    wanted_.reserve(used.size() + count);
    for (const auto* one : used) wanted_.push_back(one);
    for (std::size_t i = 0; i < count; ++i) wanted_.push_back(parameters->fixtures[i]);
    first_argument_ = used.size();
    if (have_all()) {
      if (!wanted_.empty()) limits_.start(clock::now());
      begin_body();
    }
    progressed();
  }

  task_ref body_task() const { return body_task_; }
  std::uint64_t count_checks() const {
    auto sum =
        checks_elsewhere.load(std::memory_order_relaxed) + failed_checks_.load(std::memory_order_relaxed);
    for (const auto& one : tasks) sum += one.slot->checks;
    return sum;
  }
  /// Failures that are not kept: see most_failures.
  std::uint64_t more_failures() const {
    const auto lock = awaitest::lock_soon(guard_);
    return more_failures_;
  }
  /// The attempt after `retire()`: nothing on another thread can add to it, and no lock is needed.
  attempt_end ended() const {
    return !failures_.empty() ? attempt_end::failed : skipped_ ? attempt_end::skipped : attempt_end::passed;
  }
  /// Whether the body is to be run again, without the subtests that have ended it: not after a cancellation, which has ended more than them.
  bool runs_again() const { return !was_cancelled() && subtests->want_another(body_failed_); }
  /// Reports what is wrong when there is no other run: a part of the body has not run then, and the test must not pass. `searched`: it has
  /// not to be whole where it has failed.
  void end_runs(bool searched) {
    std::string why;
    if (!was_cancelled() && !(searched && failed())) why = subtests->why_not_run(body_failed_);
    for (auto& one : subtests->held_back()) report(std::move(one));
    if (why.empty()) return;
    failure cut;
    cut.kind = failure_kind::misuse;
    cut.where = test_.record->where;
    cut.message = std::move(why);
    report(std::move(cut));
  }
  /// The first failure; null: there is none.
  const failure* first_failure() const { return failures_.empty() ? nullptr : &failures_.front(); }
  /// The same; but a last report may be reading them.
  void give_to(test_finished& end) {
    end.more_failures += more_failures_;
    std::move(failures_.begin(), failures_.end(), std::back_inserter(end.failures));
    failures_.clear();
    end.reason = std::move(skip_reason_);
  }
  /// A copy of what has failed so far, from any thread: for a process that is about to end.
  std::vector<failure> failures_so_far() {
    const auto lock = awaitest::lock_soon(guard_);
    return failures_;
  }
  /// Removes the directory of temp_dir(), or says where it is; empty: there is none.
  std::string settle_temp_dir(bool keep) {
    if (!folder_.made()) return {};
    if (keep) {
      folder_.keep();
      return "temp_dir() kept at " + folder_.path({});
    }
    folder_.remove();
    return {};
  }

  // --- test_scope ---

  void report(failure&& what) override {
    if (what.ended.why != conclusion::none || what.kind == failure_kind::interrupted)
      if (const held_task body{body_task_}; body && body->subtest() != 0)
        what.notes.push_back({{}, {}, body->subtest()});
    if (subtests && !subtests->place(what)) return;
    if (what.kind == failure_kind::assertion && only_counts.load(std::memory_order_relaxed) &&
        !forked_process::here()) {
      const uninterrupted_lock lock{guard_};
      failed_checks_.fetch_add(1, std::memory_order_relaxed);
      ++more_failures_;
      return;
    }
    what.ended.of_a_schedule = attempt_.has_short_limit;
    if (what.elapsed == 0) what.elapsed = elapsed();
    what.in_virtual_time = home().time();
    if (forked_process::here()) return forked_process::tell(info_.name, what);
    failure_found found{&info_, {}, attempt_.number, attempt_.purpose, attempt_.is_provisional};
    {
      const uninterrupted_lock lock{guard_};
      const bool by_assertion = what.kind == failure_kind::assertion;
      if (by_assertion || what.kind == failure_kind::explicitly)
        failed_checks_.fetch_add(1, std::memory_order_relaxed);
      if (subtests && !subtests->is_new(what)) return;
      auto& known = known_[static_cast<std::size_t>(what.kind)];
      if (known == most_failures || (by_assertion && repeats_itself(what.where))) {
        ++more_failures_;
        return;
      }
      if (++known == most_failures && by_assertion) only_counts.store(true, std::memory_order_relaxed);
      found.what = what;
      failures_.push_back(std::move(what));
    }
    listener_.found(found);
  }
  void skip(std::string reason) override {
    const uninterrupted_lock lock{guard_};
    if (!skipped_) skip_reason_ = std::move(reason);
    skipped_ = true;
  }
  const std::string& name() const override { return info_.name; }
  bool failed() const override {
    const uninterrupted_lock lock{guard_};
    return !failures_.empty();
  }
  bool moves_time_by_hand() const override {
    return test_.options().time == test_time::manual && home().time() && !cancelled_ &&
           (*phase_ == test_phase::body || *phase_ == test_phase::children);
  }

 private:
  static scope_limits limits_of(const selected_test& which, const loop& home, std::int64_t default_timeout) {
    // In virtual time --timeout is about the machine's: a test may well take hours of its own.
    // `--timeout 0` lifts what is about the machine's, of a test's own, too: somebody is looking at it.
    const auto own = which.options().timeout;
    if (!home.time())
      return {false, default_timeout == 0 || own < 0 ? default_timeout : own, default_timeout};
    return {true, own >= 0 ? own : 0, default_timeout};
  }
  bool was_cancelled() const {
    const uninterrupted_lock lock{guard_};
    return failed_since_cancelled_.has_value();
  }
  bool leaks_allowed() const override { return test_.options().allow_leaks; }
  bool body_failed() const override { return body_failed_; }

  /// False: it waits for one that comes up for it. That costs no coroutine, which is only for what comes up for somebody
  /// else and for what goes wrong.
  bool have_all() {
    stop_awaiting();
    while (objects_.size() < wanted_.size()) {
      auto& one = store_.ask_for(*wanted_[objects_.size()]);
      if (one.at == fixture::state::up) {
        objects_.push_back(one.object);
        continue;
      }
      if (one.at == fixture::state::coming_up && one.first_user == this) {
        awaited_ = one.shared_from_this();
        ++one.users;
        return false;
      }
      set_up_ = std::make_shared<scope_launch>(take_task("the set_up of its fixtures"));
      const running_scope running{set_up_->who};
      detail::start(set_up_, bring_up());
      return false;
    }
    return true;
  }
  void stop_awaiting() {
    if (const auto one = std::exchange(awaited_, nullptr)) --one->users;
  }
  asio::awaitable<void> bring_up() {
    while (objects_.size() < wanted_.size()) {
      void* const object = co_await use(*wanted_[objects_.size()], test_.record->where);
      objects_.push_back(object);
    }
  }
  void* const* arguments() const { return objects_.data() + first_argument_; }

  void begin_body() {
    ++phase_;
    const auto& record = *test_.record;
    const auto* parameters = record.parameters;
    const bool plain = record.plain || (parameters && parameters->plain);
    const running_scope running{body_task_};
    const activity doing{home().activity(), plain ? loop_work::piece : loop_work::handler, body_task_};
    if (plain) {
      try {
        if (parameters)
          parameters->plain(arguments(), test_.values.get());
        else
          record.plain();
      } catch (const task_ended&) {
        body_failed_ = true;
      } catch (...) {
        body_failed_ = true;
        findings_.report_exception(std::current_exception(), "", body_task_);
      }
      next_phase(started_);
      return;
    }
    body_ = std::make_shared<scope_launch>(body_task_);
    body_->is_body = true;
    detail::start(body_, parameters ? parameters->async(arguments(), test_.values.get()) : record.async());
  }

  void step_own(time_point now) override {
    if (*phase_ == test_phase::set_up) return step_set_up(now);
    if (!body_ || !body_->is_over() || (cancelled_ && any_coming_up())) return;
    body_failed_ = body_->how != launch::end::completed;
    findings_.judge_end(*body_, body_->how == launch::end::dropped ? "the body" : "");
    next_phase(now);
  }
  void step_set_up(time_point now) {
    if (set_up_ ? !set_up_->is_over() : awaited_->at == fixture::state::coming_up) return;
    if (any_coming_up()) return;
    const bool fine = !cancelled_ && !left_something();
    if (fine && (set_up_ ? set_up_->how == launch::end::completed : have_all())) {
      limits_.start(now);
      return begin_body();
    }
    if (fine && (awaited_ || !set_up_->ended())) return;  // for the next one
    if (fine) findings_.judge_end(*set_up_, "");
    stop_awaiting();
    body_failed_ = true;
    ++phase_;  // there is no body
    next_phase(now);
  }
  /// Cancelled, a set_up may take longer to end than the wait for it.
  bool any_coming_up() {
    bool any = false;
    store_.for_each_coming_up(*this, [&](fixture&) { any = true; });
    return any;
  }
  /// Under guard_. A loop that does not heed its cancellation fails in each turn: of an assertion, the first failure is kept.
  bool repeats_itself(const location& where) {
    return failed_since_cancelled_ && !failed_since_cancelled_->emplace(where.file, where.line).second;
  }
  void cancel_own() override {
    {
      const uninterrupted_lock lock{guard_};
      if (!failed_since_cancelled_) failed_since_cancelled_.emplace();
    }
    store_.for_each_coming_up(*this, [](fixture& one) {
      if (one.hook) detail::request_cancel(*one.hook);
    });
    if (set_up_) detail::request_cancel(*set_up_);
    if (body_) detail::request_cancel(*body_);
  }
  void give_up_own() override {
    if (set_up_) set_up_->given_up = true;
    if (body_) body_->given_up = true;
    store_.for_each_coming_up(*this, [&](fixture& one) { one.home.give_up_coming_up(one); });
  }
  void add_own_waits(collected_waits& out) override {
    if (body_) out.add(*body_, "");
    store_.for_each_coming_up(*this, [&](fixture& one) {
      if (one.hook) out.add(*one.hook, one.name() + " (set_up)");
    });
  }
  void late(time_point now) override {
    failure made;
    made.kind = failure_kind::timeout;
    made.ended = {conclusion::late, *phase_, limits_.told(conclusion::late, *phase_),
                  (now - started_).count()};
    made.where = test_.record->where;
    report(std::move(made));
  }

  const selected_test& test_;
  const test_info& info_;
  const planned_attempt attempt_;
  failure_listener& listener_;
  task_ref body_task_;
  std::shared_ptr<scope_launch> set_up_;
  std::shared_ptr<scope_launch> body_;
  std::vector<const fixture_type*> wanted_;  // first those of uses<T>(), then those of its parameters
  std::vector<void*> objects_;
  std::shared_ptr<fixture> awaited_;
  std::size_t first_argument_ = 0;
  bool body_failed_ = false;  // or has not begun
  bool skipped_ = false;

  std::atomic<std::uint64_t> failed_checks_{0};
  // Under guard_:
  std::vector<failure> failures_;
  static_assert(most_failures <= 255);
  std::array<std::uint8_t, failure_kinds> known_{};  // how many of each kind are among them
  std::uint64_t more_failures_ = 0;
  std::optional<std::set<std::pair<const char*, unsigned>>> failed_since_cancelled_;  // where assertions have
  std::string skip_reason_;
};

}  // namespace awaitest::detail
