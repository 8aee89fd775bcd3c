// Which expectation a call is for.
#pragma once

#include <memory>
#include <string>

#include "core.hpp"
#include "story.hpp"

namespace awaitest::detail {

inline void refresh(sequence_core& order) {
  for (auto& step : order.steps)
    if (const auto one = step.which.lock()) {
      step.least = one->least;
      step.calls = one->calls;
      step.completed = one->completed;
    }
}

/// Whether the expectation may be called now, as far as the orders that it is in go; else `why` says why not.
inline bool is_in_order(const expectation_core& one, known_expectation* why = nullptr) {
  for (const auto& place : one.places) {
    auto& order = *place.in;
    refresh(order);
    const bool over = place.number < order.reached;
    std::size_t i = 0;
    std::size_t done = 0;
    for (; !over && i < place.number; ++i) {
      const auto& before = order.steps[i];
      done = place.by_completion ? before.completed : before.calls;
      if (done < before.least) break;
    }
    if (!over && i == place.number) continue;
    if (why) {
      why->refusal = over ? expectation_refusal::turn_over : expectation_refusal::too_early;
      why->sequence = order.made;
      if (!over) why->step = order.steps[i].where;
      why->by_completion = place.by_completion;
      why->done = done;
    }
    return false;
  }
  return true;
}
inline void advance_orders(const expectation_core& one) {
  for (const auto& place : one.places) place.in->reached = std::max(place.in->reached, place.number);
}

struct match_result {
  std::shared_ptr<expectation_core> found;
  std::shared_ptr<expectation_core> saturated;  ///< matched, and was called as often as it may be
};

/// The newest that matches, may be called, and has calls left.
inline match_result find_match(const mock_core& mock, const call_core& call) {
  match_result result;
  for (auto i = mock.expectations.size(); i-- > 0;) {
    const auto one = mock.expectations[i];  // held: a predicate may change the list
    if (!one->matches(call)) continue;
    if (one->mode != expected::must_not_happen && one->calls >= one->most) {
      if (!result.saturated) result.saturated = one;
      continue;
    }
    if (!detail::is_in_order(*one)) continue;
    result.found = one;
    return result;
  }
  return result;
}

/// Tells every expectation that was considered, newest first as they were, with the reason why it was not the one.
inline void tell_considered(mock_story& story, const mock_core& mock, const call_core& call) {
  story.looked_for = true;
  for (auto i = mock.expectations.size(); i-- > 0;) {
    if (story.considered.size() == most_considered) {
      story.more_considered = i + 1;
      return;
    }
    const auto& one = *mock.expectations[i];
    auto made = detail::told_expectation(one);
    one.mismatch(call, made.mismatches);
    if (!made.mismatches.empty())
      made.refusal = expectation_refusal::arguments;
    else if (one.mode == expected::must_not_happen)
      made.refusal = expectation_refusal::forbids;
    else if (one.calls >= one.most)
      made.refusal = one.listed ? expectation_refusal::answers_used : expectation_refusal::calls_used;
    else
      static_cast<void>(detail::is_in_order(one, &made));
    story.considered.push_back(std::move(made));
  }
}

}  // namespace awaitest::detail
