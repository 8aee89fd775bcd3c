// A mock in the words of a report: what was expected, what was called, why it did not match, what the caller got.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../model/mocked.hpp"
#include "../model/text.hpp"
#include "duration.hpp"

namespace awaitest::reporting {

inline std::string words_for_times(std::uint64_t n) {
  return n == 1 ? "once" : n == 2 ? "twice" : fmt::format("{} times", n);
}
inline std::string words_for_times(std::uint64_t least, std::uint64_t most) {
  if (most == 0) return "never";
  if (least == most) return reporting::words_for_times(least);
  if (most == any_number_of_calls)
    return least == 0 ? "any number of times" : "at least " + reporting::words_for_times(least);
  if (least == 0) return "at most " + reporting::words_for_times(most);
  return fmt::format("{} to {} times", least, most);
}
inline std::string words_for_moment(std::int64_t since_begin) {
  return since_begin < 0 ? "outside of a test" : "at " + reporting::duration(since_begin);
}
/// `#1 users::fetch(7) at 2 ms by child 'a': pending, awaited at 3 ms`
inline std::string words_for(const known_call& call) {
  auto out = fmt::format("#{} {} {}", call.number, call.spelled, reporting::words_for_moment(call.called_at));
  if (!call.caller.empty()) out += " by " + call.caller;
  out += ": ";
  out += call.plain && call.state == call_state::completed ? "returned" : name_of(call.state);
  if (call.state == call_state::pending && call.awaited_at >= 0)
    out += ", awaited " + reporting::words_for_moment(call.awaited_at);
  if (call.ended_at >= 0) out += " " + reporting::words_for_moment(call.ended_at);
  if (call.unexpected)
    out += ", unexpected";
  else if (!call.error.empty())
    out += " with " + call.error;
  return out;
}

/// Each line of `lines` on a line of its own, with `by` before it.
inline void put_indented(std::string& out, std::string_view lines, std::string_view by) {
  for (std::size_t at = 0; at < lines.size();) {
    const auto end = std::min(lines.find('\n', at), lines.size());
    if (end != at) out.append("\n").append(by).append(lines.substr(at, end - at));
    at = end + 1;
  }
}
inline void put(std::string& out, const std::vector<argument_mismatch>& mismatches, std::string_view by) {
  for (const auto& one : mismatches) {
    if (one.argument == argument_mismatch::of_all) {
      reporting::put_indented(out, "with(...): the predicate does not hold", by);
      continue;
    }
    auto line = fmt::format("arg<{}>(): expected: {}, got: {}", one.argument, one.wanted, one.got);
    if (!one.why.empty()) line += ": " + one.why;
    reporting::put_indented(out, line, by);
  }
}

inline void put(std::string& out, const call_history& history, std::string_view mock) {
  if (!history.told) return;
  if (history.not_recorded != 0) {
    out += fmt::format("\n{} was called {}; the calls are not recorded", mock,
                       reporting::words_for_times(history.not_recorded));
    return;
  }
  if (history.calls.empty()) {
    out += fmt::format("\nno {}call of {}", history.others ? "other " : "", mock);
    return;
  }
  out += fmt::format("\n{} of {}:", history.others ? "other calls" : "calls", mock);
  if (history.earlier != 0) out += fmt::format("\n  ({} earlier ones)", history.earlier);
  for (const auto& one : history.calls) out += "\n  " + reporting::words_for(one);
}

inline std::string words_for_refusal(const known_expectation& one) {
  switch (one.refusal) {
    case expectation_refusal::none:
    case expectation_refusal::arguments: return {};
    case expectation_refusal::forbids: return ": forbids it";
    case expectation_refusal::answers_used:
      return fmt::format(": its {} answer{} used up", one.answers, one.answers == 1 ? " is" : "s are");
    case expectation_refusal::calls_used:
      return fmt::format(": was called {}, and may be called {}", reporting::words_for_times(one.calls),
                         reporting::words_for_times(one.least, one.most));
    case expectation_refusal::turn_over:
      return fmt::format(": its turn in the sequence made at {} is over", place_text(one.sequence));
    case expectation_refusal::too_early: break;
  }
  const auto word = one.by_completion ? "completed" : "called";
  return fmt::format(": too early: in the sequence made at {} it comes after {}, which was {}",
                     place_text(one.sequence), place_text(one.step),
                     one.done == 0 ? fmt::format("never {}", word)
                                   : fmt::format("{} {}", word, reporting::words_for_times(one.done)));
}
/// Each expectation that was considered, newest first as they were, with the reason why it was not the one.
inline void put_considered(std::string& out, const mock_story& story) {
  if (!story.looked_for) return;
  if (story.considered.empty()) {
    out += "\nnothing was expected of it";
    return;
  }
  out += "\nconsidered, the newest first:";
  for (const auto& one : story.considered) {
    out += fmt::format("\n  {}: {}", place_text(one.where), one.spelled) + reporting::words_for_refusal(one);
    reporting::put(out, one.mismatches, "    ");
  }
  if (story.more_considered != 0) out += fmt::format("\n  ({} older ones)", story.more_considered);
}
inline void put(std::string& out, const std::vector<missed_call>& missed) {
  for (const auto& one : missed) {
    out += fmt::format("\nnot met by #{} {}:", one.number, one.spelled);
    reporting::put(out, one.mismatches, "  ");
    if (one.mismatches.empty() && one.met.line != 0)
      out += fmt::format("\n  it was for the expectation at {}", place_text(one.met));
  }
}

inline std::string words_for_fault(const mock_story& story) {
  const auto& call = story.call.spelled;
  const auto& one = story.expectation;
  switch (story.fault) {
    case mock_fault::none: return {};
    case mock_fault::unexpected:
    case mock_fault::mock_destroyed: return call;
    case mock_fault::forbidden: return call + " is forbidden";
    case mock_fault::no_answer_left:
      return fmt::format("{}: no answer is left, its expectation has {}", call, one.answers);
    case mock_fault::no_answer:
      return call + ": its expectation has no answer, and its type no default: add returns(...)";
    case mock_fault::not_cancelled:
      return fmt::format("{} was to be cancelled, and has {}", call, name_of(story.call.state));
    case mock_fault::never_awaited:
      return call + " was called and never awaited: its awaitable was destroyed";
    case mock_fault::unmet:
      return fmt::format("{}.{}: {}, to be called {}", story.mock, one.spelled,
                         one.calls == 0 ? "not called" : "called " + reporting::words_for_times(one.calls),
                         reporting::words_for_times(one.least, one.most));
    case mock_fault::called_again:
      return fmt::format("{}.expect_no_call(): it was called {}{}", story.mock,
                         reporting::words_for_times(story.count),
                         story.besides ? " besides the calls that the test has taken" : "");
    case mock_fault::asked: break;
  }
  auto out = fmt::format("false: {}.{}", story.mock, story.question);
  if (!story.counts) return out;
  const auto word = story.of_awaits ? "awaited" : "called";
  return out + (story.count == 0
                    ? fmt::format(", and it was never {}", word)
                    : fmt::format(", and it was {} {}", word, reporting::words_for_times(story.count)));
}

inline std::string words_for(mock_consequence what) {
  switch (what) {
    case mock_consequence::none: return {};
    case mock_consequence::exception: return "\nthe caller gets awaitest::unexpected_call";
    case mock_consequence::completion: return "\nthe handler gets asio::error::fault, or unexpected_call";
    case mock_consequence::nothing_while_unwinding: break;
  }
  return "\nan exception is in flight: nothing more is thrown";
}

/// All that is to be told of a mock: a line, or several.
inline std::string words_for(const mock_story& story) {
  auto out = reporting::words_for_fault(story);
  for (const auto& made : story.over)
    out += fmt::format("\nits turn in the sequence made at {} is over", place_text(made));
  if (story.fault == mock_fault::asked && !story.missed.empty()) {  // of a question: the last call
    out += fmt::format("\nthe last one, {}:", story.missed.front().spelled);
    reporting::put(out, story.missed.front().mismatches, "  ");
  } else {
    reporting::put(out, story.missed);
  }
  reporting::put_considered(out, story);
  reporting::put(out, story.history, story.mock);
  if (story.fault == mock_fault::mock_destroyed) out += "\nits mock was destroyed while it waited";
  return out + reporting::words_for(story.consequence);
}

}  // namespace awaitest::reporting
