// The settings that a command line asks for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../model/options.hpp"

namespace awaitest {

struct reporter_choice {
  std::string kind;  ///< of the known ones
  std::string file;  ///< empty: standard output
};

/// An option as it was given.
struct given_flag {
  std::string name;
  std::string value;  ///< empty: it takes none
};

struct settings {
  enum class action : std::uint8_t {
    run,
    list,
    list_ctest,
    list_suites,
    list_json,
    merge,
    completion,
    help,
    version
  };
  enum class color : std::uint8_t { automatic, always, never };

  action what = action::run;
  std::string list_file;  ///< of --list=ctest and --list=json; empty: standard output
  std::string shell;      ///< of --completion
  std::optional<std::string> exact;
  std::vector<std::string> patterns;  ///< of --merge: the parts
  std::vector<std::string> excluded;
  std::vector<std::string> dashed;  ///< words like `-slow`, as written, whose patterns are among the excluded
  std::vector<std::string> tags;
  std::vector<std::string> excluded_tags;
  std::optional<std::string> suite;        ///< the full name of one
  std::optional<std::string> filter;       ///< a pattern besides, of the engine that runs this program
  std::vector<reporter_choice> reporters;  ///< empty: console
  std::uint64_t seed = 0;
  bool seed_given = false;
  bool shuffle = false;
  bool fail_fast = false;
  bool require_assertions = false;
  bool closed_world = false;  ///< for all tests
  bool virtual_time = false;  ///< of tests that do not say which they have
  std::int64_t virtual_start =
      default_start;                     ///< of tests that do not say when: nanoseconds of the Unix epoch
  std::optional<std::uint64_t> explore;  ///< schedules of a test with explore()
  std::optional<std::uint64_t>
      explore_all;  ///< and of the others that can be in virtual time; none: they have one
  std::int64_t explore_time = 5'000'000'000;  ///< nanoseconds of a test, by the machine's clock; 0: no limit
  std::string replay;                         ///< a token; empty: none
  bool replay_strict = false;                 ///< one that does not fit fails
  bool skip_unsupported = false;  ///< tests with an option that cannot be had here; else they fail
  bool isolate = false;           ///< a process for each test
  bool until_fail = false;
  std::uint64_t repeat = 1;             ///< rounds; 0 with until_fail: no end
  std::uint64_t shard = 1, shards = 1;  ///< this one, counted from 1, of how many
  bool nothing_is_fine = false;         ///< to an engine: that no test is to run, or all are skipped
  std::string exit_file;       ///< of an engine: there while the run has not come to its end; empty: none
  std::string durations_from;  ///< a report by which shards are balanced; empty: none
  bool last_failed = false;
  std::string state_file;        ///< empty: beside the program
  bool mark = false;             ///< for CTest: a mark at the end, see end_mark
  int wire = -1;                 ///< the descriptor on which a process of --isolate reports
  std::size_t first_worker = 0;  ///< what its worker is called
  unsigned jobs = 1;
  unsigned concurrency = 1;               ///< tests in flight on one loop
  std::int64_t timeout = 30'000'000'000;  ///< nanoseconds; 0: none
  std::int64_t slow_handler = 0;          ///< nanoseconds; 0: none is remarked on
  std::vector<std::string> harmless_threads;
  std::string slow_handler_given;  ///< as written
  color colors = color::automatic;
  std::optional<std::size_t> durations;  ///< how many of the slowest tests are told; 0: all
  bool capture = true;                   ///< what tests print
  bool show_output = false;              ///< of tests that pass, too
  bool source = true;                    ///< lines of it around a failed assertion
  int verbosity = 0;  ///< above 0: also what passed; below: only what failed, and the last line
  std::string program;
  std::vector<std::string> what_runs;     ///< of the arguments, those that decide it, without the seed
  std::vector<given_flag> for_each_test;  ///< of the options, those that affect the result of a test
  std::vector<std::string> known_reporters;
};

}  // namespace awaitest
