// The events of a run, as plain structs closed by one variant. A reporter is a type with `report(const event&)`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "ending.hpp"
#include "explored.hpp"
#include "location.hpp"
#include "mocked.hpp"
#include "printed.hpp"
#include "socket.hpp"
#include "wait.hpp"

namespace awaitest {

/// Why a failure is one. The words a person sees are chosen by the reporter.
enum class failure_kind : std::uint8_t {
  assertion,   ///< a CHECK or REQUIRE
  explicitly,  ///< FAIL
  exception,   ///< something escaped from the body, a child, a cleanup or a handler
  timeout,
  stuck,              ///< nothing can ever wake the test again
  dropped,            ///< the coroutine was destroyed before it completed
  leak,               ///< operations or coroutines outlived the test
  blocked,            ///< a handler never gave the loop back
  crashed,            ///< a signal, or exit() inside a test
  fixture,            ///< a fixture that the test uses could not be set up
  misuse,             ///< awaitest was used in a way that it cannot honour
  unexpected_call,    ///< of a mock
  unmet_expectation,  ///< of a mock
  unawaited_call,     ///< of a mock: its awaitable was destroyed
  unexpected_pass,
  no_assertions,
  unsupported,   ///< an option of the test cannot be had in this program: it was not run
  interrupted,   ///< somebody has ended the process: Ctrl-C, kill
  undetermined,  ///< one schedule has run in two ways
  not_reached    ///< this_test::reached, by none of the schedules
};
inline constexpr std::size_t failure_kinds = static_cast<std::size_t>(failure_kind::not_reached) + 1;

/// One INFO or CAPTURE that was alive when an assertion failed.
struct note {
  location where;
  std::string text;
  std::size_t subtest =
      0;  ///< which of the test's begins there; no failure that is told has one among its notes
};

/// A side of `a && b` or `a || b`, and what it was.
struct logical_side {
  bool value = false;
  std::vector<std::string> any_of;  ///< as written; several: one of them, which one is not known
};

/// So many failures of each kind are kept and told of a test, the first ones, and so many that belong to no test. The rest is
/// counted: a loop that fails for ever is to cost no memory.
inline constexpr std::size_t most_failures = 100;

struct failure {
  failure_kind kind = failure_kind::assertion;
  location where;
  std::string macro;                   ///< CHECK, REQUIRE_THAT, ...; empty when no macro was involved
  std::string expression;              ///< as written
  printed left, right;                 ///< both empty when the expression was not a comparison
  std::string relation;                ///< `==`, `<`, ...; empty when there is no right side
  std::vector<logical_side> operands;  ///< where the expression is made of several: those that are known
  std::string expected;                ///< of a matcher or an exception: what was wanted
  std::string message;                 ///< whatever else is to be said; may have several lines
  std::string thrown;   ///< of an exception: the functions that it has come through, the innermost first
  std::string work;     ///< of one that tells of a limit: the coroutines that waited, in the same way
  std::string task;     ///< empty for the body; else the child, cleanup or phase
  std::string subtest;  ///< empty: in none; nested ones are joined by `/`
  std::vector<note> notes;
  std::vector<mock_story> mocks;      ///< that it is about: one, or none
  concluded ended;                    ///< of a test that got no further
  process_ending ending;              ///< of a process that ends, or has ended, out of its turn
  std::vector<known_wait> waits;      ///< of a test that got no further, or what has outlived it
  std::uint64_t more_waits = 0;       ///< that are only counted: see most_waits
  std::uint64_t operations = 0;       ///< of a leak: so many of Asio
  std::uint64_t coroutines = 0;       ///< and so many that wait
  std::vector<known_socket> sockets;  ///< that such a test waits for, and their other ends
  std::vector<happening> before;      ///< of a test that got no further: what happened last, oldest first
  std::int64_t elapsed = 0;           ///< nanoseconds since the test began
  bool in_virtual_time = false;       ///< of which that is
  std::vector<std::string>
      described;  ///< all lines, where it is known from a report alone: the rest says less
};

enum class outcome : std::uint8_t { passed, failed, skipped, expected_failure };

/// A test as reporters see it.
struct test_info {
  std::string name;   ///< full
  std::string suite;  ///< the names of the suites, joined by `/`; empty at the top
  location where;
  std::vector<std::string> tags;
};

struct run_started {
  std::size_t selected = 0;
  std::size_t known = 0;
  std::uint64_t seed = 0;
  bool shuffled = false;
  std::string program;               ///< argv[0]
  std::vector<std::string> options;  ///< of a reproduction of a test, besides --exact and --seed
  std::vector<std::string>
      arguments;  ///< and one of the whole run, besides --seed; empty: the tests ran one by one
};

struct test_started {
  const test_info* test = nullptr;
};

/// Why there is an attempt at a test.
enum class attempt_purpose : std::uint8_t {
  first,
  repeat,  ///< of repeat(n): the one before has passed
  retry    ///< of retries(n): the one before has failed
};

/// A failure at the moment when it is found, a failed assertion's above all. The test's end has it again.
struct failure_found {
  const test_info* test = nullptr;
  failure what;
  std::uint64_t attempt = 0;  ///< from 0
  attempt_purpose purpose = attempt_purpose::first;
  bool provisional = false;  ///< it decides nothing yet: a retry may make it good, or should_fail() wants it
};

/// A SUBTEST that was entered.
struct subtest_result {
  std::string name;  ///< within the test; nested ones are joined by `/`
  location where;
  outcome result = outcome::passed;
  std::string reason;  ///< of a skip
};
/// So many of a test are told.
inline constexpr std::size_t most_subtests = 1000;

struct test_finished {
  const test_info* test = nullptr;
  outcome result = outcome::passed;
  std::vector<failure> failures;  ///< also those of attempts that a retry made good; then result is `passed`
  std::uint64_t more_failures = 0;  ///< that are only counted: see most_failures
  std::string reason;               ///< of a skip or an expected failure
  std::uint64_t checks = 0;         ///< assertions evaluated, over all attempts
  std::uint64_t seed = 0;
  std::int64_t elapsed = 0;  ///< nanoseconds, over all attempts
  std::uint32_t attempts = 1;
  bool no_assertions = false;        ///< passed without evaluating any
  std::vector<std::string> remarks;  ///< what is to be said of it whatever the result
  std::string output;  ///< what was printed while it ran: of a test that failed, or of all with --show-output
  std::vector<std::string> output_with;  ///< tests that were in flight meanwhile: it may be theirs
  std::uint64_t more_output_with = 0;    ///< that are only counted
  std::vector<subtest_result> subtests;  ///< in the order in which they were first entered
  std::uint64_t more_subtests = 0;       ///< that are only counted: see most_subtests
  std::vector<explored> searches;        ///< over its schedules, in the last attempt: one, or none
};

/// A failure that belongs to no test: an assertion on an unknown thread, a report that cannot be written.
struct run_failure {
  failure what;
};

struct run_finished {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
  std::size_t expected_failures = 0;
  std::size_t not_run = 0;
  std::size_t run_failures = 0;
  std::uint64_t checks = 0;
  std::int64_t elapsed = 0;
  std::vector<std::string> without_assertions;
  bool interrupted = false;  ///< the process is ending before the run does: say what is known
};

/// Grows when a field of an event changes its meaning or goes; a new one does not count.
inline constexpr int event_version = 1;

using event =
    std::variant<run_started, test_started, failure_found, test_finished, run_failure, run_finished>;

}  // namespace awaitest
