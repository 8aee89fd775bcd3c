// The options of the command line, one table.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../search/token.hpp"
#include "../select/tag_expression.hpp"
#include "../settings.hpp"
#include "values.hpp"

namespace awaitest::detail {

/// An option of one letter.
struct short_flag {
  char letter;
  std::string_view name;  ///< of the same one in words
};
inline constexpr short_flag short_flags[] = {
    {'h', "--help"}, {'j', "--jobs"}, {'q', "--quiet"}, {'v', "--verbose"}};

/// The concern of an option. From it follow the lines that run a test again, those that run all of them again, and the arguments
/// of a process of --isolate.
enum class option_kind : std::uint8_t {
  selects,         ///< which tests run
  arranges,        ///< in which order, how many at a time and how often
  affects_result,  ///< what any one test does, or how it is judged
  presentation,    ///< what is told, where to; or nothing is run
};

/// An option.
struct flag {
  option_kind kind;
  std::string_view name;
  std::string_view value;  ///< what it takes; empty: nothing; in brackets: optional, after `=`
  std::string_view help;
  void (*apply)(settings& to, std::string_view value);
  bool adds_up = false;  ///< given again, it holds with each value, not only with the last
};

/// "console, junit or tap".
inline std::string one_of(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out.append(i == 0 ? "" : i + 1 == names.size() ? " or " : ", ").append(names[i]);
  return out;
}
inline void parse_reporter(settings& to, std::string_view value) {
  const auto equals = value.find('=');
  reporter_choice choice{std::string(value.substr(0, equals)), {}};
  if (equals != std::string_view::npos) {
    choice.file = value.substr(equals + 1);
    if (choice.file.empty())
      throw usage_error(fmt::format("--reporter {}: the file's name is missing after the =", value));
  }
  if (std::find(to.known_reporters.begin(), to.known_reporters.end(), choice.kind) ==
      to.known_reporters.end())
    throw usage_error(fmt::format("--reporter \"{}\" is unknown: {}, each with =FILE if you like",
                                  choice.kind, detail::one_of(to.known_reporters)));
  for (const auto& other : to.reporters)
    if (other.file == choice.file)
      throw usage_error(
          choice.file.empty()
              ? fmt::format(
                    "two reporters write to standard output: give {} or {} a file, --reporter {}=FILE",
                    other.kind, choice.kind, choice.kind)
              : fmt::format("two reporters write to \"{}\": give each a file of its own", choice.file));
  to.reporters.push_back(std::move(choice));
}

inline void check_tags(std::string_view flag, std::string_view value) {
  if (const tag_expression read{value, {}}; !read.error().empty())
    throw usage_error(
        fmt::format("{} \"{}\": {}; it takes a tag, or several with and, or, not and parentheses", flag,
                    value, read.error()));
}

/// All of them, in the order of --help. `{}` in a help text are the names of the reporters.
inline const std::vector<flag>& flags() {
  using sv = std::string_view;
  using enum option_kind;
  static const std::vector<flag> all{
      {selects, "--exact", "NAME", "run the one test of this full name; never read as a pattern",
       [](settings& to, sv value) {
         if (to.exact) throw usage_error("--exact was given twice; it takes one name");
         to.exact = value;
       }},
      {selects, "--suite", "NAME",
       "run the tests of the suite of this full name, and of those in it; never a pattern",
       [](settings& to, sv value) {
         if (to.suite) throw usage_error("--suite was given twice; it takes one name");
         to.suite = value;
       }},
      {selects, "--exclude", "PATTERN", "do not run tests whose name the pattern fits; repeatable",
       [](settings& to, sv value) {
         if (value.empty())
           throw usage_error("--exclude takes a pattern; an empty one would take every test out");
         to.excluded.emplace_back(value);
       }},
      {selects, "--tag", "TAG",
       "run only tests with this tag: net, 'db*', 'net and not (slow or db)'; repeatable: any of them",
       [](settings& to, sv value) {
         detail::check_tags("--tag", value);
         to.tags.emplace_back(value);
       }},
      {selects, "--exclude-tag", "TAG", "do not run tests with this tag, as above; repeatable",
       [](settings& to, sv value) {
         detail::check_tags("--exclude-tag", value);
         to.excluded_tags.emplace_back(value);
       }},
      {presentation, "--list", "[=json|ctest[=FILE]]",
       "print the names of the selected tests, or all that is known of them, and run nothing",
       [](settings& to, sv value) {
         const auto equals = value.find('=');
         const auto kind = value.substr(0, equals);
         if (kind != "ctest" && kind != "ctest-suites" && kind != "json" && !value.empty())
           throw usage_error(
               fmt::format("--list={} is unknown: --list, --list=json or --list=ctest, the last two each "
                           "with =FILE if you like",
                           value));
         to.what = value.empty()     ? settings::action::list
                   : kind == "json"  ? settings::action::list_json
                   : kind == "ctest" ? settings::action::list_ctest
                                     : settings::action::list_suites;
         to.list_file = equals == sv::npos ? sv{} : value.substr(equals + 1);
         if (equals != sv::npos && to.list_file.empty())
           throw usage_error(fmt::format("--list={}: the file's name is missing after the =", value));
       }},
      {arranges, "--jobs", "N", "run on N threads, each with its loop; a suite stays on one (default: 1)",
       [](settings& to, sv value) {
         to.jobs = static_cast<unsigned>(detail::parse_number("--jobs", value, 1, 1024));
       }},
      {arranges, "--concurrency", "N", "let up to N tests be in flight on each loop (default: 1)",
       [](settings& to, sv value) {
         to.concurrency = static_cast<unsigned>(detail::parse_number("--concurrency", value, 1, 1'000'000));
       }},
      {arranges, "--shuffle", "", "run in an order that the seed decides",
       [](settings& to, sv) { to.shuffle = true; }},
      {presentation, "--seed", "N",
       "the seed of --shuffle and of this_test::random(); one is chosen otherwise",
       [](settings& to, sv value) {
         to.seed = detail::parse_number("--seed", value, 0, std::numeric_limits<std::uint64_t>::max());
         to.seed_given = true;
       }},
      {arranges, "--isolate", "", "run each test in a process of its own, --jobs of them at a time",
       [](settings& to, sv) { to.isolate = true; }},
      {presentation, "--repeat", "N", "run the selected tests N times",
       [](settings& to, sv value) { to.repeat = detail::parse_number("--repeat", value, 1, 1'000'000'000); }},
      {presentation, "--until-fail", "", "repeat until a round has a failure, at most --repeat times",
       [](settings& to, sv) { to.until_fail = true; }},
      {selects, "--shard", "I/N", "run only part I of N; a test's part depends on its name alone",
       [](settings& to, sv value) {
         const auto slash = value.find('/');
         if (slash == sv::npos)
           throw usage_error(fmt::format("--shard takes I/N, like 1/4, not \"{}\"", value));
         to.shards = detail::parse_number("--shard's N", value.substr(slash + 1), 1, 1'000'000);
         to.shard = detail::parse_number("--shard's I", value.substr(0, slash), 1, to.shards);
       }},
      {selects, "--durations-from", "FILE",
       "with --shard: shards that take equally long, by a report of --reporter json; the same file for each",
       [](settings& to, sv value) { to.durations_from = value; }},
      {selects, "--last-failed", "", "run what failed in the run before; everything when nothing did",
       [](settings& to, sv) { to.last_failed = true; }},
      {presentation, "--state", "FILE",
       "where the failures are kept for --last-failed (default: the program's path and .last-failed)",
       [](settings& to, sv value) { to.state_file = value; }},
      {affects_result, "--timeout", "D",
       "limit of tests that set none, in real time also of virtual ones: 500ms, 2s, 1m; 0: none at all "
       "(default: 30s)",
       [](settings& to, sv value) { to.timeout = detail::parse_duration("--timeout", value); }},
      {affects_result, "--slow-handler", "D",
       "remark on handlers that hold the loop's thread longer, in real time: 100ms; 0: none (default: 0)",
       [](settings& to, sv value) {
         to.slow_handler = detail::parse_duration("--slow-handler", value);
         to.slow_handler_given = value;
       }},
      {affects_result, "--harmless-thread", "NAME",
       "a thread of that name, as the kernel has it, holds neither virtual time nor the verdict stuck; "
       "repeatable",
       [](settings& to, sv value) {
         if (value.empty()) throw usage_error("--harmless-thread takes the name of a thread; \"\" is none");
         to.harmless_threads.emplace_back(value);
       },
       true},
      {affects_result, "--virtual-time", "[=START]",
       "run in virtual time: tests without virtual_time() or real_time(); START: when it begins, where no "
       "at() says "
       "so (default: 2000-01-01)",
       [](settings& to, sv value) {
         to.virtual_time = true;
         if (!value.empty()) to.virtual_start = detail::parse_start("--virtual-time", value);
       }},
      {affects_result, "--explore", "N", "tests with explore() try N schedules",
       [](settings& to, sv value) {
         to.explore = detail::parse_number("--explore", value, 1, 1'000'000'000);
       }},
      {affects_result, "--explore-all", "N",
       "tests without explore() try N schedules, too, unless they have real time",
       [](settings& to, sv value) {
         to.explore_all = detail::parse_number("--explore-all", value, 1, 1'000'000'000);
       }},
      {affects_result, "--explore-time", "D",
       "the longest that a test may try schedules, in real time; 0: no limit (default: 5s)",
       [](settings& to, sv value) { to.explore_time = detail::parse_duration("--explore-time", value); }},
      {affects_result, "--replay", "TOKEN",
       "run the selected test by that schedule alone, as a failure of explore() has named it",
       [](settings& to, sv value) {
         if (token_reader reads{value}; !reads.read())
           throw usage_error(fmt::format("--replay \"{}\": {}", value, reads.error()));
         to.replay = value;
       }},
      {affects_result, "--replay-strict", "",
       "a schedule to replay that does not fit the test any more fails",
       [](settings& to, sv) { to.replay_strict = true; }},
      {affects_result, "--closed-world", "",
       "nobody outside connects or sends: a test that only waits for sockets of its own process is stuck",
       [](settings& to, sv) { to.closed_world = true; }},
      {affects_result, "--unsupported", "WHAT",
       "fail or skip: tests with an option that cannot be had in this program, like virtual time (default: "
       "fail)",
       [](settings& to, sv value) {
         if (value != "fail" && value != "skip")
           throw usage_error(fmt::format("--unsupported takes fail or skip, not \"{}\"", value));
         to.skip_unsupported = value == "skip";
       }},
      {arranges, "--fail-fast", "", "begin no test after the first failure",
       [](settings& to, sv) { to.fail_fast = true; }},
      {affects_result, "--require-assertions", "", "a test that evaluates no assertion fails",
       [](settings& to, sv) { to.require_assertions = true; }},
      {presentation, "--reporter", "KIND[=FILE]",
       "{}, to a file or standard output; repeatable (default: console)",
       [](settings& to, sv value) { parse_reporter(to, value); }},
      {presentation, "--verbose", "", "name the tests that pass, too; with --list, tags and places",
       [](settings& to, sv) { to.verbosity = 1; }},
      {presentation, "--quiet", "", "of the tests, name only those that fail",
       [](settings& to, sv) { to.verbosity = -1; }},
      {presentation, "--no-capture", "",
       "let tests print to standard output and error; else it is shown with those that fail",
       [](settings& to, sv) { to.capture = false; }},
      {presentation, "--show-output", "", "show what tests print, also of those that pass",
       [](settings& to, sv) { to.show_output = true; }},
      {presentation, "--no-source", "", "without lines of the source around a failed assertion",
       [](settings& to, sv) { to.source = false; }},
      {presentation, "--durations", "N", "tell how long the N slowest tests took; 0: all of them",
       [](settings& to, sv value) {
         to.durations =
             static_cast<std::size_t>(detail::parse_number("--durations", value, 0, 1'000'000'000));
       }},
      {presentation, "--color", "WHEN",
       "always, never or auto: on a terminal, or with CLICOLOR_FORCE, unless NO_COLOR is set or TERM is dumb "
       "(default: auto)",
       [](settings& to, sv value) {
         if (value == "always")
           to.colors = settings::color::always;
         else if (value == "never")
           to.colors = settings::color::never;
         else if (value == "auto")
           to.colors = settings::color::automatic;
         else
           throw usage_error(fmt::format("--color takes always, never or auto, not \"{}\"", value));
       }},
      {presentation, "--mark", "", "", [](settings& to, sv) { to.mark = true; }},
      {presentation, "--wire", "FD", "",
       [](settings& to, sv value) {
         to.wire = static_cast<int>(detail::parse_number("--wire", value, 0, 65535));
       }},
      {presentation, "--worker", "N", "",
       [](settings& to, sv value) {
         to.first_worker = static_cast<std::size_t>(detail::parse_number("--worker", value, 0, 1023));
       }},
      {presentation, "--merge", "",
       "run nothing: read reports of --reporter json, the words that are no options, and report them as one "
       "run",
       [](settings& to, sv) { to.what = settings::action::merge; }},
      {presentation, "--completion", "SHELL", "print a completion script for bash, zsh or fish",
       [](settings& to, sv value) {
         if (value != "bash" && value != "zsh" && value != "fish")
           throw usage_error(fmt::format("--completion takes bash, zsh or fish, not \"{}\"", value));
         to.what = settings::action::completion;
         to.shell = value;
       }},
      {presentation, "--help", "", "print this and run nothing",
       [](settings& to, sv) { to.what = settings::action::help; }},
      {presentation, "--version", "", "print the version and run nothing",
       [](settings& to, sv) { to.what = settings::action::version; }},
  };
  return all;
}

}  // namespace awaitest::detail
