// The command line: what can be asked for, and what is said about a mistake.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../settings.hpp"
#include "nearest.hpp"
#include "options.hpp"
#include "words.hpp"

namespace awaitest::detail {

/// The text of --help.
inline std::string help_text(std::string_view program, const std::vector<std::string>& reporters) {
  auto out = fmt::format(
      "usage: {} [options] [pattern...]\n\n"
      "Runs the tests whose full name (suite/test) holds one of the patterns; with * or ? in it a pattern is "
      "to match the\n"
      "whole name. Without patterns, all tests run. `-PATTERN` is short for --exclude PATTERN, where it "
      "takes a test out "
      "and does\n"
      "not begin like an option. `@FILE` stands for the words in the file, and those in AWAITEST_OPTIONS "
      "come "
      "first.\n\noptions:\n",
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
    std::string help{one.help};
    if (const auto names = help.find("{}"); names != std::string::npos)
      help.replace(names, 2, detail::one_of(reporters));
    out += fmt::format("  {:<26} {}\n", head, help);
  }
  out += "\nexit codes: 0 passed, 1 failures, 2 usage, 3 nothing selected, 4 all skipped, 5 internal error\n";
  return out;
}

/// The most files of arguments: one that names itself comes to an end.
inline constexpr int most_files = 100;

/// Throws usage_error. `words` come before the arguments, as if they had been given. `reporters`: the names that --reporter takes.
inline settings parse_command_line(int argc, const char* const* argv, std::vector<std::string> reporters,
                                   std::vector<std::string> words = {}) {
  using sv = std::string_view;
  settings made;
  made.known_reporters = std::move(reporters);
  made.program = argc > 0 ? argv[0] : "test";
  if (argc > 0) words.insert(words.end(), argv + 1, argv + argc);
  bool only_patterns = false;
  int files = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!only_patterns && words[i].size() > 1 && words[i].front() == '@') {
      if (++files > most_files)
        throw usage_error(fmt::format("{}: more than {} files of arguments are given", words[i], most_files));
      auto given = detail::words_of_file(words[i].substr(1));
      words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
      words.insert(words.begin() + static_cast<std::ptrdiff_t>(i), std::make_move_iterator(given.begin()),
                   std::make_move_iterator(given.end()));
      --i;  // and on with the first of them
      continue;
    }
    std::string_view argument = words[i];
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
    const bool decides = known->kind != option_kind::presentation;
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
      if (i + 1 == words.size())
        throw usage_error(fmt::format("{} needs a value: {} {}", name, name, known->value));
      value = words[++i];
      if (decides) keep(value);
    }
    known->apply(made, value);
    if (known->kind == option_kind::affects_result) {
      if (!known->adds_up)
        std::erase_if(made.for_each_test,
                      [&](const auto& one) { return sv{one.name}.substr(0, one.name.find('=')) == name; });
      // One that may be left out is part of the same word.
      const bool apart = known->value.empty() || known->value.front() != '[';
      made.for_each_test.push_back(apart ? given_flag{std::string(name), std::string(value)}
                                         : given_flag{std::string(argument), {}});
    }
  }
  if (made.until_fail && std::none_of(words.begin(), words.end(),
                                      [](sv a) { return a == "--repeat" || a.starts_with("--repeat="); }))
    made.repeat = 0;
  if (made.exact && (!made.patterns.empty() || !made.excluded.empty() || !made.tags.empty() ||
                     !made.excluded_tags.empty() || made.suite))
    throw usage_error("--exact names one test; it cannot be combined with patterns, suites or tags");
  return made;
}

}  // namespace awaitest::detail
