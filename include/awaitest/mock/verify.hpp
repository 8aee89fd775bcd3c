// A mock's beginning, its verification at the end of a scope, on demand and at its own end.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "failures.hpp"
#include "scope_mocks.hpp"

namespace awaitest::detail {

/// The running scope, where there is one, verifies the mock at its end. Under mock_guard().
inline void note_use(mock_core& mock) {
  test_scope* scope = nullptr;
  if (here.running && here.current.slot == here.running) {
    scope = here.running->scope;
  } else if (const held_task held{here.current}) {
    scope = held->scope;
  }
  if (!scope) return;
  auto& of = scope->part<scope_mocks>();
  if (std::find(mock.scopes.begin(), mock.scopes.end(), &of) != mock.scopes.end()) return;
  mock.scopes.push_back(&of);
  of.used.push_back(mock.shared_from_this());
}

std::shared_ptr<mock_core> make_mock(std::string_view name, std::string_view of, mock_kind kind,
                                     location where) {
  auto made = std::make_shared<mock_core>();
  if (!of.empty()) {
    auto type = readable_type(of);
    while (!type.empty() && (type.back() == '&' || type.back() == ' ')) type.pop_back();
    made->name = type + "::";
  }
  made->name += name;
  made->kind = kind;
  made->made = where;
  made->owner = here.current;
  const std::lock_guard lock{mock_guard()};
  note_use(*made);
  return made;
}

/// The scope that an expectation belongs to. Under mock_guard(); the owner's task ends with its scope, not before.
inline test_scope* scope_of(const expectation_core& one) {
  const held_task held{one.owner};
  return held ? held->scope : nullptr;
}

/// Finds what was to happen and has not, of the expectations of that scope, or of all. Under mock_guard().
inline void verify(mock_core& mock, const test_scope* of, std::vector<mock_failure>& failures) {
  for (const auto& one : mock.expectations) {
    if (of && detail::scope_of(*one) != of) continue;
    if (const held_task held{one->owner})
      held->scope->checks_elsewhere.fetch_add(1, std::memory_order_relaxed);
    if (one->calls >= one->least) continue;
    auto made =
        detail::failure_of(mock, failure_kind::unmet_expectation, mock_fault::unmet, one->owner, one->where);
    auto& story = made.story();
    story.expectation = detail::told_expectation(*one);
    for (const auto& place : one->places)
      if (place.number < place.in->reached) story.over.push_back(place.in->made);
    for (const auto& call : mock.calls) {
      if (call->matched == one || story.missed.size() == most_missed) continue;
      missed_call missed;
      one->mismatch(*call, missed.mismatches);
      if (missed.mismatches.empty() && !call->matched) continue;
      missed.number = call->number;
      missed.spelled = detail::call_text(mock, *call);
      if (call->matched) missed.met = call->matched->where;
      story.missed.push_back(std::move(missed));
    }
    detail::tell_history(story, mock, mock.calls);
    failures.push_back(std::move(made));
  }
}

void destroy_mock(const std::shared_ptr<mock_core>& mock) {
  std::vector<mock_failure> failures;
  std::vector<std::shared_ptr<wait_list>> waiting;
  std::shared_ptr<wait_list> takers;
  std::map<std::uint64_t, std::shared_ptr<call_core>> unfinished;
  std::vector<std::shared_ptr<call_core>> calls,
      awaits;  // what they hold is the author's: not under the lock
  std::vector<std::shared_ptr<expectation_core>> expectations;
  {
    const std::lock_guard lock{mock_guard()};
    mock->alive = false;
    calls.swap(mock->calls);
    awaits.swap(mock->awaits);
    mock->calls = calls;  // for the reports
    detail::verify(*mock, nullptr, failures);
    for (const auto& one : mock->expectations)
      for (const auto& place : one->places) refresh(*place.in);
    expectations.swap(mock->expectations);
    for (auto* scope : mock->scopes) std::erase(scope->used, mock);
    mock->scopes.clear();
    unfinished.swap(mock->unfinished);
    for (const auto& [ignored, call] : unfinished) {
      if (call->decision == call_core::decision::undecided) {
        failures.push_back(detail::unexpected(*mock, *call, mock_fault::mock_destroyed, mock->made));
      }
      call->decision = call_core::decision::made;
      if (!call->error)
        call->error = std::make_exception_ptr(
            asio::system_error(error_code(asio::error::operation_aborted), "the mock was destroyed"));
      waiting.push_back(call->waiting);
    }
    mock->for_test.clear();
    mock->calls.clear();
    takers = std::move(mock->takers);
  }
  report_all(failures, mock->owner);
  detail::release(waiting);
  if (takers) takers->release_all(asio::error::operation_aborted);
}

/// The calls so far and the counts of them. Under mock_guard().
inline void forget_history(mock_core& mock) {
  mock.calls.clear();
  mock.awaits.clear();
  mock.call_count = mock.await_count = mock.taken = 0;
  mock.max_in_flight = mock.in_flight;
}

inline void scope_mocks::at_end() {
  std::vector<mock_failure> failures;
  {
    const std::lock_guard lock{mock_guard()};
    const auto mocks = std::exchange(used, {});
    for (const auto& mock : mocks) {
      std::erase(mock->scopes, this);
      detail::verify(*mock, &scope, failures);
      std::erase_if(mock->expectations, [&](const auto& one) { return detail::scope_of(*one) == &scope; });
      forget_history(*mock);
      mock->for_test.clear();
      mock->answered_by_test = false;
    }
  }
  report_all(failures, {});
}

void expect_no_call(mock_core& mock, location where) {
  mock_failure made;
  {
    const std::lock_guard lock{mock_guard()};
    if (const held_task held{here.current})
      held->scope->checks_elsewhere.fetch_add(1, std::memory_order_relaxed);
    const auto more = mock.call_count - mock.taken;
    if (more == 0) return;
    made = detail::failure_of(mock, failure_kind::unexpected_call, mock_fault::called_again, here.current,
                              where);
    made.story().count = more;
    made.story().besides = mock.taken != 0;
    detail::tell_history(made.story(), mock, mock.calls);
  }
  report_mock(std::move(made), mock.owner);
}

bool verify_and_clear(mock_core& mock) {
  std::vector<mock_failure> failures;
  {
    const std::lock_guard lock{mock_guard()};
    detail::verify(mock, nullptr, failures);
    mock.expectations.clear();
  }
  const bool met = failures.empty();
  report_all(failures, mock.owner);
  return met;
}

void reset(mock_core& mock, reset_of what) {
  const std::lock_guard lock{mock_guard()};
  forget_history(mock);
  for (const auto& one : mock.expectations) one->calls = one->completed = 0;
  if (what == reset_of::history) return;
  mock.expectations.clear();
  mock.fallback = nullptr;
  mock.answered_by_test = false;
}
void set_recording(mock_core& mock, bool on) {
  const std::lock_guard lock{mock_guard()};
  mock.recording = on;
  if (on) return;
  mock.calls.clear();
  mock.awaits.clear();
}

}  // namespace awaitest::detail
