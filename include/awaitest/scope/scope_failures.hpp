// The findings of a test or a suite: how its tasks ended, what threw, and who waits where.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "../author/check/print.hpp"
#include "../author/current/current.hpp"
#include "../fixture/store.hpp"
#include "../loop/launch.hpp"
#include "../model/event.hpp"
#include "../model/text.hpp"
#include "../platform/exceptions.hpp"
#include "leak_lines.hpp"
#include "wait_lines.hpp"

namespace awaitest::detail {

/// A scope with its fixtures and children, and the failures that are made of their ends. The loop's thread only.
class scope_failures : public test_scope {
 protected:
  scope_failures(loop& home, scope level, fixture_store* wider)
      : test_scope{home}, store_{level, *this, wider} {}
  ~scope_failures() = default;

  struct scope_launch final : launch {
    using launch::launch;
    bool is_body = false;
    void on_end() override {
      if (!alive(who)) return;
      if (is_body) who.slot->scope->winding_down = true;  // before anybody learns that its locals are gone
      who.slot->scope->progressed();
    }
  };

  /// Adds the scope's own waits.
  virtual void own_waits(wait_lines& out) = 0;
  /// Adds its waits after its children have ended.
  virtual void closing_waits(wait_lines& out) = 0;
  virtual location place_of() const = 0;
  /// Whether the test has failed by now: an exception that follows from a failure is none of its own then.
  virtual bool already_failed() const { return false; }

  task_ref take_task(std::string label) {
    const auto taken = task_slots().take(home(), *this, std::move(label));
    tasks.push_back(taken);
    return taken;
  }
  static task_pool& task_slots() { return detail::tasks(); }

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

  // A child that starts another while this runs appends to the list.
  template <class F>
  void for_each_child(F f) {
    for (std::size_t i = 0; i < children.size(); ++i) {
      const auto child = children[i];
      f(*child);
    }
  }

  static std::string words_for(const pending& one) {
    auto text = one.subject();
    if (one.where.line != 0) text += " at " + place_text(one.where);
    text += one.callers();
    const bool same_place = one.made.line == one.where.line && one.made.file == one.where.file;
    if (one.made.line != 0 && !same_place && one.what != std::string_view{"settle"})
      text += fmt::format(" ({} at {})", one.origin, place_text(one.made));
    return text;
  }
  /// The waits of the coroutine, as far as they are known.
  static std::vector<std::string> waits_of(const launch& which) {
    std::vector<std::string> waits;
    if (which.ended()) return waits;
    // A test waits for the hooks of wider fixtures, too, whose scope is another.
    which.who.slot->scope->for_each_pending([&](const pending& one) {
      if (one.who.slot == which.who.slot) waits.push_back("in " + words_for(one));
    });
    if (waits.empty()) waits.emplace_back("for an operation of Asio or for another coroutine");
    return waits;
  }
  static void put_wait(wait_lines& out, const std::string& label, const launch& which) {
    for (auto& wait : waits_of(which)) out.add(label, std::move(wait));
  }
  void report_with_waits(failure what) {
    what.elapsed = elapsed();
    look_up_callers();
    wait_lines lines;
    own_waits(lines);
    for_each_child([&](child_state& child) {
      for (auto& wait : waits_of(child)) lines.add(child, std::move(wait));
    });
    closing_waits(lines);
    what.message += lines.text();
    what.where = place_of();
    if (what.kind != failure_kind::leak) what.before = steps_to_tell();
    report(std::move(what));
  }
  void look_up_callers() {
    code_to_name code;
    for_each_pending([&](const pending& one) { one.add_callers(code); });
    if (code.look_up) code.look_up(code.points);
  }
  /// That a child was spawned is said already where it still waits.
  std::vector<happening> steps_to_tell() {
    return last_steps([&](const task* who, const char* verb) {
      return *verb || std::none_of(children.begin(), children.end(), [&](const auto& child) {
        return child->who.slot == who && !child->ended();
      });
    });
  }
  /// Reports what is still outstanding though nobody waits for it any more: counted and placed, as far as it is known. `alone`: nobody
  /// else has anything on the io_context.
  void report_leaks(bool alone) {
    const auto now = elapsed();
    look_up_callers();
    std::size_t coroutines = 0;
    leak_lines lines;
    for (const auto& one : tasks) {
      const bool idle = one.slot->work.load(std::memory_order_acquire) == 0;
      if (idle && !alone) continue;
      const auto whose = "of " + (one.slot->label.empty() ? std::string("the body") : one.slot->label);
      bool known = false;
      for_each_pending([&](const pending& wait) {
        // An operation that an idle task has begun on the io_context itself is as much its own.
        if (wait.who.slot != one.slot || (idle && !wait.is_operation())) return;
        known = true;
        if (wait.can_abandon()) ++coroutines;
        lines.add(whose + (wait.is_operation() ? ": " : ": one waits in ") + words_for(wait));
      });
      if (!known && !idle) lines.add(whose);
    }
    if (lines.empty()) lines.add("on the io_context itself");
    failure made;
    made.kind = failure_kind::leak;
    made.elapsed = now;
    made.where = place_of();
    made.message = leak_words(alone ? home().operations() : 0, coroutines) + lines.text();
    report(std::move(made));
  }

  void report_exception(const std::exception_ptr& what, std::string label, task_ref who = {}) {
    failure made;
    if (const held_task held{who}) {
      // A wrapped exception came first, and from further inside.
      const auto newest = held->newest_exception.get();
      for (auto one = what; one; one = detail::nested_in(one)) {
        auto left = held->unwound.of(detail::object_of(one), newest);
        std::move(left.begin(), left.end(), std::back_inserter(made.notes));
        if (newest.object == nullptr) break;
      }
    }
    made.kind = failure_kind::exception;
    try {
      std::rethrow_exception(what);
    } catch (const fixture_error& e) {
      made.kind = failure_kind::fixture;
      made.message = e.what();
    } catch (const already_told&) {
      if (already_failed()) return;
      made.message = text_of(what);
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
};

}  // namespace awaitest::detail
