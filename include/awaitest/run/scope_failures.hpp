// What a test or a wider scope has to say: how its tasks ended, what threw, and who waits where.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "../author/mock_call.hpp"
#include "../loop/children.hpp"
#include "../loop/fixture_store.hpp"
#include "../model/event.hpp"
#include "print.hpp"
#include "selection.hpp"

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

  /// What the scope itself waits for, line by line.
  virtual void own_waits(std::string& out) = 0;
  /// What it waits for after its children.
  virtual void closing_waits(std::string& out) = 0;
  virtual location place_of() const = 0;
  /// Whether the test has failed by now: an unexpected call that ends it is a failure already.
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

  void put_wait(std::string& out, const std::string& label, const launch& which) {
    if (which.ended()) return;
    bool known = false;
    // A test waits for the hooks of wider fixtures, too, whose scope is another.
    which.who.slot->scope->for_each_pending([&](const pending& p) {
      if (p.who.slot != which.who.slot) return;
      known = true;
      out += fmt::format("\n{} waits in {}", label, p.what);
      if (p.where.line != 0) out += " at " + place(p.where);
      if (p.made.line != 0 && p.what != std::string_view{"settle"})
        out += fmt::format(" ({} at {})", p.origin, place(p.made));
    });
    if (!known) out += fmt::format("\n{} waits for an operation of Asio or for another coroutine", label);
  }
  void report_with_waits(failure what) {
    own_waits(what.message);
    for_each_child([&](child_state& child) { put_wait(what.message, child.who.slot->label, child); });
    closing_waits(what.message);
    what.where = place_of();
    report(std::move(what));
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
    } catch (const unexpected_call&) {
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
