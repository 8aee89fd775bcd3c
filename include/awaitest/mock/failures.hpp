// Failures of mocks: found under their lock, reported when it has been left.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "match.hpp"
#include "story.hpp"

namespace awaitest::detail {

inline void report_all(std::vector<mock_failure>& failures, task_ref otherwise) {
  for (auto& one : failures) report_mock(std::move(one), otherwise);
}

/// A failure about a mock, as yet without a history.
inline mock_failure failure_of(const mock_core& mock, failure_kind kind, mock_fault fault, task_ref to,
                               location where) {
  mock_failure made;
  made.to = to;
  made.what.kind = kind;
  made.what.where = where;
  made.what.mocks.resize(1);
  made.story().fault = fault;
  made.story().mock = mock.name;
  return made;
}

inline mock_failure unexpected(const mock_core& mock, const call_core& call, mock_fault fault,
                               location where) {
  auto made = detail::failure_of(mock, failure_kind::unexpected_call, fault, here.current, where);
  made.story().call = detail::told_call(mock, call);
  if (call.matched) made.story().expectation = detail::told_expectation(*call.matched);
  detail::tell_considered(made.story(), mock, call);
  detail::tell_history(made.story(), mock, mock.calls, &call);
  return made;
}
inline void fail_unexpectedly(const mock_core& mock, call_core& call, std::string_view what) {
  call.decision = call_core::decision::made;
  call.unexpected = true;
  call.error = std::make_exception_ptr(
      unexpected_call("unexpected call: " + detail::call_text(mock, call) + std::string(what)));
}
/// The consequence of an unexpected call.
inline mock_consequence consequence_for(const mock_core& mock) {
  if (mock.kind == mock_kind::plain && unwinding()) return mock_consequence::nothing_while_unwinding;
  return mock.kind == mock_kind::operation ? mock_consequence::completion : mock_consequence::exception;
}

inline void forget_unfinished(mock_core& mock, const call_core& call) { mock.unfinished.erase(call.serial); }
inline void forget_for_test(mock_core& mock, const call_core& call) { mock.for_test.erase(call.serial); }
/// Lets the callers go on: outside of the lock.
inline void release(const std::vector<std::shared_ptr<wait_list>>& waiting) {
  for (const auto& one : waiting)
    if (one) one->release_all();
}

}  // namespace awaitest::detail
