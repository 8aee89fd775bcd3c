// The findings about a test or a suite: how its tasks ended, what threw, who waits where, and what it leaves behind.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../author/check/print.hpp"
#include "../author/current/current.hpp"
#include "../author/test/fixture.hpp"
#include "../loop/launch.hpp"
#include "../model/event.hpp"
#include "../model/text.hpp"
#include "../platform/code_names.hpp"
#include "../platform/exception_origin.hpp"
#include "../platform/exceptions.hpp"
#include "waits.hpp"

namespace awaitest::detail {

/// Findings become failures of the scope. The loop's thread only.
class findings {
 public:
  /// `place` is where its failures are that have no place of their own.
  findings(test_scope& of, location place) : scope_{of}, place_{place} {}

  /// Says at once what became of those that have ended and that nobody has joined.
  void judge_ended_children() {
    for (const auto& child : scope_.children)
      if (child->ended()) judge(*child);
    std::erase_if(scope_.children, [](const auto& child) { return child->ended(); });
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

  /// A verdict on a scope whose waits are those.
  void report_waiting(failure what, collected_waits waits) {
    what.elapsed = scope_.elapsed();
    std::move(waits).give_to(what);
    what.where = place_;
    if (what.kind != failure_kind::leak) what.before = steps_to_tell();
    scope_.report(std::move(what));
  }
  /// Reports what is still outstanding though nobody waits for it any more: counted and placed, as far as it is known. `alone`: nobody
  /// else has anything on the io_context.
  void report_leaks(bool alone) {
    const auto now = scope_.elapsed();
    failure made;
    collected_waits left;
    for (const auto& one : scope_.tasks) {
      const bool idle = one.slot->work.load(std::memory_order_acquire) == 0;
      if (idle && !alone) continue;
      bool known = false;
      scope_.for_each_pending([&](const pending& wait) {
        // An operation that an idle task has begun on the io_context itself is as much its own.
        if (wait.who.slot != one.slot || (idle && !wait.is_operation())) return;
        known = true;
        if (wait.can_abandon()) ++made.coroutines;
        left.add_left(found_wait{wait}, one.slot->label);
      });
      if (!known && !idle) left.add_left({}, one.slot->label);
    }
    made.kind = failure_kind::leak;
    made.elapsed = now;
    made.where = place_;
    if (alone) made.operations = scope_.home().operations();
    std::move(left).give_to(made);
    scope_.report(std::move(made));
  }

  void report_exception(const std::exception_ptr& what, std::string label, task_ref who = {}) {
    failure made;
    made.elapsed = scope_.elapsed();
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
      if (scope_.failed()) return;
      made.message = text_of(what);
    } catch (...) {
      made.message = text_of(what);
    }
    if (made.kind == failure_kind::exception) detail::tell_origin(what, made);
    made.task = std::move(label);
    made.where = place_;
    scope_.report(std::move(made));
  }

 private:
  /// That a child was spawned is said already where it still waits.
  std::vector<happening> steps_to_tell() {
    return scope_.last_steps([&](const task* who, const char* verb) {
      return *verb || std::none_of(scope_.children.begin(), scope_.children.end(), [&](const auto& child) {
        return child->who.slot == who && !child->ended();
      });
    });
  }
  void report_dropped(const std::string& label) {
    failure made;
    made.kind = failure_kind::dropped;
    made.message =
        label +
        " never completed: its coroutine was destroyed while it was suspended, because a completion "
        "handler was dropped without being called";
    made.where = place_;
    scope_.report(std::move(made));
  }

  test_scope& scope_;
  location place_;
};

}  // namespace awaitest::detail
