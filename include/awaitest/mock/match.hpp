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

/// Why the expectation may not be called now, by one of the orders that it is in; empty when it may.
inline std::string out_of_order(const expectation_core& one) {
  for (const auto& place : one.places) {
    auto& order = *place.in;
    refresh(order);
    if (place.number < order.reached)
      return fmt::format("its turn in the sequence made at {} is over", place_text(order.made));
    for (std::size_t i = 0; i < place.number; ++i) {
      const auto& before = order.steps[i];
      const auto done = place.by_completion ? before.completed : before.calls;
      if (done >= before.least) continue;
      const auto word = place.by_completion ? "completed" : "called";
      return fmt::format(
          "too early: in the sequence made at {} it comes after {}, which was {}", place_text(order.made),
          place_text(before.where),
          done == 0 ? fmt::format("never {}", word) : fmt::format("{} {}", word, number_text(done)));
    }
  }
  return {};
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
    if (!one->places.empty() && !detail::out_of_order(*one).empty()) continue;
    result.found = one;
    return result;
  }
  return result;
}

/// Every expectation that was considered, newest first as they were, with the reason why it was not the one.
inline void put_considered(std::string& out, const mock_core& mock, const call_core& call) {
  if (mock.expectations.empty()) {
    out += "\nnothing was expected of it";
    return;
  }
  out += "\nconsidered, the newest first:";
  constexpr std::size_t most = 10;
  std::size_t shown = 0;
  for (auto i = mock.expectations.size(); i-- > 0;) {
    if (++shown > most) {
      out += fmt::format("\n  ({} older ones)", i + 1);
      return;
    }
    const auto& one = *mock.expectations[i];
    out += fmt::format("\n  {}: {}", place_text(one.where), expectation_text(one));
    std::string why;
    one.mismatch(call, why);
    if (!why.empty()) {
      detail::put_indented(out, why, "    ");
    } else if (one.mode == expected::must_not_happen) {
      out += ": forbids it";
    } else if (one.calls >= one.most) {
      out += one.listed ? fmt::format(": its {} answer{} used up", one.answers.size(),
                                      one.answers.size() == 1 ? " is" : "s are")
                        : fmt::format(": was called {}, and may be called {}", number_text(one.calls),
                                      times_text(one.least, one.most));
    } else if (const auto order = out_of_order(one); !order.empty()) {
      out += ": " + order;
    }
  }
}

}  // namespace awaitest::detail
