// Everything that is compiled once in a program of tests, and its main. Included in exactly one file; or link
// awaitest::main, which is that file. With AWAITEST_NO_MAIN the file brings its own main and calls awaitest::run.
//
// Longer than other headers: it alone sees the runner and the reports, and joins them.
#pragma once

#include "author/tracking/needs_main.hpp"
#include "config.hpp"

AWAITEST_HOLDS_MAIN_;  // in front of all else

#if defined(_WIN32)
#error \
    "awaitest runs tests on POSIX systems only: on Windows files with tests compile, <awaitest/main.hpp> does not"
#include <stopped_by_the_error_above>
#endif

#include "model/asio_names.hpp"

#include AWAITEST_ASIO_DETAIL(config.hpp)
#include AWAITEST_ASIO(version.hpp)

#if ASIO_VERSION < 102801 && defined(ASIO_HAS_IO_URING_AS_DEFAULT)
#error \
    "Asio before 1.28.1 crashes where io_uring is its default: take a later one, or compile without ASIO_DISABLE_EPOLL"
#include <stopped_by_the_error_above>
#endif

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Warnings for which there is no call in what nobody outside of this file includes: a class whose virtual functions are all
// inline, an exact comparison of numbers, a `default` for all other enumerators, a cast that another platform needs, a null pointer
// that only the optimiser supposes.
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wfloat-equal"
#pragma GCC diagnostic ignored "-Wswitch-enum"
#if defined(__clang__)
#pragma GCC diagnostic ignored "-Wctad-maybe-unsupported"
#pragma GCC diagnostic ignored "-Wdisabled-macro-expansion"
#pragma GCC diagnostic ignored "-Wexit-time-destructors"
#pragma GCC diagnostic ignored "-Wglobal-constructors"
#pragma GCC diagnostic ignored "-Wreserved-identifier"
#pragma GCC diagnostic ignored "-Wweak-vtables"
#else
#pragma GCC diagnostic ignored "-Wcatch-value"
#pragma GCC diagnostic ignored "-Wnull-dereference"
#pragma GCC diagnostic ignored "-Wredundant-tags"
#pragma GCC diagnostic ignored "-Wuseless-cast"
#endif
#endif

#include "awaitest.hpp"
#include "impl/approx.hpp"
#include "impl/assertions.hpp"
#include "impl/await.hpp"
#include "impl/cases.hpp"
#include "impl/current.hpp"
#include "impl/exits.hpp"
#include "impl/expectation.hpp"
#include "impl/fixture.hpp"
#include "impl/match.hpp"
#include "impl/options.hpp"
#include "impl/print.hpp"
#include "impl/spawn.hpp"
#include "impl/sync.hpp"
#include "impl/test.hpp"
#include "impl/threads.hpp"
#include "impl/throws.hpp"
#include "impl/time.hpp"
#include "impl/tracking.hpp"
#include "mock/calls.hpp"
#include "mock/history.hpp"
#include "mock/operation.hpp"
#include "model/own_descriptors.hpp"
#include "platform/made_exceptions.hpp"
#include "platform/thread_start.hpp"
#include "report/describe.hpp"
#include "report/github.hpp"
#include "report/parts.hpp"
#include "report/printable.hpp"
#include "report/reporters.hpp"
#include "report/wire.hpp"
#include "run/cli/color.hpp"
#include "run/cli/command_line.hpp"
#include "run/cli/completion.hpp"
#include "run/cli/environment.hpp"
#include "run/cli/known_names.hpp"
#include "run/cli/listing.hpp"
#include "run/end_mark.hpp"
#include "run/select/balance.hpp"
#include "run/select/last_failed.hpp"
#include "run/select/registry.hpp"
#include "run/select/replayed.hpp"
#include "run/session.hpp"
#include "run/watch/process_end.hpp"
#include "run/watch/start_and_end.hpp"
#include "time/libc_clocks.hpp"
#include "time/libc_descriptors.hpp"
#include "time/libc_waits.hpp"

namespace awaitest {

namespace detail {

/// One line on standard error.
inline void complain(std::string_view text) {
  detail::say(fmt::format("awaitest: {}\n", reporting::printable(text)));
}

std::vector<std::string> describe_outside(const failure& what) { return reporting::describe(what); }
std::string words_for_ending(const process_ending& end) { return reporting::words_for(end); }
std::string words_for_mock(const mock_story& story) { return reporting::words_for(story); }

/// Standard input, output and error that the program was started without become descriptors that nothing can be read from or
/// written to: whatever is opened next does not take their numbers, and what is meant for them.
inline void occupy_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    const int opened = ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (opened >= 0 && opened != descriptor) {
      ::dup2(opened, descriptor);
      ::close(opened);
    }
  }
}

inline int say_nothing_selected(const settings& asked, const selection& chosen) {
  if (asked.suite && chosen.known != 0) {
    detail::complain(fmt::format("no selected test is in a suite of the full name \"{}\"; {} tests are known",
                                 *asked.suite, chosen.known));
  } else if (asked.exact) {
    auto text = fmt::format("no test is named \"{}\"; {} are known", *asked.exact, chosen.known);
    if (const auto near = nearest_name(*asked.exact); !near.empty())
      text += fmt::format("; did you mean \"{}\"?", near);
    detail::complain(text);
  } else if (chosen.known == 0) {
    detail::complain("this program holds no test");
  } else {
    detail::complain(fmt::format(
        "none of the {} tests is selected by this command line; --list without it names them", chosen.known));
  }
  return nothing_selected;
}

/// To a file, or to standard output where its name is empty.
inline int print_text(const std::string& file, std::string_view text) {
  try {
    output to{file};
    to.write(text);
    to.finish();
    if (to.error().empty()) return all_passed;
    detail::complain(to.error());
    return broken;
  } catch (const unwritable& e) {
    detail::complain(fmt::format("--list: \"{}\" cannot be written: {}", file, e.code().message()));
    return bad_usage;
  }
}

inline std::vector<std::string> names_of_reporters() {
  std::vector<std::string> names;
  for (const auto& one : reporting::reporters()) names.push_back(one.name);
  return names;
}

/// The reports of a run, made before it begins.
class reports {
 public:
  /// A report that cannot be written is an error, which is told; the others are made all the same. Where none is left, the default one
  /// goes to standard output.
  reports(const settings& asked, std::vector<reporter_choice> choices, event_sink& sink,
          bool prints_elsewhere = false)
      : alone_{prints_elsewhere} {
    const reporter_choice by_default{reporting::reporters().front().name, {}};
    if (choices.empty()) choices.push_back(by_default);
    for (const auto& choice : choices) {
      try {
        add(asked, choice, sink);
      } catch (const unwritable& e) {
        unwritable_ = true;
        detail::complain(std::string("--reporter: ") + e.what());
      }
    }
    if (reporters_.empty()) add(asked, by_default, sink);
  }

  /// The run is over. True when all of them are complete; else what is wrong is told.
  bool are_complete() const {
    bool fine = !unwritable_;
    for (const auto& to : outputs_)
      if (const auto error = to->error(); !error.empty()) {
        detail::complain(error);
        fine = false;
      }
    // Text that could not be written to a pipe is tried once more when the process ends.
    if (!fine) ::signal(SIGPIPE, SIG_IGN);
    return fine;
  }

 private:
  void add(const settings& asked, const reporter_choice& choice, event_sink& sink) {
    const auto row = reporting::find_reporter(choice.kind);
    auto to = std::make_unique<output>(choice.file, row.form);
    const bool on_terminal = choice.file.empty() && ::isatty(own_descriptors::output) == 1;
    const report_style style{
        .colored = wants_color(asked, on_terminal),
        .now = &real_now,
        .live = on_terminal && alone_ && asked.verbosity >= 0 && detail::variable("TERM") != "dumb",
        .source = asked.source,
        .verbosity = asked.verbosity,
        .durations = asked.durations};
    reporters_.push_back(row.make(*to, style));
    outputs_.push_back(std::move(to));
    auto* const made = reporters_.back().get();
    sink.add([made](const event& what) { made->report(what); }, [made] { made->refresh(); });
  }

  std::vector<std::unique_ptr<output>> outputs_;
  std::vector<std::unique_ptr<event_reporter>> reporters_;
  bool unwritable_ = false;
  bool alone_;  // what tests print does not go to the terminal
};

inline int run_with_reporters(const settings& asked, selection chosen, failure_memory& memory) {
  event_sink sink;
  sink.add([&memory](const event& what) { memory.report(what); });
  std::optional<captured_output> prints;  // before the reports, which go where it did
  if (asked.capture && asked.wire < 0 && !asked.isolate && !detail::is_traced()) {
    for (const auto& choice : asked.reporters)
      output::reserve(choice.file, reporting::find_reporter(choice.kind).form);
    prints.emplace(asked.show_output);
    if (!prints->works())
      detail::complain("what tests print is not captured: no file for it can be made in TMPDIR or /tmp");
  }
  std::optional<reports> told;
  if (asked.wire >= 0) {
    sink.add([reporter = std::make_shared<wire_reporter>(asked.wire)](const event& what) {
      reporter->report(what);
    });
  } else {
    told.emplace(asked, asked.reporters, sink, asked.isolate ? asked.capture : prints && prints->works());
    for (const auto& listener : reporting::listeners()) sink.add(listener);
    if (detail::variable("GITHUB_ACTIONS") ==
        "true")  // CTest runs a program for each test: that is no summary
      sink.add([made = std::make_shared<github_reporter>(
                    std::string(detail::variable("GITHUB_WORKSPACE")),
                    std::string(asked.mark ? std::string_view{} : detail::variable("GITHUB_STEP_SUMMARY")))](
                   const event& what) { made->report(what); });
  }
  std::vector<std::string> reproduce;
  for (const auto& one : asked.for_each_test) {
    reproduce.push_back(one.name);
    if (!one.value.empty()) reproduce.push_back(one.value);
  }
  auto code = detail::run_tests(asked, std::move(chosen.tests), chosen.known, sink, reproduce,
                                prints ? &*prints : nullptr);
  if (!memory.error().empty()) {
    detail::complain(memory.error());
    if (code != some_failed) code = broken;
  }
  if (told && !told->are_complete() && code != some_failed) code = broken;
  return code == all_skipped && asked.nothing_is_fine ? all_passed : code;
}

/// --merge: the exit code is the one of a run of all parts.
inline int merge_parts(const settings& asked) {
  if (asked.patterns.empty())
    throw usage_error("--merge needs the files that are to be merged: --merge part-1.json part-2.json");
  reporting::parts all;
  for (const auto& file : asked.patterns) all.add(file);
  event_sink sink;
  const reports told{asked, asked.reporters, sink};
  sink.report(all.begun);
  for (const auto& one : all.events) sink.report(one);
  sink.close(all.elapsed, all.begun.selected, all.interrupted);
  const auto totals = sink.totals();
  const bool fine = told.are_complete();
  if (totals.failed + totals.run_failures != 0) return some_failed;
  if (!fine) return broken;
  return totals.passed + totals.expected_failures == 0 && !asked.nothing_is_fine ? all_skipped : all_passed;
}

/// The shard of --durations-from: its tests are left.
inline void balance_shard(const settings& asked, selection& chosen) {
  if (!asked.durations_from.empty() && asked.shards > 1)
    detail::keep_balanced_shard(chosen.tests, asked.shard, asked.shards,
                                reporting::durations_of(asked.durations_from));
}

inline int run_command(int argc, const char* const* argv) {
  detail::occupy_standard_descriptors();
  try {
    const bool is_isolated = detail::is_isolated_process(argc, argv);
    auto asked =
        parse_command_line(argc, argv, detail::names_of_reporters(),
                           is_isolated ? std::vector<std::string>{} : detail::words_of_environment());
    if (asked.what == settings::action::help) {
      return detail::print_text({}, detail::help_text(asked.program, asked.known_reporters));
    }
    if (asked.what == settings::action::version) {
      return detail::print_text({}, fmt::format("awaitest {}\n", AWAITEST_VERSION));
    }
    if (asked.what == settings::action::completion) {
      return detail::print_text({},
                                detail::completion_script(asked.shell, asked.program, asked.known_reporters));
    }
    if (asked.what == settings::action::merge) return merge_parts(asked);
    if (asked.what == settings::action::run && !is_isolated) detail::apply_engine(asked);
    const auto patience = patience_between_tests(asked.timeout);
    const known_thread this_one;
    know_sanitizer_threads();  // before the watchdog's is made
    auto chosen = [&] {
      const watched_start until_selected{patience};
      auto made = select(asked);
      balance_shard(asked, made);
      if (asked.what == settings::action::run) detail::keep_replayed(asked, made.tests);
      return made;
    }();
    if (!chosen.errors.empty()) {
      for (const auto& error : chosen.errors) detail::complain(error);
      return bad_usage;
    }
    check_dashed(asked);
    if (chosen.tests.empty() && asked.shards > 1) {
      auto whole = asked;
      whole.shards = 1;
      if (!select(whole).tests.empty()) {
        detail::complain(fmt::format("no selected test is in shard {}/{}", asked.shard, asked.shards));
        const end_mark mark{asked.mark};
        return all_passed;
      }
    }
    if (chosen.tests.empty()) {
      const int code = say_nothing_selected(asked, chosen);
      return asked.nothing_is_fine ? all_passed : code;
    }
    if (!asked.seed_given) asked.seed = any_seed();
    failure_memory memory{asked};
    if (selects_all(asked)) memory.know(chosen.tests);
    if (asked.last_failed && !memory.narrow(chosen.tests))
      detail::complain("--last-failed: none of the selected tests failed before; all are run");
    if (asked.what != settings::action::run) {
      static_cast<void>(failures_outside::take());  // each run tells them; a build that lists goes on
      if (asked.shuffle) shuffle(chosen.tests, asked.seed);
      const auto text = asked.what == settings::action::list
                            ? reporting::printable(detail::list_names(chosen, asked.verbosity > 0))
                        : asked.what == settings::action::list_json
                            ? detail::list_for_programs(chosen)
                            : list_for_ctest(chosen, asked.what == settings::action::list_suites);
      return detail::print_text(asked.list_file, text);
    }
    watched_end::patience_of_run = patience;
    const end_mark mark{asked.mark};
    const exit_file until_the_end{asked.exit_file};
    const int code = run_with_reporters(asked, std::move(chosen), memory);
    if (asked.wire < 0) detail::end_as_interrupted();
    return code;
  } catch (const usage_error& e) {
    detail::complain(e.what());
    return bad_usage;
  } catch (const reporting::bad_part& e) {
    detail::complain(e.what());
    return bad_usage;
  } catch (const std::exception& e) {
    detail::complain(std::string("internal error: ") + detail::words_or_null(e.what()));
    return broken;
  }
}

}  // namespace detail

/// All that `main` does: reads the command line, runs, reports. Returns the exit code: 0 passed, 1 failures, 2 usage,
/// 3 nothing selected, 4 all skipped, 5 internal error. Throws nothing.
int run(int argc, const char* const* argv);
int run(int argc, const char* const* argv) {
  const int code = detail::run_command(argc, argv);
  detail::failures_outside::run_ended(code);
  return code;
}

}  // namespace awaitest

#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

#ifndef AWAITEST_NO_MAIN
int main(int argc, char** argv) {
  const int code = awaitest::run(argc, argv);
  awaitest::detail::watched_end::begin(code);
  return code;
}
#endif
