// Data about a mock of which a failure tells: what was called, what was expected, and why the two did not meet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "location.hpp"

namespace awaitest {

/// The state of a call.
enum class call_state : std::uint8_t {
  called,     ///< and not awaited yet
  pending,    ///< awaited, and not answered yet
  completed,  ///< with a value
  failed,     ///< with an exception, or an error
  cancelled,  ///< while it was pending; or the mock was destroyed
  dropped     ///< its awaitable was destroyed and had never been awaited
};

inline const char* name_of(call_state state) {
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

/// A call of a mock.
struct known_call {
  std::uint64_t number = 0;  ///< from 1, in the order of the calls
  std::string spelled;       ///< `users::fetch(7)`
  std::string caller;        ///< the task; empty: the body
  call_state state = call_state::called;
  bool plain = false;       ///< of a function that nobody awaits
  bool unexpected = false;  ///< nothing expected it, or no answer was left
  std::string error;        ///< what the caller has got, where that is known
  std::int64_t called_at =
      -1;  ///< nanoseconds since the test began, as the next two; -1: outside of a test, or not at all
  std::int64_t awaited_at = -1;
  std::int64_t ended_at = -1;
};

/// An argument that an expectation does not want.
struct argument_mismatch {
  std::size_t argument = 0;  ///< from 0; `of_all`: a predicate on all of them
  std::string wanted;
  std::string got;
  std::string why;  ///< what the matcher says of it; empty: nothing
  static constexpr std::size_t of_all = ~std::size_t{0};
};

/// Why an expectation was not the one for a call.
enum class expectation_refusal : std::uint8_t {
  none,
  arguments,     ///< they differ, see `mismatches`
  forbids,       ///< the call is forbidden by it
  answers_used,  ///< it has one answer for each call, and all are used up
  calls_used,    ///< it was called as often as it may be
  turn_over,     ///< later steps of its sequence were called
  too_early      ///< an earlier step of its sequence was not called, or not completed, often enough
};

/// An expectation, and what had become of it.
struct known_expectation {
  location where;
  std::string spelled;        ///< `expect(7, _)`
  std::uint64_t least = 0;    ///< calls
  std::uint64_t most = 0;     ///< the same; `any_number_of_calls`
  std::uint64_t calls = 0;    ///< so far
  std::uint64_t answers = 0;  ///< that it has
  expectation_refusal refusal = expectation_refusal::none;
  std::vector<argument_mismatch> mismatches;
  location sequence;           ///< where that was made, as far as the refusal is one of order
  location step;               ///< the earlier step that comes too late
  bool by_completion = false;  ///< `step` is to be completed, not only called
  std::uint64_t done = 0;      ///< and that is how often it was
};
inline constexpr std::uint64_t any_number_of_calls = ~std::uint64_t{0};

/// A call that did not meet an expectation, which was met by none.
struct missed_call {
  std::uint64_t number = 0;
  std::string spelled;
  std::vector<argument_mismatch> mismatches;
  location met;  ///< the expectation that it was for; line 0: none
};

/// The calls of a mock, oldest first: the last ones, and how many came before.
struct call_history {
  bool told = false;
  bool others = false;  ///< the call that the failure is about is left out
  std::vector<known_call> calls;
  std::uint64_t earlier = 0;
  std::uint64_t not_recorded = 0;  ///< calls, in place of the others
};

/// So many are told: calls of a history, expectations that were considered, calls that did not meet one.
inline constexpr std::size_t most_calls = 20;
inline constexpr std::size_t most_considered = 10;
inline constexpr std::size_t most_missed = 5;

/// Faults that are reported of a mock.
enum class mock_fault : std::uint8_t {
  none,
  unexpected,      ///< nothing expects the call
  forbidden,       ///< an expectation forbids it
  no_answer_left,  ///< its expectation has `expectation.answers`
  no_answer,       ///< its expectation has none, and its type no default
  mock_destroyed,  ///< unexpected, and waited when its mock was destroyed
  not_cancelled,   ///< the call was to be
  never_awaited,
  unmet,         ///< the expectation
  called_again,  ///< expect_no_call()
  asked          ///< an assertion about its calls does not hold
};

/// Consequences of an unexpected call for its caller.
enum class mock_consequence : std::uint8_t { none, exception, completion, nothing_while_unwinding };

struct mock_story {
  mock_fault fault = mock_fault::none;
  std::string mock;               ///< its name
  known_call call;                ///< which the failure is about
  known_expectation expectation;  ///< the same
  std::vector<location> over;     ///< sequences in which the turn of that expectation is over
  mock_consequence consequence = mock_consequence::none;
  bool looked_for = false;                    ///< an expectation for the call, among those:
  std::vector<known_expectation> considered;  ///< the newest first
  std::uint64_t more_considered = 0;
  std::vector<missed_call> missed;
  call_history history;
  std::uint64_t count = 0;  ///< of calls that were not to be, or of those that were asked for
  bool besides = false;     ///< besides those that the test has taken
  std::string question;     ///< `awaited_once_with(7)`
  bool of_awaits = false;   ///< the question is about awaits, not calls
  bool counts = false;      ///< and `count` answers it
};

}  // namespace awaitest
