// A run inside of a test: tests that are to fail, and what is reported of them, looked at from outside.
#pragma once

#include <awaitest/awaitest.hpp>
#include <awaitest/model/event.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace inner {

struct asked {
  unsigned jobs = 1;
  unsigned concurrency = 1;
  std::int64_t timeout = 60'000'000'000;  ///< of tests that set none, nanoseconds
  bool fail_fast = false;
  bool require_assertions = false;
  std::optional<std::uint64_t> explore{}, explore_all{};
  std::int64_t explore_time = 0;  ///< no limit: the machine may be busy
  std::string replay{};
  bool replay_strict = false;
  std::uint64_t seed = 1;
};

struct report {
  int code = -1;
  /// `test` is null: see `names`. The message of a failure is all that a report says of it.
  std::vector<awaitest::test_finished> tests;
  std::vector<std::string> names;
  std::vector<awaitest::failure> outside;  ///< failures of the run
  awaitest::run_finished totals;

  /// The failures of the test at `index`, as `kind: message or expression`.
  std::vector<std::string> failures(std::size_t index = 0) const;
  const awaitest::failure& failure(std::size_t index = 0, std::size_t which = 0) const {
    return tests.at(index).failures.at(which);
  }
};

/// Runs them on threads of its own, and waits for the end. Not to be called from two threads at once.
report run(const std::vector<const awaitest::test_case*>& records, const asked& how = {});

/// A record that the test program itself does not run.
inline awaitest::test_case plain(const char* name, void (*body)(),
                                 void (*options)(awaitest::option_set&) = nullptr,
                                 const awaitest::suite* suite = nullptr,
                                 awaitest::location where = awaitest::location::current()) {
  return {name, suite, where, options, body, nullptr};
}
inline awaitest::test_case async(const char* name, asio::awaitable<void> (*body)(),
                                 void (*options)(awaitest::option_set&) = nullptr,
                                 const awaitest::suite* suite = nullptr,
                                 awaitest::location where = awaitest::location::current()) {
  return {name, suite, where, options, nullptr, body};
}
/// Of one test.
inline report run(const awaitest::test_case& record, const asked& how = {}) { return run({&record}, how); }

}  // namespace inner
