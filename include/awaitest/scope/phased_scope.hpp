// The phases in which a test or a wider scope is wound down, each entered whatever happened before.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "../author/check/print.hpp"
#include "../loop/loop.hpp"
#include "../model/text.hpp"
#include "../platform/limits.hpp"
#include "cleanup_list.hpp"
#include "forked.hpp"
#include "scope_failures.hpp"

namespace awaitest::detail {

enum class phase : std::uint8_t {
  set_up,
  body,
  open,
  children,
  background,
  cleanups,
  tear_down,
  leaks,
  over
};

/// Each failure is reported in the phase in which it happens. The loop's thread only.
class phased_scope : public scope_failures {
 public:
  using clock = std::chrono::steady_clock;
  using time_point = clock::time_point;

  /// Goes on as far as it can without waiting. True when it is over.
  bool step(time_point now) {
    for (;;) {
      const auto before = phase_;
      switch (phase_) {
        case phase::set_up:
        case phase::body:
        case phase::open: step_own(now); break;
        case phase::children: step_children(now); break;
        case phase::background: step_background(); break;
        case phase::cleanups: step_cleanups(now); break;
        case phase::tear_down: step_tear_down(now); break;
        case phase::leaks: step_leaks(now); break;
        case phase::over: return true;
      }
      if (phase_ == before) return phase_ == phase::over;
    }
  }

 protected:
  using scope_failures::scope_failures;
  ~phased_scope() = default;

  /// The phases before the common ones.
  virtual void step_own(time_point now) = 0;
  virtual void cancel_own() = 0;
  virtual void give_up_own() = 0;
  virtual void late(time_point) {}
  virtual bool leaks_allowed() const = 0;
  virtual phase after(phase done) const = 0;

  static constexpr auto no_limit = std::chrono::nanoseconds::max();
  /// In the scope's clock. In virtual time, also in the machine's: what is awaited may not move the clock at all.
  void set_limit(time_point now, std::chrono::nanoseconds limit) { set_limit(now, limit, limit); }
  void set_limit(time_point now, std::chrono::nanoseconds limit, std::chrono::nanoseconds real_limit) {
    deadline_ = later(now, limit);
    if (home().time()) real_deadline_ = later(real_now(), real_limit);
  }

  /// Virtual time costs nothing: winding down may take more of it.
  std::chrono::nanoseconds lenient(std::chrono::nanoseconds limit) const {
    return home().time() ? limit * 60 : limit;
  }
  std::string limit_words(std::chrono::nanoseconds limit) const {
    if (home().time()) return span_words(limit.count());
    std::string text;
    detail::put_duration(text, static_cast<long long>(limit.count()), 1, 1'000'000'000);
    return text;
  }
  bool limited() const { return (home().time() ? real_timeout_ : timeout_) > 0; }

  void next_phase(time_point now) {
    if (forked_process::here()) forked_process::end();
    phase_ = after(phase_);
    winding_down = phase_ != phase::body;
    // A cancellation ends with what it was for: winding down has a time of its own.
    if (phase_ == phase::cleanups || phase_ == phase::tear_down || phase_ == phase::leaks) cancelled_ = false;
    const bool work =
        phase_ == phase::cleanups ? !cleanups_.empty() : phase_ == phase::tear_down && !store_.empty();
    if (work)
      limited() ? set_limit(now, lenient(limits::closing), limits::closing) : set_limit(now, no_limit);
  }

  // Children whose body has failed would wait for ever for what it was to do: they are cancelled.
  void step_children(time_point now) {
    if (body_failed_ && !std::exchange(children_cancelled_, true))
      for_each_child([](child_state& child) {
        if (!child.background) detail::request_cancel(child);
      });
    if (running_children != 0 && !abandoned_) return;
    if (now > deadline_ && !cancelled_ && !abandoned_) late(now);
    next_phase(now);
  }

  void step_background() {
    const auto now = clock::now();
    if (children_have_ended(now)) next_phase(now);
  }
  /// Cancels the background children that are left, and reports on all once none is running.
  bool children_have_ended(time_point now) {
    if (running_children + running_background != 0 && !abandoned_) {
      for_each_child([&](child_state& child) {
        if ((child.background || ends_children_) && !child.cancelled) detail::request_cancel(child);
      });
      if ((running_children == 0 || ends_children_) && !std::exchange(cancelled_, true))
        set_limit(now, lenient(limits::drain), limits::drain);
      return false;
    }
    for (const auto& child : children) judge(*child);
    return true;
  }

  void step_cleanups(time_point now) {
    if (cleanup_ && !cleanup_->ended() && !cleanup_abandoned_) return;
    if (cleanup_) end_cleanup();
    cleanup_abandoned_ = false;
    for (cleanup_entry next; cleanups_.take(next);) {
      cleanup_where_ = next.where;
      const auto label = "the cleanup added at " + place_text(next.where);
      const auto who = take_task(label);
      const running_scope running{who};
      const handler_watch watch{home().slow(), loop_work::piece, who};
      asio::awaitable<void> work;
      const std::shared_ptr<cleanup_action> action{
          std::move(next.action)};  // what it has captured may assert
      try {
        if (!action->run(work)) continue;
      } catch (const task_ended&) {
        continue;
      } catch (...) {
        report_exception(std::current_exception(), label, who);
        continue;
      }
      cleanup_ = std::make_shared<scope_launch>(who);
      cleanup_->keeps = action;
      detail::start(cleanup_, std::move(work));
      if (!cleanup_->ended()) return;
      end_cleanup();
    }
    if (ends_children_ || children_have_ended(now)) next_phase(now);  // a cleanup may have spawned some
  }

  /// One that has not ended keeps its action for its coroutine.
  void end_cleanup() {
    judge_end(*cleanup_, "the cleanup added at " + place_text(cleanup_where_));
    if (cleanup_->ended()) {
      const running_scope running{cleanup_->who};
      cleanup_->keeps.reset();
    }
    cleanup_.reset();
  }

  void step_tear_down(time_point now) {
    if (store_.step_down() && children_have_ended(now)) next_phase(now);
  }

  void step_leaks(time_point now) {
    come_to_its_end();
    if (ready.empty() && clean()) return next_phase(now);
    const bool expected = leaks_allowed() || abandoned_ || lost_;
    if (!std::exchange(leaks_seen_, true))
      set_limit(now, expected ? std::chrono::nanoseconds{} : limits::leak);
    if (!leaks_due_) return;
    left_something_ = true;
    if (!expected) report_leaks(alone_);
    next_phase(now);
  }
  void leaks_are_due(time_point now) {
    const bool expected = leaks_allowed() || abandoned_ || lost_;
    if (!expected && leak_looks_ < limits::leak_looks &&
        !detail::no_thread_can_wake(limits::leak * (limits::leak_looks - leak_looks_))) {
      ++leak_looks_;
      return set_limit(now, limits::leak);
    }
    leaks_due_ = true;
    progressed();
  }
  bool clean() const {
    for (const auto& one : tasks)
      if (one.slot->work.load(std::memory_order_acquire) != 0) return false;
    return !alone_ || home().io_is_clean();
  }

  void cancel_phase(time_point now) {
    cancelled_ = true;
    set_limit(now, lenient(limits::drain), limits::drain);
    if (phase_ == phase::cleanups) {
      if (cleanup_) detail::request_cancel(*cleanup_);
    }
    if (phase_ == phase::tear_down) {
      if (const auto hook = store_.going_down()) request_cancel(*hook);
    }
    cancel_own();
    for_each_child([](child_state& child) {
      if (!child.background) detail::request_cancel(child);
    });
    progressed();
  }

  /// It was cancelled and has not ended: it is left behind, to be destroyed with the loop's io_context.
  void give_up() {
    failure what;
    what.kind = failure_kind::leak;
    what.message = "it has not ended after it was cancelled, and was destroyed";
    report_with_waits(std::move(what));
    left_something_ = true;
    cancelled_ = false;
    lost_ = true;
    if (phase_ == phase::cleanups) {
      cleanup_abandoned_ = true;
    } else if (phase_ == phase::tear_down) {
      store_.give_up_going_down();
    } else {
      abandoned_ = true;
      give_up_own();
    }
    progressed();
  }

  void closing_waits(wait_lines& out) override {
    if (cleanup_) put_wait(out, cleanup_->who.slot->label, *cleanup_);
    if (const auto hook = store_.going_down()) put_wait(out, hook->who.slot->label + " (tear_down)", *hook);
  }

  std::int64_t timeout_ = 0;
  std::int64_t real_timeout_ = 0;  // of virtual time: nanoseconds of the machine's clock; 0: none
  time_point deadline_ = time_point::max();
  time_point real_deadline_ = time_point::max();  // of virtual time
  phase phase_ = phase::set_up;
  bool alone_ = true;
  bool cancelled_ = false;  // in this phase; the deadline is that of the draining
  bool abandoned_ = false;  // the body or a child has not ended after it was cancelled
  bool lost_ = false;       // anything has not
  bool body_failed_ = false;
  bool ends_children_ =
      false;  // none is awaited: a wider scope's serve its tests, and end after its tear_downs
  bool children_cancelled_ = false;
  bool cleanup_abandoned_ = false;  // the cleanup under way
  bool leaks_seen_ = false;
  int leak_looks_ = 0;
  bool leaks_due_ = false;  // what is outstanding now has had its time to end
  bool left_something_ = false;
  std::shared_ptr<scope_launch> cleanup_;
  location cleanup_where_;
  cleanup_list cleanups_;
};

}  // namespace awaitest::detail
