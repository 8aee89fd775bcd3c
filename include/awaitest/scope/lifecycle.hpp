// The life of a test or a suite: its phases, each entered whatever happened before, and what ends one that does not end. Longer
// than other headers: all phases share one state, of what was cancelled, was given up and is left.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "../fixture/store.hpp"
#include "../loop/loop.hpp"
#include "cleanup_list.hpp"
#include "findings.hpp"
#include "forked.hpp"
#include "limits.hpp"
#include "phase.hpp"
#include "scope_launch.hpp"
#include "temp_dir.hpp"

namespace awaitest::detail {

/// A scope that lives: it knows its phases, its limits and its findings; what is particular to a test or a suite derives from it.
/// Each failure is reported in the phase in which it happens. The loop's thread only, but for report(), skip(), add_cleanup(),
/// temp_dir() and failed().
class lifecycle : public test_scope {
 public:
  using clock = std::chrono::steady_clock;
  using time_point = clock::time_point;

  /// The scopes that something has happened to since they were last stepped.
  struct progress_queue {
    std::vector<lifecycle*> waiting;
    void forget(lifecycle& which) { std::erase(waiting, &which); }
  };

  lifecycle(const lifecycle&) = delete;
  lifecycle& operator=(const lifecycle&) = delete;

  const scope_limits& limits() const noexcept { return limits_; }
  /// Whether it has had its time: see scope_limits.
  bool is_late(time_point now) { return limits_.passed(now); }
  bool is_late_by_the_machine(time_point real) { return limits_.passed_by_the_machine(real); }

  /// Goes on as far as it can without waiting. True when it is over. `alone`: nothing else on the loop has I/O of its own, so
  /// that the io_context is to be clean at the end.
  bool step(time_point now, bool alone) {
    for (;;) {
      const auto* const before = phase_;
      switch (*phase_) {
        case test_phase::set_up:
        case test_phase::body:
        case test_phase::open: step_own(now); break;
        case test_phase::children: step_children(now); break;
        case test_phase::background:
          if (children_have_ended()) next_phase(now);
          break;
        case test_phase::cleanups: step_cleanups(now); break;
        case test_phase::tear_down:
          if (store_.step_down() && children_have_ended()) next_phase(now);
          break;
        case test_phase::leaks: step_leaks(now, alone); break;
        case test_phase::over: break;
      }
      if (phase_ == before) return *phase_ == test_phase::over;
    }
  }
  /// Ends the wait for it: all that waits is told and cancelled; or is left behind, if it has been cancelled before.
  void conclude(conclusion why, time_point now, const evidence& found = {}) {
    if (*phase_ == test_phase::leaks) return leaks_are_due(now);
    if (*phase_ == test_phase::open && why == conclusion::stuck) return;
    if (cancelled_) return give_up();
    if (why == conclusion::stuck && moves_time_by_hand()) why = conclusion::stuck_by_hand;
    report_waiting(why, found);
    cancel_phase(clock::now());  // names may have taken a while
  }
  /// Somebody ends the process: all that waits is told and cancelled. A scope that is being wound down goes on with that.
  void interrupt(const process_ending& by) {
    if (cancelled_ || *phase_ == test_phase::open || *phase_ >= test_phase::cleanups) return;
    failure what;
    what.kind = failure_kind::interrupted;
    what.ending = by;
    findings_.report_waiting(std::move(what), waits_now());
    cancel_phase(clock::now());
  }
  /// Waiting for what is outstanding to end by itself: to be asked again whenever anything has happened.
  bool looks_for_leaks() const { return *phase_ == test_phase::leaks; }
  /// Something of it is on the io_context for ever.
  bool left_something() const { return left_something_; }

  /// Ends every use of its tasks; what is still suspended in waiting lists is destroyed.
  void retire() {
    queued_ = true;  // nobody steps it any more
    home().forget(*this);
    while (auto* one = abandonable()) one->abandon();
    for (const auto& one : tasks)
      if (alive(one)) detail::tasks().give_back(one);
    tasks.clear();
    children.clear();
    queue_.forget(*this);
  }
  void unqueue() { queued_ = false; }

  // --- test_scope ---

  void escaped(std::exception_ptr what) override {
    if (!is_task_end(what)) findings_.report_exception(what, "a handler");
  }
  void progressed() override {
    if (std::exchange(queued_, true)) return;
    queue_.waiting.push_back(this);
  }
  void add_cleanup(std::unique_ptr<cleanup_action> action, location where) override {
    cleanups_.add({std::move(action), where});
  }
  std::string temp_dir() override { return folder_.path(name()); }
  bool moves_time_by_hand() const override { return false; }
  std::int64_t elapsed() const override { return (now_in(home()) - started_).count(); }

 protected:
  lifecycle(loop& home, progress_queue& queue, const test_phase* phases, scope_limits limits,
            std::uint64_t seed, scope level, fixture_store* wider, location place)
      : test_scope{home, seed},
        store_{level, *this, wider},
        limits_{limits},
        findings_{*this, place},
        phase_{phases},
        queue_{queue},
        serves_tests_{level != scope::test} {}
  ~lifecycle() = default;

  /// The phases before the common ones.
  virtual void step_own(time_point now) = 0;
  virtual void cancel_own() {}
  /// Ends the wait for what was cancelled.
  virtual void give_up_own() {}
  virtual void add_own_waits(collected_waits&) {}
  /// Whether nobody waits for its children any more, and they end at once.
  virtual bool body_failed() const { return false; }
  /// The body and its children have ended, later than they should.
  virtual void late(time_point) {}
  virtual bool leaks_allowed() const { return false; }

  /// By the clock of its tests: on another thread, too, whose own is the machine's.
  static time_point now_in(const loop& home) { return home.time() ? home.time()->now() : clock::now(); }

  task_ref take_task(std::string label, std::size_t placeless_label = std::string::npos) {
    const auto taken = detail::tasks().take(home(), *this, std::move(label), 0, placeless_label);
    tasks.push_back(taken);
    return taken;
  }
  void next_phase(time_point now) {
    if (forked_process::here()) forked_process::end();
    ++phase_;
    winding_down = *phase_ != test_phase::body;
    switch (*phase_) {
      // A cancellation ends with what it was for: winding down has a time of its own.
      case test_phase::cleanups:
        cancelled_ = false;
        if (!cleanups_.empty()) limits_.start_closing(now);
        break;
      case test_phase::tear_down:
        cancelled_ = false;
        if (!store_.empty()) limits_.start_closing(now);
        break;
      case test_phase::leaks:
        cancelled_ = false;
        limits_.set(now, leaks_expected() ? std::chrono::nanoseconds{} : limits::leak);
        break;
      default: break;
    }
  }

  time_point started_{};
  mutable std::mutex guard_;  // of what other threads may touch
  fixture_store store_;
  scope_limits limits_;
  findings findings_;
  temp_folder folder_;
  const test_phase* phase_;  // in test_phases or suite_phases
  bool cancelled_ = false;   // in this phase: the deadline is that of draining

 private:
  // A child that starts another while this runs appends to the list.
  template <class F>
  void for_each_child(F f) {
    for (std::size_t i = 0; i < children.size(); ++i) {
      const auto child = children[i];
      f(*child);
    }
  }
  collected_waits waits_now() {
    collected_waits waits;
    add_own_waits(waits);
    for_each_child([&](const child_state& child) { waits.add(child); });
    if (cleanup_) waits.add(*cleanup_, cleanup_->who.slot->label);
    if (const auto hook = store_.going_down()) waits.add(*hook, hook->who.slot->label + " (tear_down)");
    return waits;
  }
  void report_waiting(conclusion why, const evidence& found = {}) {
    failure what;
    what.kind = why == conclusion::given_up                                    ? failure_kind::leak
                : why == conclusion::stuck || why == conclusion::stuck_by_hand ? failure_kind::stuck
                                                                               : failure_kind::timeout;
    what.ended = {why,
                  *phase_,
                  limits_.told(why, *phase_),
                  0,
                  found.threads.all,
                  found.threads.unseen,
                  found.only_outsiders};
    what.sockets = found.sockets;
    findings_.report_waiting(std::move(what), waits_now());
  }

  // Children whose body has failed would wait for ever for what it was to do: they are cancelled.
  void step_children(time_point now) {
    if (body_failed())
      for_each_child([](child_state& child) {
        if (!child.background && !child.cancelled) detail::request_cancel(child);
      });
    if (running_children != 0) return;
    if (now > limits_.deadline() && !cancelled_ && !left_something_ && is_late(now)) late(now);
    next_phase(now);
  }
  /// Cancels the background children that are left, and reports on all once none is running.
  bool children_have_ended() {
    if (running_children + running_background == 0) {
      for (const auto& child : children) findings_.judge(*child);
      return true;
    }
    for_each_child([this](child_state& child) {
      if ((child.background || serves_tests_) && !child.cancelled) detail::request_cancel(child);
    });
    if ((running_children == 0 || serves_tests_) && !std::exchange(cancelled_, true))
      limits_.start_draining(clock::now());
    return false;
  }

  void step_cleanups(time_point now) {
    if (cleanup_ && !cleanup_->is_over()) return;
    if (cleanup_) end_cleanup();
    for (cleanup_entry next; cleanups_.take(next);) {
      const std::string placeless = "the cleanup";
      const auto label = placeless + " added at " + place_text(next.where);
      const auto who = take_task(label, placeless.size());
      const running_scope running{who};
      const activity doing{home().activity(), loop_work::piece, who};
      asio::awaitable<void> work;
      const std::shared_ptr<cleanup_action> action{
          std::move(next.action)};  // what it has captured may assert
      try {
        if (!action->run(work)) continue;
      } catch (const task_ended&) {
        continue;
      } catch (...) {
        findings_.report_exception(std::current_exception(), label, who);
        continue;
      }
      cleanup_ = std::make_shared<scope_launch>(who);
      cleanup_->keeps = action;
      detail::start(cleanup_, std::move(work));
      if (!cleanup_->ended()) return;
      end_cleanup();
    }
    if (serves_tests_ || children_have_ended()) next_phase(now);  // a cleanup may have spawned some
  }
  /// One that has not ended keeps its action for its coroutine.
  void end_cleanup() {
    findings_.judge_end(*cleanup_, cleanup_->who.slot->label);
    if (cleanup_->ended()) {
      const running_scope running{cleanup_->who};
      cleanup_->keeps.reset();
    }
    cleanup_.reset();
  }

  bool leaks_expected() const { return leaks_allowed() || left_something_; }
  void step_leaks(time_point now, bool alone) {
    come_to_its_end();
    if (ready.empty() && is_clean(alone)) return next_phase(now);
    if (leak_looks_ <= limits::leak_looks) return;
    if (!leaks_expected()) findings_.report_leaks(alone);
    left_something_ = true;
    next_phase(now);
  }
  /// Operations that are outstanding now have had their time to end.
  void leaks_are_due(time_point now) {
    const auto left = limits::leak_looks - leak_looks_;
    if (!leaks_expected() && left > 0 && !detail::no_thread_can_wake(limits::leak * left, nullptr)) {
      ++leak_looks_;
      return limits_.set(now, limits::leak);
    }
    leak_looks_ = limits::leak_looks + 1;
    progressed();
  }
  bool is_clean(bool alone) const {
    for (const auto& one : tasks)
      if (one.slot->work.load(std::memory_order_acquire) != 0) return false;
    return !alone || home().io_is_clean();
  }

  void cancel_phase(time_point now) {
    cancelled_ = true;
    limits_.start_draining(now);
    if (cleanup_) detail::request_cancel(*cleanup_);
    if (const auto hook = store_.going_down()) detail::request_cancel(*hook);
    cancel_own();
    for_each_child([](child_state& child) {
      if (!child.background) detail::request_cancel(child);
    });
    progressed();
  }
  /// Leaves behind what was cancelled and has not ended, to be destroyed with the loop's io_context.
  void give_up() {
    report_waiting(conclusion::given_up);
    left_something_ = true;
    cancelled_ = false;
    if (cleanup_) {
      cleanup_->given_up = true;
    } else if (*phase_ == test_phase::tear_down && !store_.empty()) {
      store_.give_up_going_down();
    } else {
      for_each_child([](child_state& child) { child.give_up(); });
      give_up_own();
    }
    progressed();
  }

  pending* abandonable() {
    pending* found = nullptr;
    for_each_pending([&](pending& p) {
      if (!found && p.claim_to_abandon()) found = &p;
    });
    return found;
  }

  progress_queue& queue_;
  bool queued_ = false;
  bool serves_tests_;  // a suite's
  bool left_something_ = false;
  int leak_looks_ = 0;  // more than limits::leak_looks: they are due
  std::shared_ptr<scope_launch> cleanup_;
  cleanup_list cleanups_;
};

}  // namespace awaitest::detail
