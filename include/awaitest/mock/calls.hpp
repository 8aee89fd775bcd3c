// A call from its beginning to its end: matched and decided, awaited, answered, ended.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../author/mock/awaited.hpp"
#include "../loop/launch.hpp"
#include "scope_mocks.hpp"
#include "verify.hpp"

namespace awaitest::detail {

inline void add_unexpected(std::vector<mock_failure>& failures, const mock_core& mock, const call_core& call,
                           mock_fault fault, location where) {
  failures.push_back(detail::unexpected(mock, call, fault, where));
  failures.back().story().consequence = detail::consequence_for(mock);
}

/// Gives the call its expectation's answer. Under mock_guard().
inline void take_answer(mock_core& mock, call_core& call, std::vector<mock_failure>& failures) {
  auto& one = *call.matched;
  const auto index = one.calls;
  ++one.calls;
  detail::advance_orders(one);
  one.capture(call);
  if (one.listed && index >= one.answers.size()) {
    detail::add_unexpected(failures, mock, call, mock_fault::no_answer_left, one.where);
    return detail::fail_unexpectedly(mock, call, ": no answer is left");
  }
  if (!one.answers.empty()) {
    const auto& answer = one.answers[one.listed ? index : 0];
    if (answer->pends)
      call.decision = call_core::decision::by_test;
    else if (answer->error)
      call.error = answer->error;
    call.answer = answer->pends || answer->error ? nullptr : answer;
  } else if (mock.fallback) {
    call.answer = mock.fallback;
    if (call.answer->error) call.error = std::exchange(call.answer, nullptr)->error;
  } else if (mock.answered_by_test) {
    call.decision = call_core::decision::by_test;
  } else if (!call.has_default) {
    failures.push_back(detail::unexpected(mock, call, mock_fault::no_answer, one.where));
    return detail::fail_unexpectedly(mock, call, ": it has no answer");
  }
}

void make_call(const std::shared_ptr<mock_core>& shared, std::shared_ptr<call_core> call) {
  auto& mock = *shared;
  std::vector<mock_failure> failures;
  std::shared_ptr<wait_list> takers;
  call->called_at = test_time();
  const auto note_caller = [&](task& who) {
    call->caller = who.label;
    who.scope->happened(&who, "called", mock.name);
  };
  if (here.running && here.current.slot == here.running)
    note_caller(*here.running);
  else if (const held_task held{here.current})
    note_caller(*held);
  {
    const std::lock_guard lock{mock_guard()};
    note_use(mock);
    call->mock = shared;
    call->number = ++mock.call_count;
    call->serial = ++mock.last_serial;
    if (mock.recording) mock.calls.push_back(call);
    const auto match = detail::find_match(mock, *call);
    if (match.found && match.found->mode != expected::must_not_happen) {
      call->matched = match.found;
      take_answer(mock, *call, failures);
    } else if (match.found) {
      detail::add_unexpected(failures, mock, *call, mock_fault::forbidden, match.found->where);
      detail::fail_unexpectedly(mock, *call, " is forbidden");
    } else if (mock.kind != mock_kind::plain && mock.answered_by_test) {
      call->decision = call_core::decision::by_test;
    } else if (mock.kind != mock_kind::plain && mock.expectations.empty()) {
      call->decision = call_core::decision::undecided;
    } else {
      detail::add_unexpected(failures, mock, *call, mock_fault::unexpected,
                             match.saturated ? match.saturated->where : mock.made);
      detail::fail_unexpectedly(mock, *call, "");
    }
    if (call->decision != call_core::decision::made) {
      mock.for_test.emplace(call->serial, call);
      takers = mock.takers;
    }
  }
  report_all(failures, mock.owner);
  if (takers) {
    bool first = true;
    takers->release_if([&first](const wait_list::waiter&) { return std::exchange(first, false); });
  }
}

/// Nobody has taken it, and nothing expects it. Under mock_guard().
inline void refuse(call_core& call, std::vector<mock_failure>& failures) {
  auto& mock = *call.mock;
  detail::forget_for_test(mock, call);
  detail::add_unexpected(failures, mock, call, mock_fault::unexpected, mock.made);
  detail::fail_unexpectedly(mock, call, "");
}

inline bool scope_mocks::at_rest() {
  if (undecided.empty()) return false;
  std::vector<mock_failure> failures;
  std::vector<std::shared_ptr<wait_list>> waiting;
  std::vector<std::shared_ptr<call_core>> kept;
  {
    const std::lock_guard lock{mock_guard()};
    for (const auto& weak : std::exchange(undecided, {})) {
      auto call = weak.lock();
      if (!call || call->decision != call_core::decision::undecided || call->state != call_state::pending)
        continue;
      refuse(*call, failures);
      waiting.push_back(call->waiting);
      kept.push_back(std::move(call));
    }
  }
  report_all(failures, kept.empty() ? task_ref{} : kept.front()->mock->owner);
  detail::release(waiting);
  return !kept.empty();
}

inline bool on_own_loop() {
  return alive(here.current) && here.current.slot->scope && here.current.slot->scope->home().is_mine();
}

bool begin_await(call_core& call) {
  auto& mock = *call.mock;
  std::vector<mock_failure> failures;
  bool wait = false;
  {
    const std::lock_guard lock{mock_guard()};
    call.state = call_state::pending;
    call.awaited_at = call.called_at < 0 ? -1 : test_time();
    ++mock.await_count;
    mock.max_in_flight = std::max(mock.max_in_flight, ++mock.in_flight);
    if (mock.recording && mock.alive) mock.awaits.push_back(call.shared_from_this());
    if (!mock.alive && !call.error)
      call.error = std::make_exception_ptr(
          asio::system_error(error_code(asio::error::operation_aborted), "the mock was destroyed"));
    if (call.error) call.decision = call_core::decision::made;
    if (call.decision == call_core::decision::undecided) {
      if (on_own_loop())
        here.current.slot->scope->part<scope_mocks>().undecided.push_back(call.weak_from_this());
      else
        refuse(call, failures);
    }
    wait = call.decision != call_core::decision::made ||
           (call.matched && (call.matched->latency > 0 || !call.matched->gates.empty()));
  }
  report_all(failures, mock.owner);
  return wait;
}

void end_call(call_core& call, const std::exception_ptr& error) {
  auto& mock = *call.mock;
  std::vector<mock_failure> failures;
  const auto now = call.called_at < 0 ? -1 : test_time();
  {
    const std::lock_guard lock{mock_guard()};
    if (call.state != call_state::pending && call.state != call_state::called) return;
    const bool meant = call.error == error && mock.alive;  // fails(operation_aborted)
    call.state = !error                      ? call_state::completed
                 : is_abort(error) && !meant ? call_state::cancelled
                                             : call_state::failed;
    call.error = error;
    call.ended_at = now;
    --mock.in_flight;
    if (call.decision != call_core::decision::made) detail::forget_for_test(mock, call);
    detail::forget_unfinished(mock, call);
    if (call.matched) {
      ++call.matched->completed;
      if (call.matched->must_be_cancelled && call.state != call_state::cancelled) {
        auto made = detail::failure_of(mock, failure_kind::unmet_expectation, mock_fault::not_cancelled,
                                       call.matched->owner, call.matched->where);
        made.story().call = detail::told_call(mock, call);
        detail::tell_history(made.story(), mock, mock.calls);
        failures.push_back(std::move(made));
      }
    }
  }
  report_all(failures, mock.owner);
}

void abandon_call(call_core& call) {
  auto& mock = *call.mock;
  std::vector<mock_failure> failures;
  {
    const std::lock_guard lock{mock_guard()};
    if (call.state == call_state::pending) {
      call.state = call_state::cancelled;
      call.ended_at = call.called_at < 0 ? -1 : test_time();
      --mock.in_flight;
      if (call.matched) ++call.matched->completed;
      detail::forget_unfinished(mock, call);
      detail::forget_for_test(mock, call);
      return;
    }
    if (call.state != call_state::called) return;
    call.state = call_state::dropped;
    detail::forget_for_test(mock, call);
    if (call.matched && call.matched->may_be_dropped) return;
    // On its way out because of something else, which is reported.
    if (std::uncaught_exceptions() != 0) return;
    auto made = detail::failure_of(mock, failure_kind::unawaited_call, mock_fault::never_awaited,
                                   here.current, call.matched ? call.matched->where : mock.made);
    made.story().call = detail::told_call(mock, call);
    if (!call.matched) detail::tell_considered(made.story(), mock, call);
    detail::tell_history(made.story(), mock, mock.calls);
    failures.push_back(std::move(made));
  }
  report_all(failures, mock.owner);
}

void begin_reply(call_core& call) {
  const std::lock_guard lock{mock_guard()};
  const bool open = call.state == call_state::called || call.state == call_state::pending;
  if (open && call.decision != call_core::decision::made) return;
  const auto text = detail::call_text(*call.mock, call);
  if (!open)
    throw std::logic_error(fmt::format("{} cannot be answered: it is {}", text, name_of(call.state)));
  throw std::logic_error(
      fmt::format("{} cannot be answered: it has an answer already; where the test is to give it, the "
                  "expectation pends()",
                  text));
}
call_core::~call_core() = default;
void end_reply(call_core& call, std::exception_ptr error) {
  std::shared_ptr<wait_list> waiting;
  {
    const std::lock_guard lock{mock_guard()};
    call.replied = !error;
    call.error = std::move(error);
    call.decision = call_core::decision::made;
    detail::forget_for_test(*call.mock, call);
    if (!call.taken) ++call.mock->taken;
    call.taken = true;
    waiting = call.waiting;
  }
  if (waiting) waiting->release_all();
}
call_state state_of(const call_core& call) {
  const std::lock_guard lock{mock_guard()};
  return call.state;
}

}  // namespace awaitest::detail
