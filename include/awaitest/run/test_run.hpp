// One attempt at one test, from its body to the check for leaks.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "../loop/children.hpp"
#include "../loop/loop.hpp"
#include "../model/event.hpp"
#include "print.hpp"
#include "selection.hpp"
#include "temp_dir.hpp"

namespace awaitest::detail {

/// Body, children, background children, cleanups, leaks: in this order, each phase entered whatever happened before.
/// What happens is reported in the phase in which it does. The loop's thread only, but for report() and skip().
class test_run final : public test_scope {
 public:
  using clock = std::chrono::steady_clock;
  using time_point = clock::time_point;
  static constexpr std::chrono::nanoseconds drain_limit =
      std::chrono::seconds{1};  ///< to end after a cancellation
  static constexpr std::chrono::nanoseconds cleanup_limit = std::chrono::seconds{10};  ///< for all cleanups
  static constexpr std::chrono::nanoseconds leak_limit = std::chrono::milliseconds{50};

  struct progress_queue {
    std::vector<test_run*> waiting;
  };

  test_run(loop& home, progress_queue& queue, const selected_test& which, const test_info& info,
           std::uint64_t seed, std::int64_t default_timeout)
      : test_scope{home}, queue_{queue}, test_{which}, info_{info}, seed_{seed}, random_{seed} {
    timeout_ = which.options().timeout >= 0 ? which.options().timeout : default_timeout;
  }
  test_run(const test_run&) = delete;
  test_run& operator=(const test_run&) = delete;
  ~test_run() { retire(); }

  // --- what the worker does with it ---

  void begin(time_point now) {
    started_ = now;
    deadline_ = timeout_ > 0 ? now + std::chrono::nanoseconds{timeout_} : time_point::max();
    body_task_ = tasks_take("");
    const auto& record = *test_.record;
    const running_scope running{body_task_};
    if (record.plain) {
      try {
        record.plain();
      } catch (const task_ended&) {
      } catch (...) {
        body_failed_ = true;
        report_exception(std::current_exception(), "");
      }
      enter(phase::children);
    } else {
      body_ = std::make_shared<body_launch>(body_task_);
      start(body_, record.async());
    }
    progressed();
  }

  /// Goes on as far as it can without waiting. True when it is over.
  bool step(time_point now) {
    for (;;) {
      const auto before = phase_;
      switch (phase_) {
        case phase::body: step_body(); break;
        case phase::children: step_children(now); break;
        case phase::background: step_background(); break;
        case phase::cleanups: step_cleanups(now); break;
        case phase::leaks: step_leaks(now); break;
        case phase::over: return true;
      }
      if (phase_ == before) return phase_ == phase::over;
    }
  }

  time_point deadline() const { return deadline_; }
  /// The moment after which the loop itself must be blocked: everything that a deadline can bring has had its time.
  time_point blocked_after() const {
    if (timeout_ <= 0) return time_point::max();
    const auto patience =
        std::max<std::chrono::nanoseconds>(std::chrono::nanoseconds{timeout_}, std::chrono::seconds{5});
    return deadline_ + patience + drain_limit;
  }

  /// The deadline has passed.
  void expire(time_point now) {
    if (phase_ == phase::leaks) return leaks_are_due();
    if (cancelled_) return give_up();
    failure what;
    what.kind = failure_kind::timeout;
    std::string limit;
    put_duration(limit, static_cast<long long>(phase_ == phase::cleanups ? cleanup_limit.count() : timeout_),
                 1, 1'000'000'000);
    what.message = phase_ == phase::cleanups ? fmt::format("a cleanup has not ended after {}", limit)
                                             : fmt::format("timed out after {}", limit);
    what.message += who_waits();
    report_of_test(std::move(what));
    cancel_all(now);
  }

  /// Nothing can ever wake this test: found when nothing was ready, no I/O, no timer and no other thread was at work.
  void stuck(time_point now) {
    if (phase_ == phase::leaks) return leaks_are_due();
    if (cancelled_) return give_up();
    failure what;
    what.kind = failure_kind::stuck;
    switch (phase_) {
      case phase::body: what.message = "the body is stuck: nothing can ever wake it"; break;
      case phase::cleanups: what.message = "a cleanup is stuck: nothing can ever wake it"; break;
      default: what.message = "the body is done, but a child is stuck: nothing can ever wake it"; break;
    }
    what.message += who_waits();
    report_of_test(std::move(what));
    cancel_all(now);
  }

  bool over() const { return phase_ == phase::over; }
  /// Waiting for what is outstanding to end by itself: to be asked again whenever anything has happened.
  bool looks_for_leaks() const { return phase_ == phase::leaks; }
  bool left_something() const { return left_something_; }
  bool failed() const { return !failures_.empty(); }
  bool skipped() const { return skipped_; }
  const std::string& skip_reason() const { return skip_reason_; }
  task_ref body_task() const { return body_task_; }
  std::vector<failure> take_failures() { return std::move(failures_); }
  std::uint64_t count_checks() const {
    std::uint64_t sum = checks_elsewhere.load(std::memory_order_relaxed) + failed_checks_;
    for (const auto& one : tasks) sum += one.slot->checks;
    return sum;
  }
  time_point started() const { return started_; }
  /// A copy of what has failed so far, from any thread: for a process that is about to end.
  std::vector<failure> failures_so_far() {
    const std::lock_guard lock{guard_};
    return failures_;
  }

  /// Ends every use of its tasks; what is still suspended in waiting lists is destroyed.
  void retire() {
    queued_ = true;  // nobody steps it any more
    while (auto* one = abandonable()) one->abandon();
    for (const auto& one : tasks)
      if (alive(one)) tasks_pool().give_back(one);
    tasks.clear();
    children.clear();
  }

  // --- test_scope ---

  void report(failure&& what) override {
    what.elapsed = (clock::now() - started_).count();
    const std::lock_guard lock{guard_};
    if (what.kind == failure_kind::assertion || what.kind == failure_kind::explicitly) ++failed_checks_;
    failures_.push_back(std::move(what));
  }
  void skip(std::string reason) override {
    const std::lock_guard lock{guard_};
    if (!skipped_) skip_reason_ = std::move(reason);
    skipped_ = true;
  }
  void escaped(std::exception_ptr what) override {
    if (!is_task_end(what)) report_exception(what, "a handler");
  }
  void progressed() override {
    if (std::exchange(queued_, true)) return;
    queue_.waiting.push_back(this);
  }
  void unqueue() { queued_ = false; }
  void add_cleanup(std::unique_ptr<cleanup_action> action, location where) override {
    const std::lock_guard lock{guard_};
    cleanups_.push_back({std::move(action), where});
  }
  const std::string& name() const override { return info_.name; }
  std::uint64_t seed() const override { return seed_; }
  random_engine& random() override { return random_; }
  std::string temp_dir() override { return folder_.path(info_.name); }
  /// Removes the directory of temp_dir(), or says where it is.
  void settle_temp_dir(bool keep) {
    if (!folder_.made()) return;
    if (!keep) return folder_.remove();
    const std::lock_guard lock{guard_};
    if (!failures_.empty()) failures_.back().notes.push_back({{}, "temp_dir() kept at " + folder_.path({})});
  }

 private:
  enum class phase : std::uint8_t { body, children, background, cleanups, leaks, over };

  struct body_launch final : launch {
    using launch::launch;
    void on_end() override {
      if (alive(who)) who.slot->scope->progressed();
    }
  };
  struct cleanup_entry {
    std::unique_ptr<cleanup_action> action;
    location where;
  };

  static task_pool& tasks_pool() { return detail::tasks(); }
  task_ref tasks_take(std::string label) {
    const auto taken = tasks_pool().take(home(), *this, std::move(label));
    tasks.push_back(taken);
    return taken;
  }

  void enter(phase next) {
    phase_ = next;
    // A cancellation ends with what it was for: cleanups have a time of their own.
    if (next == phase::cleanups || next == phase::leaks) cancelled_ = false;
  }

  void step_body() {
    if (!body_->ended() && !abandoned_) return;
    if (body_->how == launch::end::threw && !is_task_end(body_->error) &&
        !(body_->cancelled && is_abort(body_->error)))
      report_exception(body_->error, "");
    if (body_->how == launch::end::dropped) report_dropped("the body");
    body_failed_ = body_->how != launch::end::completed;
    enter(phase::children);
  }

  // Children whose body has failed would wait for ever for what it was to do: they are cancelled.
  void step_children(time_point now) {
    if (body_failed_ && !std::exchange(children_cancelled_, true))
      for_each_child([](child_state& child) {
        if (!child.background && !child.ended()) child.cancel();
      });
    bool running = false;
    for_each_child([&](child_state& child) { running = running || (!child.background && !child.ended()); });
    if (running && !abandoned_) return;
    if (now > deadline_ && !cancelled_) report_late(now);
    enter(phase::background);
    for_each_child([](child_state& child) {
      if (!child.ended()) child.cancel();
    });
  }

  void step_background() {
    bool running = false;
    for_each_child([&](child_state& child) { running = running || !child.ended(); });
    if (running && !abandoned_) {
      if (!std::exchange(cancelled_, true)) deadline_ = clock::now() + drain_limit;
      return;
    }
    for (const auto& child : children) judge(*child);
    enter(phase::cleanups);
  }

  void step_cleanups(time_point now) {
    if (cleanup_ && !cleanup_->ended() && !cleanup_abandoned_) return;
    if (cleanup_) {
      judge_end(*cleanup_, "the cleanup added at " + place(cleanup_where_));
      cleanup_.reset();
    } else if (!cleanups_.empty() && timeout_ > 0) {
      deadline_ = now + cleanup_limit;
    }
    cleanup_abandoned_ = false;
    while (!cleanups_.empty()) {
      auto next = std::move(cleanups_.back());
      cleanups_.pop_back();
      cleanup_where_ = next.where;
      const auto label = "the cleanup added at " + place(next.where);
      const auto who = tasks_take(label);
      const running_scope running{who};
      asio::awaitable<void> work;
      try {
        if (!next.action->run(work)) continue;
      } catch (const task_ended&) {
        continue;
      } catch (...) {
        report_exception(std::current_exception(), label);
        continue;
      }
      cleanup_ = std::make_shared<body_launch>(who);
      cleanup_action_ = std::move(next.action);
      start(cleanup_, std::move(work));
      if (!cleanup_->ended()) return;
      judge_end(*cleanup_, label);
      cleanup_.reset();
    }
    enter(phase::leaks);
  }

  void step_leaks(time_point now) {
    if (ready == 0 && clean()) return enter(phase::over);
    const bool expected = test_.options().allow_leaks || abandoned_ || cleanup_lost_;
    if (!std::exchange(leaks_seen_, true))
      deadline_ = now + (expected ? std::chrono::nanoseconds{} : leak_limit);
    if (!leaks_due_) return;
    left_something_ = true;
    if (!expected) {
      failure what;
      what.kind = failure_kind::leak;
      what.message =
          "a coroutine or an operation has outlived the test: await it, cancel it, or give it to "
          "spawn_background()";
      what.message += who_waits();
      report_of_test(std::move(what));
    }
    enter(phase::over);
  }
  void leaks_are_due() {
    leaks_due_ = true;
    progressed();
  }
  bool clean() const {
    for (const auto& one : tasks)
      if (one.slot->work.load(std::memory_order_acquire) != 0) return false;
    return home().io_is_clean();
  }
  void judge(child_state& child) {
    if (child.joined && child.ended()) return;
    judge_end(child, child.who.slot->label);
  }
  void judge_end(launch& ended, const std::string& label) {
    switch (ended.how) {
      case launch::end::threw:
        if (!is_task_end(ended.error) && !(ended.cancelled && is_abort(ended.error)))
          report_exception(ended.error, label);
        break;
      case launch::end::dropped:
        if (!ended.cancelled) report_dropped(label);
        break;
      case launch::end::running:
      case launch::end::completed: break;
    }
  }

  void cancel_all(time_point now) {
    cancelled_ = true;
    deadline_ = now + drain_limit;
    if (phase_ == phase::cleanups) {
      if (cleanup_) cleanup_->cancel();
      return;
    }
    if (body_ && !body_->ended()) body_->cancel();
    for_each_child([](child_state& child) {
      if (!child.ended() && !child.background) child.cancel();
    });
    progressed();
  }

  /// It was cancelled and has not ended: it is left behind, to be destroyed with the loop's io_context.
  void give_up() {
    failure what;
    what.kind = failure_kind::leak;
    what.message = "it has not ended after it was cancelled, and was destroyed";
    what.message += who_waits();
    report_of_test(std::move(what));
    left_something_ = true;
    cancelled_ = false;
    if (phase_ == phase::cleanups) {
      cleanup_abandoned_ = cleanup_lost_ = true;
    } else {
      abandoned_ = true;
    }
    progressed();
  }

  // A child that starts another while this runs appends to the list.
  template <class F>
  void for_each_child(F f) {
    for (std::size_t i = 0; i < children.size(); ++i) {
      const auto child = children[i];
      f(*child);
    }
  }

  std::string who_waits() {
    std::string out;
    const auto one = [&](const std::string& label, const launch& which) {
      if (which.ended()) return;
      bool known = false;
      for_each_pending([&](const pending& p) {
        if (p.who.slot != which.who.slot) return;
        known = true;
        out += fmt::format("\n{} waits in {} at {}", label, p.what, place(p.where));
        if (p.made.line != 0 && p.what != std::string_view{"settle"})
          out += fmt::format(" (made at {})", place(p.made));
      });
      if (!known) out += fmt::format("\n{} waits for an operation of Asio or for another coroutine", label);
    };
    if (body_) one("the body", *body_);
    for_each_child([&](child_state& child) { one(child.who.slot->label, child); });
    if (cleanup_) one(cleanup_->who.slot->label, *cleanup_);
    return out;
  }

  pending* abandonable() {
    pending* found = nullptr;
    for_each_pending([&](pending& p) {
      if (p.can_abandon()) found = &p;
    });
    return found;
  }

  static bool is_task_end(const std::exception_ptr& what) {
    if (!what) return false;
    try {
      std::rethrow_exception(what);
    } catch (const task_ended&) {
      return true;
    } catch (...) {
      return false;
    }
  }
  void report_exception(const std::exception_ptr& what, std::string label) {
    failure made;
    made.kind = failure_kind::exception;
    made.task = std::move(label);
    made.message = text_of(what);
    made.where = test_.record->where;
    report(std::move(made));
  }
  void report_late(time_point now) {
    failure made;
    made.kind = failure_kind::timeout;
    std::string limit, took;
    put_duration(limit, static_cast<long long>(timeout_), 1, 1'000'000'000);
    put_duration(took, static_cast<double>((now - started_).count()) / 1e6, 1, 1'000);
    made.message = fmt::format(
        "took {}, and its timeout is {}: a handler, or the whole test, has blocked its thread", took, limit);
    report_of_test(std::move(made));
  }
  void report_dropped(std::string label) {
    failure made;
    made.kind = failure_kind::dropped;
    made.message = label +
                   " never completed: its coroutine was destroyed while it was suspended, because a "
                   "completion handler was "
                   "dropped without being called";
    made.where = test_.record->where;
    report(std::move(made));
  }
  void report_of_test(failure what) {
    what.where = test_.record->where;
    report(std::move(what));
  }

  progress_queue& queue_;
  const selected_test& test_;
  const test_info& info_;
  std::uint64_t seed_;
  random_engine random_;
  temp_folder folder_;
  std::int64_t timeout_;
  time_point started_{};
  time_point deadline_{};
  phase phase_ = phase::body;
  bool queued_ = false;
  bool cancelled_ = false;  // in this phase; the deadline is that of the draining
  bool abandoned_ = false;  // the body or a child has not ended after it was cancelled
  bool body_failed_ = false;
  bool children_cancelled_ = false;
  bool cleanup_abandoned_ = false;  // the cleanup under way
  bool cleanup_lost_ = false;       // any cleanup
  bool leaks_seen_ = false;
  bool leaks_due_ = false;  // what is outstanding now has had its time to end
  bool left_something_ = false;
  bool skipped_ = false;
  task_ref body_task_;
  std::shared_ptr<body_launch> body_;
  std::shared_ptr<body_launch> cleanup_;
  std::unique_ptr<cleanup_action> cleanup_action_;
  location cleanup_where_;

  std::mutex guard_;  // of what other threads may touch:
  std::vector<failure> failures_;
  std::uint64_t failed_checks_ = 0;
  std::vector<cleanup_entry> cleanups_;
  std::string skip_reason_;
};

}  // namespace awaitest::detail
