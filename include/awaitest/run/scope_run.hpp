// What a test and a wider scope have in common: children, cleanups and fixtures, wound down in phases, each entered
// whatever happened before, and the check for leaks at their end.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "../loop/children.hpp"
#include "../loop/fixtures.hpp"
#include "../loop/loop.hpp"
#include "../model/event.hpp"
#include "print.hpp"
#include "selection.hpp"
#include "temp_dir.hpp"

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

/// What happens is reported in the phase in which it does. The loop's thread only, but for report(), skip(),
/// add_cleanup() and temp_dir().
class scope_run : public test_scope {
 public:
  using clock = std::chrono::steady_clock;
  using time_point = clock::time_point;
  /// To end after a cancellation.
  static constexpr std::chrono::nanoseconds drain_limit = std::chrono::seconds{1};
  /// For all cleanups, and again for all tear_downs.
  static constexpr std::chrono::nanoseconds cleanup_limit = std::chrono::seconds{10};
  static constexpr std::chrono::nanoseconds leak_limit = std::chrono::milliseconds{50};

  /// The scopes that something has happened to since they were last stepped.
  struct progress_queue {
    std::vector<scope_run*> waiting;
    void forget(scope_run& which) { std::erase(waiting, &which); }
  };

  scope_run(loop& home, progress_queue& queue, std::uint64_t seed, scope level, fixture_store* wider)
      : test_scope{home}, store_{level, *this, wider}, queue_{queue}, seed_{seed}, random_{seed} {}
  scope_run(const scope_run&) = delete;
  scope_run& operator=(const scope_run&) = delete;

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

  time_point deadline() const { return deadline_; }
  /// The moment after which the loop itself must be blocked: everything that a deadline can bring has had its time.
  time_point blocked_after() const {
    if (timeout_ <= 0 || deadline_ == time_point::max()) return time_point::max();
    const auto patience =
        std::max<std::chrono::nanoseconds>(std::chrono::nanoseconds{timeout_}, std::chrono::seconds{5});
    return later(later(deadline_, patience), drain_limit);
  }

  /// The deadline has passed.
  void expire(time_point now) {
    if (phase_ == phase::leaks) return leaks_are_due();
    if (cancelled_) return give_up();
    std::string limit;
    const bool closing_down = phase_ == phase::cleanups || phase_ == phase::tear_down;
    put_duration(limit, static_cast<long long>(closing_down ? cleanup_limit.count() : timeout_), 1,
                 1'000'000'000);
    failure what;
    what.kind = failure_kind::timeout;
    switch (phase_) {
      case phase::set_up:
        what.message = fmt::format("the set_up of its fixtures has not ended after {}", limit);
        break;
      case phase::cleanups: what.message = fmt::format("a cleanup has not ended after {}", limit); break;
      case phase::tear_down: what.message = fmt::format("a tear_down has not ended after {}", limit); break;
      default: what.message = fmt::format("timed out after {}", limit); break;
    }
    report_with_waits(std::move(what));
    cancel_phase(now);
  }

  /// Nothing can ever wake it: found when nothing was ready, no I/O, no timer and no other thread was at work.
  void stuck(time_point now) {
    if (phase_ == phase::leaks) return leaks_are_due();
    if (phase_ == phase::open) return;
    if (cancelled_) return give_up();
    failure what;
    what.kind = failure_kind::stuck;
    switch (phase_) {
      case phase::set_up:
        what.message = "the set_up of its fixtures is stuck: nothing can ever wake it";
        break;
      case phase::body: what.message = "the body is stuck: nothing can ever wake it"; break;
      case phase::cleanups: what.message = "a cleanup is stuck: nothing can ever wake it"; break;
      case phase::tear_down: what.message = "a tear_down is stuck: nothing can ever wake it"; break;
      default: what.message = "the body is done, but a child is stuck: nothing can ever wake it"; break;
    }
    report_with_waits(std::move(what));
    cancel_phase(now);
  }

  /// Waiting for what is outstanding to end by itself: to be asked again whenever anything has happened.
  bool looks_for_leaks() const { return phase_ == phase::leaks; }
  bool left_something() const { return left_something_; }
  /// Whether nothing else on the loop has I/O of its own, so that the io_context is to be clean at the end.
  void alone_on_the_loop(bool alone) { alone_ = alone; }

  /// Ends every use of its tasks; what is still suspended in waiting lists is destroyed.
  void retire() {
    queued_ = true;  // nobody steps it any more
    while (auto* one = abandonable()) one->abandon();
    for (const auto& one : tasks)
      if (alive(one)) task_slots().give_back(one);
    tasks.clear();
    children.clear();
    queue_.forget(*this);
  }

  // --- test_scope ---

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
  std::uint64_t seed() const override { return seed_; }
  random_engine& random() override { return random_; }
  std::string temp_dir() override { return folder_.path(name()); }

 protected:
  ~scope_run() = default;

  struct scope_launch final : launch {
    using launch::launch;
    bool is_body = false;
    void on_end() override {
      if (!alive(who)) return;
      if (is_body) who.slot->scope->winding_down = true;  // before anybody learns that its locals are gone
      who.slot->scope->progressed();
    }
  };

  struct cleanup_entry {
    std::unique_ptr<cleanup_action> action;
    location where;
  };

  /// The phases before the common ones.
  virtual void step_own(time_point now) = 0;
  virtual void cancel_own() = 0;
  /// What the scope itself waits for, line by line.
  virtual void own_waits(std::string& out) = 0;
  virtual void give_up_own() = 0;
  virtual void late(time_point) {}
  virtual location place_of() const = 0;
  virtual bool leaks_allowed() const = 0;
  virtual phase after(phase done) const = 0;

  task_ref take_task(std::string label) {
    const auto taken = task_slots().take(home(), *this, std::move(label));
    tasks.push_back(taken);
    return taken;
  }
  static task_pool& task_slots() { return detail::tasks(); }

  void next_phase(time_point now) {
    phase_ = after(phase_);
    winding_down = phase_ != phase::body;
    // A cancellation ends with what it was for: winding down has a time of its own.
    if (phase_ == phase::cleanups || phase_ == phase::tear_down || phase_ == phase::leaks) cancelled_ = false;
    const bool work =
        phase_ == phase::cleanups ? has_cleanups() : phase_ == phase::tear_down && !store_.empty();
    if (work) deadline_ = timeout_ > 0 ? now + cleanup_limit : time_point::max();
  }

  // Children whose body has failed would wait for ever for what it was to do: they are cancelled.
  void step_children(time_point now) {
    if (body_failed_ && !std::exchange(children_cancelled_, true))
      for_each_child([](child_state& child) {
        if (!child.background) request_cancel(child);
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
        if ((child.background || ends_children_) && !child.cancelled) request_cancel(child);
      });
      if ((running_children == 0 || ends_children_) && !std::exchange(cancelled_, true))
        deadline_ = now + drain_limit;
      return false;
    }
    for (const auto& child : children) judge(*child);
    return true;
  }

  void step_cleanups(time_point now) {
    if (cleanup_ && !cleanup_->ended() && !cleanup_abandoned_) return;
    if (cleanup_) {
      judge_end(*cleanup_, "the cleanup added at " + place(cleanup_where_));
      cleanup_.reset();
    }
    cleanup_abandoned_ = false;
    for (cleanup_entry next; take_cleanup(next);) {
      cleanup_where_ = next.where;
      const auto label = "the cleanup added at " + place(next.where);
      const auto who = take_task(label);
      const running_scope running{who};
      asio::awaitable<void> work;
      try {
        if (!next.action->run(work)) continue;
      } catch (const task_ended&) {
        continue;
      } catch (...) {
        report_exception(std::current_exception(), label, who);
        continue;
      }
      cleanup_ = std::make_shared<scope_launch>(who);
      cleanup_action_ = std::move(next.action);
      start(cleanup_, std::move(work));
      if (!cleanup_->ended()) return;
      judge_end(*cleanup_, label);
      cleanup_.reset();
    }
    if (ends_children_ || children_have_ended(now)) next_phase(now);  // a cleanup may have spawned some
  }
  /// The newest, if there is one; a thread of the test may be adding another.
  bool take_cleanup(cleanup_entry& into) {
    const std::lock_guard lock{guard_};
    if (cleanups_.empty()) return false;
    into = std::move(cleanups_.back());
    cleanups_.pop_back();
    return true;
  }
  bool has_cleanups() {
    const std::lock_guard lock{guard_};
    return !cleanups_.empty();
  }

  void step_tear_down(time_point now) {
    if (store_.step_down() && children_have_ended(now)) next_phase(now);
  }

  void step_leaks(time_point now) {
    if (ready == 0 && clean()) return next_phase(now);
    const bool expected = leaks_allowed() || abandoned_ || lost_;
    if (!std::exchange(leaks_seen_, true))
      deadline_ = now + (expected ? std::chrono::nanoseconds{} : leak_limit);
    if (!leaks_due_) return;
    left_something_ = true;
    if (!expected) {
      failure what;
      what.kind = failure_kind::leak;
      what.message =
          "a coroutine or an operation has outlived it: await it, cancel it, or give it to "
          "spawn_background()";
      report_with_waits(std::move(what));
    }
    next_phase(now);
  }
  void leaks_are_due() {
    leaks_due_ = true;
    progressed();
  }
  bool clean() const {
    for (const auto& one : tasks)
      if (one.slot->work.load(std::memory_order_acquire) != 0) return false;
    return !alone_ || home().io_is_clean();
  }

  /// Says at once what became of those that have ended and that nobody has joined.
  void judge_ended_children() {
    for (const auto& child : children)
      if (child->ended()) judge(*child);
    std::erase_if(children, [](const auto& child) { return child->ended(); });
  }
  void judge(child_state& child) {
    if (std::exchange(child.judged, true) || (child.joined && child.ended())) return;
    judge_end(child, child.who.slot->label);
  }
  void judge_end(launch& ended, const std::string& label) {
    switch (ended.how) {
      case launch::end::threw:
        if (!is_task_end(ended.error) && !(ended.cancelled && is_abort(ended.error)))
          report_exception(ended.error, label, ended.who);
        break;
      case launch::end::dropped:
        if (!ended.cancelled) report_dropped(label);
        break;
      case launch::end::running:
      case launch::end::completed: break;
    }
  }

  void cancel_phase(time_point now) {
    cancelled_ = true;
    deadline_ = now + drain_limit;
    if (phase_ == phase::cleanups) {
      if (cleanup_) request_cancel(*cleanup_);
    }
    if (phase_ == phase::tear_down) {
      if (const auto hook = store_.going_down()) request_cancel(*hook);
    }
    cancel_own();
    for_each_child([](child_state& child) {
      if (!child.background) request_cancel(child);
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

  // A child that starts another while this runs appends to the list.
  template <class F>
  void for_each_child(F f) {
    for (std::size_t i = 0; i < children.size(); ++i) {
      const auto child = children[i];
      f(*child);
    }
  }

  void put_wait(std::string& out, const std::string& label, const launch& which) {
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
  }
  void report_with_waits(failure what) {
    own_waits(what.message);
    for_each_child([&](child_state& child) { put_wait(what.message, child.who.slot->label, child); });
    if (cleanup_) put_wait(what.message, cleanup_->who.slot->label, *cleanup_);
    if (const auto hook = store_.going_down())
      put_wait(what.message, hook->who.slot->label + " (tear_down)", *hook);
    what.where = place_of();
    report(std::move(what));
  }

  pending* abandonable() {
    pending* found = nullptr;
    for_each_pending([&](pending& p) {
      if (p.can_abandon()) found = &p;
    });
    return found;
  }

  void report_exception(const std::exception_ptr& what, std::string label, task_ref who = {}) {
    failure made;
    if (const held_task held{who}) made.notes = held->unwound;
    made.kind = failure_kind::exception;
    try {
      std::rethrow_exception(what);
    } catch (const fixture_error& e) {
      made.kind = failure_kind::fixture;
      made.message = e.what();
    } catch (...) {
      made.message = text_of(what);
    }
    made.task = std::move(label);
    made.where = place_of();
    report(std::move(made));
  }
  void report_dropped(const std::string& label) {
    failure made;
    made.kind = failure_kind::dropped;
    made.message =
        label +
        " never completed: its coroutine was destroyed while it was suspended, because a completion "
        "handler was dropped without being called";
    made.where = place_of();
    report(std::move(made));
  }

  fixture_store store_;
  progress_queue& queue_;
  std::uint64_t seed_;
  random_engine random_;
  temp_folder folder_;
  std::int64_t timeout_ = 0;
  time_point deadline_ = time_point::max();
  phase phase_ = phase::set_up;
  bool alone_ = true;
  bool queued_ = false;
  bool cancelled_ = false;  // in this phase; the deadline is that of the draining
  bool abandoned_ = false;  // the body or a child has not ended after it was cancelled
  bool lost_ = false;       // anything has not
  bool body_failed_ = false;
  bool ends_children_ =
      false;  // none is awaited: a wider scope's serve its tests, and end after its tear_downs
  bool children_cancelled_ = false;
  bool cleanup_abandoned_ = false;  // the cleanup under way
  bool leaks_seen_ = false;
  bool leaks_due_ = false;  // what is outstanding now has had its time to end
  bool left_something_ = false;
  std::shared_ptr<scope_launch> cleanup_;
  std::unique_ptr<cleanup_action> cleanup_action_;
  location cleanup_where_;

  mutable std::mutex guard_;  // of what other threads may touch:
  std::vector<cleanup_entry> cleanups_;
};

}  // namespace awaitest::detail
