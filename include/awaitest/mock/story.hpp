// A mock as data for a report: what was expected, what was called, why it did not match, what the caller got.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../model/mocked.hpp"
#include "../task/reporting.hpp"
#include "core.hpp"

namespace awaitest::detail {

/// The words of a report about it. Defined by main.hpp, which alone knows the reports.
std::string words_for_mock(const mock_story& story);

void put_expected(std::string& out, std::string described) {
  constexpr std::string_view equal = "== ";  // a value was written: show the value
  out += described.starts_with(equal) ? described.substr(equal.size()) : described;
}
void put_mismatch(std::vector<argument_mismatch>& out, std::size_t argument, std::string wanted,
                  std::string got, std::string why) {
  out.push_back({argument, std::move(wanted), std::move(got), std::move(why)});
}
void put_mismatch(std::vector<argument_mismatch>& out) {
  out.push_back({argument_mismatch::of_all, {}, {}, {}});
}

inline std::string call_text(const mock_core& mock, const call_core& call) {
  std::string out = mock.name + "(";
  call.put_arguments(out);
  return out + ")";
}
inline std::string expectation_text(const expectation_core& one) {
  std::string out = one.mode == expected::must_happen  ? "expect("
                    : one.mode == expected::may_happen ? "allow("
                                                       : "forbid(";
  one.describe(out);
  return out + ")";
}

inline known_call told_call(const mock_core& mock, const call_core& call) {
  known_call made;
  made.number = call.number;
  made.spelled = detail::call_text(mock, call);
  made.caller = call.caller;
  made.state = call.state;
  made.plain = mock.kind == mock_kind::plain;
  made.unexpected = call.state == call_state::failed && call.error && call.unexpected;
  if (call.state == call_state::failed && call.error) made.error = detail::text_of(call.error);
  made.called_at = call.called_at;
  made.awaited_at = call.awaited_at;
  made.ended_at = call.ended_at;
  return made;
}
inline known_expectation told_expectation(const expectation_core& one) {
  known_expectation made;
  made.where = one.where;
  made.spelled = detail::expectation_text(one);
  made.least = one.least;
  made.most = one.most == any_number ? any_number_of_calls : one.most;
  made.calls = one.calls;
  made.answers = one.answers.size();
  return made;
}

/// Tells the calls, but for one.
inline void tell_history(mock_story& story, const mock_core& mock,
                         const std::vector<std::shared_ptr<call_core>>& calls,
                         const call_core* but = nullptr) {
  auto& out = story.history;
  out.told = true;
  out.others = but != nullptr;
  auto number = calls.size();
  if (but && number != 0 && calls.back().get() == but) --number;
  if (number == 0 && mock.call_count > calls.size() && !mock.recording) out.not_recorded = mock.call_count;
  const auto from = number > most_calls ? number - most_calls : 0;
  out.earlier = from;
  for (auto i = from; i < number; ++i) out.calls.push_back(detail::told_call(mock, *calls[i]));
}

}  // namespace awaitest::detail
