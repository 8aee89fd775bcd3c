// A mock in the words of a report: what was expected, what was called, why it did not match, what the caller got.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "../model/text.hpp"
#include "core.hpp"

namespace awaitest::detail {

void put_expected(std::string& out, std::string described) {
  constexpr std::string_view equal = "== ";  // a value was written: show the value
  out += described.starts_with(equal) ? described.substr(equal.size()) : described;
}
void put_mismatch(std::string& out, std::size_t argument, const std::string& wanted, printable got,
                  const std::string& explained) {
  printed text;
  got.print(text, got.value);
  std::string shown;
  if (text.is_text)
    detail::put_text(shown, text.text);
  else
    shown = text.text;
  out += fmt::format("\narg<{}>(): expected: {}, got: {}", argument, wanted, shown);
  if (!explained.empty()) out += ": " + explained;
}

/// As reports spell an elapsed time.
inline std::string since_begin(std::int64_t nanoseconds) {
  if (nanoseconds < 0) return "outside of a test";
  const auto count = static_cast<double>(nanoseconds);
  if (nanoseconds < 1'000'000) return fmt::format("at {:.0f} us", count / 1e3);
  if (nanoseconds < 1'000'000'000) return fmt::format("at {:.1f} ms", count / 1e6);
  return fmt::format("at {:.2f} s", count / 1e9);
}

inline std::string call_text(const mock_core& mock, const call_core& call) {
  std::string out = mock.name + "(";
  call.put_arguments(out);
  return out + ")";
}

inline std::string number_text(std::size_t n) {
  return n == 1 ? "once" : n == 2 ? "twice" : fmt::format("{} times", n);
}
inline std::string times_text(std::size_t least, std::size_t most) {
  if (most == 0) return "never";
  if (least == most) return number_text(least);
  if (most == any_number) return least == 0 ? "any number of times" : "at least " + number_text(least);
  if (least == 0) return "at most " + number_text(most);
  return fmt::format("{} to {} times", least, most);
}
inline std::string expectation_text(const expectation_core& one) {
  std::string out = one.mode == expected::must_happen  ? "expect("
                    : one.mode == expected::may_happen ? "allow("
                                                       : "forbid(";
  one.describe(out);
  return out + ")";
}
inline std::string called_text(const expectation_core& one) {
  const auto often = one.calls == 0 ? "not called" : "called " + number_text(one.calls);
  return fmt::format("{}, to be called {}", often, times_text(one.least, one.most));
}

inline std::string_view state_text(call_state state) {
  switch (state) {
    case call_state::called: return "called, not awaited yet";
    case call_state::pending: return "pending";
    case call_state::completed: return "completed";
    case call_state::failed: return "failed";
    case call_state::cancelled: return "cancelled";
    case call_state::dropped: return "never awaited";
  }
  return "";
}

/// One line of the history: the call, when, whose, and what became of it.
inline std::string history_line(const mock_core& mock, const call_core& call) {
  auto out = fmt::format("#{} {} {}", call.number, call_text(mock, call), since_begin(call.called_at));
  if (!call.caller.empty()) out += " by " + call.caller;
  out += mock.kind == mock_kind::plain && call.state == call_state::completed
             ? std::string(": returned")
             : fmt::format(": {}", state_text(call.state));
  if (call.state == call_state::pending && call.awaited_at >= 0)
    out += ", awaited " + since_begin(call.awaited_at);
  if (call.ended_at >= 0) out += " " + since_begin(call.ended_at);
  if (call.state == call_state::failed && call.error)
    out += call.unexpected ? std::string(", unexpected") : " with " + text_of(call.error);
  return out;
}

inline void put_history(std::string& out, const mock_core& mock,
                        const std::vector<std::shared_ptr<call_core>>& calls,
                        const call_core* but = nullptr) {
  constexpr std::size_t most = 20;
  std::size_t number = calls.size();
  if (but && number && calls.back().get() == but) --number;
  if (number == 0) {
    if (mock.call_count > calls.size() && !mock.recording)
      out += fmt::format("\n{} was called {}; the calls are not recorded", mock.name,
                         number_text(mock.call_count));
    else
      out += fmt::format("\nno {}call of {}", but ? "other " : "", mock.name);
    return;
  }
  out += fmt::format("\n{} of {}:", but ? "other calls" : "calls", mock.name);
  std::size_t from = number > most ? number - most : 0;
  if (from != 0) out += fmt::format("\n  ({} earlier ones)", from);
  for (; from < number; ++from) out += "\n  " + detail::history_line(mock, *calls[from]);
}

inline void put_indented(std::string& out, std::string_view lines, std::string_view by) {
  for (std::size_t at = 0; at < lines.size();) {
    if (lines[at] == '\n') {
      ++at;
      continue;
    }
    const auto end = std::min(lines.find('\n', at), lines.size());
    out += '\n';
    out += by;
    out += lines.substr(at, end - at);
    at = end;
  }
}

}  // namespace awaitest::detail
