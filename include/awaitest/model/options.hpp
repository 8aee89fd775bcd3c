// The options of a test: those of its suites and its own, merged.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace awaitest {

struct fixture_type;

/// Which clock a test has.
enum class test_time : std::uint8_t { of_the_run, real, jumping, manual };

/// The start of virtual time where no option says otherwise: 2000-01-01T00:00:00Z, in nanoseconds of the Unix epoch.
inline constexpr std::int64_t default_start = 946'684'800'000'000'000;

/// One option as an author writes it: plain data, so that a list of them costs a test file next to nothing.
/// The text is read before the full expression ends, and copied by whoever keeps it.
struct option {
  enum class kind : std::uint8_t {
    none,
    tag,
    timeout,
    serial,
    resource,
    skip,
    should_fail,
    retries,
    repeat,
    allow_leaks,
    closed_world,
    uses,
    isolated,
    virtual_time,
    real_time,
    explore,
    replay
  };

  kind what = kind::none;
  std::int64_t number =
      0;  ///< timeout: nanoseconds, 0 for no limit; retries, repeat, explore: how many; virtual_time: the start
  std::string_view text[4] =
      {};  ///< virtual_time: not empty when time is moved by hand; explore: what else; replay: the token
  const fixture_type* fixture = nullptr;  ///< uses
};

/// The options of one test, outer suites first, the test's own last. Lists grow; single values are overwritten.
struct option_set {
  std::vector<std::string> tags;
  std::vector<std::string> resources;
  std::vector<const fixture_type*> fixtures;  ///< of uses<T>(): set up before the body
  std::string skip_reason;
  std::string failure_reason;
  std::vector<std::string> errors;  ///< values that make no sense; the run refuses to start with them
  std::int64_t timeout = -1;        ///< nanoseconds; 0: none; -1: the run's default
  std::int64_t retries = 0;
  std::int64_t repeat = 1;
  bool serial = false;
  bool skipped = false;
  bool should_fail = false;
  bool allow_leaks = false;
  bool closed_world = false;  ///< nobody outside of the process connects or sends
  bool isolated = false;
  test_time time = test_time::of_the_run;
  std::int64_t start = default_start;  ///< of virtual time
  std::int64_t schedules = 0;          ///< to explore at most; 0: none but first-in first-out
  bool posts_reordered = false;        ///< what one origin posts may change places
  bool exhaustive = false;             ///< until there are no more
  std::string replayed;                ///< a token; empty: none

  void add(std::initializer_list<option> given);  // impl/options.hpp
};

}  // namespace awaitest
