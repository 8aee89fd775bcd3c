// The command line: what can be asked for, and what is said about a mistake.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <locale>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "../../config.hpp"
#include "../settings.hpp"

namespace awaitest::detail {

/// A command line that cannot be understood. The message says what is wrong and what would be right.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An option of one letter.
struct short_flag {
  char letter;
  std::string_view name;  ///< of the same one in words
};
inline constexpr short_flag short_flags[] = {
    {'h', "--help"}, {'j', "--jobs"}, {'q', "--quiet"}, {'v', "--verbose"}};

/// An option.
struct flag {
  std::string_view name;
  std::string_view value;  ///< what it takes; empty: nothing; in brackets: optional, after `=`
  std::string_view help;
  void (*apply)(settings& to, std::string_view value);
};

inline std::uint64_t parse_number(std::string_view flag, std::string_view text, std::uint64_t least,
                                  std::uint64_t most) {
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc{} || at != end || number < least || number > most)
    throw usage_error(fmt::format("{} takes a number from {} to {}, not \"{}\"", flag, least, most, text));
  return number;
}

/// `1.5s`, `200ms`, `2m`; a bare number is seconds. In nanoseconds.
inline std::int64_t parse_duration(std::string_view flag, std::string_view text) {
  // A stream, as std::from_chars takes no double in libc++ 19, and std::strtod reads what the locale says.
  const auto length = std::min(text.find_first_not_of("0123456789.e+-"), text.size());
  std::istringstream digits{std::string(text.substr(0, length))};
  digits.imbue(std::locale::classic());
  double number = 0;
  digits >> number;
  const bool is_number = !digits.fail() && digits.peek() == std::istringstream::traits_type::eof();
  const auto unit = text.substr(length);
  double factor = -1;
  if (unit == "ns") factor = 1;
  if (unit == "us") factor = 1e3;
  if (unit == "ms") factor = 1e6;
  if (unit == "s" || unit.empty()) factor = 1e9;
  if (unit == "m" || unit == "min") factor = 60e9;
  if (unit == "h") factor = 3600e9;
  if (!is_number || factor < 0 || !(number >= 0) || number * factor > 9e18)
    throw usage_error(
        fmt::format("{} takes a duration like 500ms, 2s or 1m, or 0 for none, not \"{}\"", flag, text));
  const auto nanoseconds = static_cast<std::int64_t>(number * factor);
  return number > 0 && nanoseconds == 0 ? 1 : nanoseconds;  // something, if ever so little, is not "no limit"
}

inline void parse_reporter(settings& to, std::string_view value) {
  const auto equals = value.find('=');
  reporter_choice choice{std::string(value.substr(0, equals)), {}};
  if (equals != std::string_view::npos) {
    choice.file = value.substr(equals + 1);
    if (choice.file.empty())
      throw usage_error(fmt::format("--reporter {}: the file's name is missing after the =", value));
  }
  if (choice.kind != "console" && choice.kind != "junit")
    throw usage_error(fmt::format(
        "--reporter \"{}\" is unknown: console or junit, each with =FILE if you like", choice.kind));
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

inline const std::vector<flag>& flags() {
  using sv = std::string_view;
  static const std::vector<flag> all{
      {"--exact", "NAME", "run the one test of this full name; never read as a pattern",
       [](settings& to, sv value) {
         if (to.exact) throw usage_error("--exact was given twice; it takes one name");
         to.exact = value;
       }},
      {"--exclude", "PATTERN", "do not run tests whose name the pattern fits; repeatable",
       [](settings& to, sv value) {
         if (value.empty())
           throw usage_error("--exclude takes a pattern; an empty one would take every test out");
         to.excluded.emplace_back(value);
       }},
      {"--tag", "TAG", "run only tests with this tag; repeatable: any of them; * and ? as in patterns",
       [](settings& to, sv value) { to.tags.emplace_back(value); }},
      {"--exclude-tag", "TAG", "do not run tests with this tag; repeatable",
       [](settings& to, sv value) { to.excluded_tags.emplace_back(value); }},
      {"--list", "[=ctest[=FILE]]", "print the names of the selected tests, or CTest's list, and run nothing",
       [](settings& to, sv value) {
         const auto equals = value.find('=');
         const auto kind = value.substr(0, equals);
         if (kind != "ctest" && !value.empty())
           throw usage_error(
               fmt::format("--list={} is unknown: --list, --list=ctest or --list=ctest=FILE", value));
         to.what = value.empty() ? settings::action::list : settings::action::list_ctest;
         to.list_file = equals == sv::npos ? sv{} : value.substr(equals + 1);
         if (equals != sv::npos && to.list_file.empty())
           throw usage_error("--list=ctest=: the file's name is missing after the =");
       }},
      {"--jobs", "N", "run on N threads, each with its loop; a suite stays on one (default: 1)",
       [](settings& to, sv value) {
         to.jobs = static_cast<unsigned>(detail::parse_number("--jobs", value, 1, 1024));
       }},
      {"--concurrency", "N", "let up to N tests be in flight on each loop (default: 1)",
       [](settings& to, sv value) {
         to.concurrency = static_cast<unsigned>(detail::parse_number("--concurrency", value, 1, 1'000'000));
       }},
      {"--shuffle", "", "run in an order that the seed decides", [](settings& to, sv) { to.shuffle = true; }},
      {"--seed", "N", "the seed of --shuffle and of this_test::random(); one is chosen otherwise",
       [](settings& to, sv value) {
         to.seed = detail::parse_number("--seed", value, 0, std::numeric_limits<std::uint64_t>::max());
         to.seed_given = true;
       }},
      {"--isolate", "", "run each test in a process of its own, --jobs of them at a time",
       [](settings& to, sv) { to.isolate = true; }},
      {"--repeat", "N", "run the selected tests N times",
       [](settings& to, sv value) { to.repeat = detail::parse_number("--repeat", value, 1, 1'000'000'000); }},
      {"--until-fail", "", "repeat until a round has a failure, at most --repeat times",
       [](settings& to, sv) { to.until_fail = true; }},
      {"--shard", "I/N", "run only part I of N; a test's part depends on its name alone",
       [](settings& to, sv value) {
         const auto slash = value.find('/');
         if (slash == sv::npos)
           throw usage_error(fmt::format("--shard takes I/N, like 1/4, not \"{}\"", value));
         to.shards = detail::parse_number("--shard's N", value.substr(slash + 1), 1, 1'000'000);
         to.shard = detail::parse_number("--shard's I", value.substr(0, slash), 1, to.shards);
       }},
      {"--last-failed", "", "run what failed in the run before; everything when nothing did",
       [](settings& to, sv) { to.last_failed = true; }},
      {"--state", "FILE",
       "where the failures are kept for --last-failed (default: the program's path and .last-failed)",
       [](settings& to, sv value) { to.state_file = value; }},
      {"--timeout", "D",
       "limit of tests that set none, in real time also of virtual ones: 500ms, 2s, 1m; 0: none (default: "
       "30s)",
       [](settings& to, sv value) {
         to.timeout = detail::parse_duration("--timeout", value);
         to.timeout_given = value;
       }},
      {"--slow-handler", "D",
       "remark on handlers that hold the loop's thread longer, in real time: 100ms; 0: none (default: 0)",
       [](settings& to, sv value) {
         to.slow_handler = detail::parse_duration("--slow-handler", value);
         to.slow_handler_given = value;
       }},
      {"--virtual-time", "", "run in virtual time: tests without virtual_time() or real_time()",
       [](settings& to, sv) { to.virtual_time = true; }},
      {"--fail-fast", "", "begin no test after the first failure",
       [](settings& to, sv) { to.fail_fast = true; }},
      {"--require-assertions", "", "a test that evaluates no assertion fails",
       [](settings& to, sv) { to.require_assertions = true; }},
      {"--reporter", "KIND[=FILE]",
       "console or junit, to a file or standard output; repeatable (default: console)",
       [](settings& to, sv value) { parse_reporter(to, value); }},
      {"--verbose", "", "name the tests that pass, too; with --list, tags and places",
       [](settings& to, sv) { to.verbosity = 1; }},
      {"--quiet", "", "of the tests, name only those that fail", [](settings& to, sv) { to.verbosity = -1; }},
      {"--color", "WHEN",
       "always, never or auto: on a terminal, unless NO_COLOR is set or TERM is dumb (default: auto)",
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
      {"--mark", "", "", [](settings& to, sv) { to.mark = true; }},
      {"--wire", "FD", "",
       [](settings& to, sv value) {
         to.wire = static_cast<int>(detail::parse_number("--wire", value, 0, 65535));
       }},
      {"--worker", "N", "",
       [](settings& to, sv value) {
         to.first_worker = static_cast<std::size_t>(detail::parse_number("--worker", value, 0, 1023));
       }},
      {"--help", "", "print this and run nothing",
       [](settings& to, sv) { to.what = settings::action::help; }},
      {"--version", "", "print the version and run nothing",
       [](settings& to, sv) { to.what = settings::action::version; }},
  };
  return all;
}

inline std::string help_text(std::string_view program) {
  auto out = fmt::format(
      "usage: {} [options] [pattern...]\n\n"
      "Runs the tests whose full name (suite/test) holds one of the patterns; with * or ? in it a pattern is "
      "to match the\n"
      "whole name. Without patterns, all tests run. `-PATTERN` is short for --exclude PATTERN, where it "
      "takes a test out "
      "and does\n"
      "not begin like an option.\n\noptions:\n",
      program);
  for (const auto& one : flags()) {
    if (one.help.empty()) continue;  // between awaitest and itself
    auto head = std::string(one.name);
    for (const auto& [letter, name] : short_flags)
      if (name == one.name) head += fmt::format(", -{}", letter);
    if (!one.value.empty()) {
      if (one.value.front() != '[') head += ' ';
      head += one.value;
    }
    out += fmt::format("  {:<26} {}\n", head, one.help);
  }
  out += "\nexit codes: 0 passed, 1 failures, 2 usage, 3 nothing selected, 4 all skipped, 5 internal error\n";
  return out;
}

inline std::size_t edit_distance(std::string_view a, std::string_view b) {  // Levenshtein's
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row.back();
}

inline std::string_view nearest_flag(std::string_view unknown) {
  const auto distance = [&](const flag& one) {
    const std::size_t for_people = one.help.empty() ? 1000 : 0;
    return detail::edit_distance(unknown, one.name) + for_people;
  };
  return std::min_element(flags().begin(), flags().end(),
                          [&](const flag& a, const flag& b) { return distance(a) < distance(b); })
      ->name;
}

/// A word that begins with one dash and is nothing that is known.
inline usage_error unknown_word(std::string_view word) {
  auto near = std::string(detail::nearest_flag(word));
  auto distance = detail::edit_distance(word, near);
  for (const auto& [letter, name] : short_flags)
    if (const auto shorter = std::string{'-', letter}; detail::edit_distance(word, shorter) < distance) {
      near = shorter;
      distance = detail::edit_distance(word, near);
    }
  return usage_error(fmt::format("unknown option {}; did you mean {}, or --exclude {}? --help lists them all",
                                 word, near, word.substr(1)));
}

/// A word that begins as an option does, and a letter alone, is never a pattern.
inline bool begins_like_a_short_option(std::string_view word) {
  const char c = word[1];
  return std::any_of(std::begin(short_flags), std::end(short_flags),
                     [c](const auto& one) { return one.letter == c; }) ||
         (word.size() == 2 && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')));
}

/// Options that a reproduction does without, or that have another value there.
inline constexpr std::string_view about_reports[] = {"--seed",     "--repeat", "--until-fail",
                                                     "--reporter", "--color",  "--state",
                                                     "--verbose",  "--quiet",  "--mark"};

inline settings parse_command_line(int argc, const char* const* argv) {
  using sv = std::string_view;
  settings made;
  made.program = argc > 0 ? argv[0] : "test";
  bool only_patterns = false;
  for (int i = 1; i < argc; ++i) {
    std::string_view argument = argv[i];
    std::string_view value_behind;  // -j4
    if (!only_patterns && argument.size() > 1 && argument[0] == '-' && argument[1] != '-') {
      const auto letter = std::find_if(std::begin(short_flags), std::end(short_flags),
                                       [&](const short_flag& one) { return one.letter == argument[1]; });
      if (letter != std::end(short_flags) && (argument.size() == 2 || letter->letter == 'j')) {
        value_behind = argument.substr(2);
        argument = letter->name;
      } else if (detail::begins_like_a_short_option(argument)) {
        throw detail::unknown_word(argument);
      }
    }
    const auto keep = [&made](std::string_view word) { made.what_runs.emplace_back(word); };
    if (only_patterns || !argument.starts_with("--")) {
      keep(argument);
      if (!only_patterns && argument.starts_with('-')) {
        if (argument.size() == 1)
          throw usage_error("a single `-` excludes nothing: put the pattern right behind it");
        made.dashed.emplace_back(argument);
        made.excluded.emplace_back(argument.substr(1));
      } else if (argument.empty()) {
        throw usage_error("an empty pattern selects nothing; leave it out to run all tests");
      } else {
        made.patterns.emplace_back(argument);
      }
      continue;
    }
    if (argument == "--") {
      only_patterns = true;
      keep(argument);
      continue;
    }
    const auto equals = argument.find('=');
    const auto name = argument.substr(0, equals);
    const auto known =
        std::find_if(flags().begin(), flags().end(), [&](const flag& f) { return f.name == name; });
    if (known == flags().end())
      throw usage_error(fmt::format("unknown option {}; did you mean {}? --help lists them all", name,
                                    detail::nearest_flag(name)));
    const bool decides = std::none_of(std::begin(about_reports), std::end(about_reports),
                                      [&](std::string_view one) { return one == name; });
    if (decides) keep(argument);
    std::string_view value;
    if (equals != std::string_view::npos) {
      if (known->value.empty())
        throw usage_error(
            fmt::format("{} takes no value, but was given \"{}\"", name, argument.substr(equals + 1)));
      value = argument.substr(equals + 1);
    } else if (!value_behind.empty()) {
      value = value_behind;
      if (decides) keep(value);
    } else if (!known->value.empty() && known->value.front() != '[') {
      if (i + 1 == argc) throw usage_error(fmt::format("{} needs a value: {} {}", name, name, known->value));
      value = argv[++i];
      if (decides) keep(value);
    }
    known->apply(made, value);
  }
  if (made.until_fail &&
      std::none_of(argv, argv + argc, [](sv a) { return a == "--repeat" || a.starts_with("--repeat="); }))
    made.repeat = 0;
  if (made.exact &&
      (!made.patterns.empty() || !made.excluded.empty() || !made.tags.empty() || !made.excluded_tags.empty()))
    throw usage_error("--exact names one test; it cannot be combined with patterns or tags");
  return made;
}

}  // namespace awaitest::detail
