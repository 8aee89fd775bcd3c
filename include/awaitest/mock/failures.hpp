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

inline mock_failure unexpected(const mock_core& mock, const call_core& call, std::string_view what,
                               location where) {
  mock_failure made;
  made.to = here.current;
  made.what.kind = failure_kind::unexpected_call;
  made.what.where = where;
  made.what.message = fmt::format("{}{}", call_text(mock, call), what);
  put_considered(made.what.message, mock, call);
  put_history(made.what.message, mock, mock.calls, &call);
  return made;
}
inline void fail_unexpectedly(const mock_core& mock, call_core& call, std::string_view what) {
  call.decision = call_core::decision::made;
  call.unexpected = true;
  call.error = std::make_exception_ptr(
      unexpected_call(fmt::format("unexpected call: {}{}", detail::call_text(mock, call), what)));
}
inline std::string got_text(const mock_core& mock) {
  if (mock.kind == mock_kind::plain && unwinding())
    return "\nan exception is in flight: nothing more is thrown";
  return mock.kind == mock_kind::operation ? "\nthe handler gets asio::error::fault, or unexpected_call"
                                           : "\nthe caller gets awaitest::unexpected_call";
}

inline void forget_unfinished(mock_core& mock, const call_core& call) { mock.unfinished.erase(call.serial); }
inline void forget_for_test(mock_core& mock, const call_core& call) { mock.for_test.erase(call.serial); }
/// Lets the callers go on: outside of the lock.
inline void release(const std::vector<std::shared_ptr<wait_list>>& waiting) {
  for (const auto& one : waiting)
    if (one) one->release_all();
}

}  // namespace awaitest::detail
