// Counts of a mock's calls, and assertions about them.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "../author/mock/awaited.hpp"
#include "story.hpp"

namespace awaitest::detail {

std::size_t count_of(const mock_core& mock, counted what) {
  const std::lock_guard lock{mock_guard()};
  switch (what) {
    case counted::calls: return mock.call_count;
    case counted::awaits: return mock.await_count;
    case counted::in_flight: return mock.in_flight;
    case counted::max_in_flight: return mock.max_in_flight;
  }
  return 0;
}
std::vector<std::shared_ptr<call_core>> calls_of(const mock_core& mock, bool awaited_only) {
  const std::lock_guard lock{mock_guard()};
  return awaited_only ? mock.awaits : mock.calls;
}
void no_call(const mock_core& mock) {
  throw std::out_of_range(fmt::format("{}.last_call(): {}", mock.name,
                                      mock.recording ? "it was not called" : "its calls are not recorded"));
}

inline mock_story asked_of(const mock_core& mock, std::string question) {
  mock_story made;
  made.fault = mock_fault::asked;
  made.mock = mock.name;
  made.question = std::move(question);
  return made;
}

mock_verdict verdict_on(const mock_core& mock, bool holds, bool awaits, const char* asked,
                        const expectation_core* arguments) {
  const std::lock_guard lock{mock_guard()};
  std::string question = asked;
  if (arguments) {
    question += '(';
    arguments->describe(question);
    question += ')';
  }
  if (holds) return {holds, "true: " + mock.name + "." + question};
  auto story = detail::asked_of(mock, std::move(question));
  story.of_awaits = awaits;
  story.counts = true;
  story.count = awaits ? mock.await_count : mock.call_count;
  const auto& calls = awaits ? mock.awaits : mock.calls;
  if (arguments && !calls.empty()) {
    missed_call last;
    arguments->mismatch(*calls.back(), last.mismatches);
    last.spelled = detail::call_text(mock, *calls.back());
    if (!last.mismatches.empty()) story.missed.push_back(std::move(last));
  }
  if (mock.call_count != 0) detail::tell_history(story, mock, mock.calls);
  return {holds, detail::words_for_mock(story)};
}

mock_verdict has_awaits(const mock_core& mock, const std::vector<std::shared_ptr<expectation_core>>& wanted,
                        bool in_order) {
  const std::lock_guard lock{mock_guard()};
  const auto& awaits = mock.awaits;
  bool holds = wanted.empty();
  if (in_order) {
    for (std::size_t from = 0; !holds && from + wanted.size() <= awaits.size(); ++from) {
      holds = true;
      for (std::size_t i = 0; holds && i < wanted.size(); ++i) holds = wanted[i]->matches(*awaits[from + i]);
    }
  } else {
    // Each wanted one takes an await of its own: an augmenting path for each, as few are expected.
    std::vector<std::size_t> taken_by(awaits.size(), wanted.size());
    const auto place = [&](auto& again, std::size_t which, std::vector<bool>& seen) -> bool {
      for (std::size_t at = 0; at < awaits.size(); ++at) {
        if (seen[at] || !wanted[which]->matches(*awaits[at])) continue;
        seen[at] = true;
        if (taken_by[at] == wanted.size() || again(again, taken_by[at], seen)) {
          taken_by[at] = which;
          return true;
        }
      }
      return false;
    };
    holds = true;
    for (std::size_t i = 0; holds && i < wanted.size(); ++i) {
      std::vector<bool> seen(awaits.size());
      holds = place(place, i, seen);
    }
  }
  std::string question = in_order ? "has_awaits(" : "has_awaits_in_any_order(";
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (i != 0) question += ", ";
    question += '(';
    wanted[i]->describe(question);
    question += ')';
  }
  question += ')';
  if (holds) return {holds, "true: " + mock.name + "." + question};
  auto story = detail::asked_of(mock, std::move(question));
  detail::tell_history(story, mock, mock.awaits);
  return {holds, detail::words_for_mock(story)};
}

}  // namespace awaitest::detail
