// A run, from the settings to the exit code.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "../platform/alternate_stack.hpp"
#include "../scope/forked.hpp"
#include "isolate/isolated_run.hpp"
#include "round_plan.hpp"
#include "select/selection.hpp"
#include "settings.hpp"
#include "sink.hpp"
#include "watch/final_report.hpp"
#include "watch/outside.hpp"
#include "worker.hpp"

namespace awaitest::detail {

/// The process's exit code. DESIGN: 2 is a bad command line, and is given by whoever reads it.
enum exit_code : int {
  all_passed = 0,
  some_failed = 1,
  bad_usage = 2,
  nothing_selected = 3,
  all_skipped = 4,
  broken = 5
};

inline constinit std::atomic<event_sink*> run_failures_go_to{nullptr};
inline constinit int interrupted_run = 0;  ///< the signal that has ended the last run before its time, or 0

/// Ends the process as that signal does, once all is told: who has sent it sees that.
inline void end_as_interrupted() {
  if (interrupted_run == 0) return;
  std::fflush(nullptr);
  write_coverage();
  ::signal(interrupted_run, SIG_DFL);
  ::raise(interrupted_run);
}

/// One round over the selected tests; `selected` counts those of the rounds before it, too. Returns the signal that has interrupted it, or 0.
inline int run_round(const settings& asked, const std::vector<selected_test>& tests, std::size_t selected,
                     event_sink& sink, std::chrono::steady_clock::time_point begun, captured_output* prints,
                     held_requests& requests) {
  const auto jobs = std::min<std::size_t>(asked.jobs, tests.size());
  test_queue todo{tests, jobs, asked.isolate ? 1 : asked.concurrency};
  run_state run{asked, tests, todo, sink};
  run.prints = prints;
  if (asked.isolate) {
    run.isolated.resize(jobs);
    const emergency watch{run, selected, begun};
    requests.let_go();
    run_isolated(run, jobs);
    requests.hold();
    return run.interrupted.load();
  }
  std::vector<std::unique_ptr<worker>> workers;
  for (std::size_t i = 0; i < jobs; ++i) {
    workers.push_back(std::make_unique<worker>(run, i, i + asked.first_worker));
    run.workers.push_back(&workers.back()->watched());
  }
  emergency watch{run, selected, begun};
  requests.let_go();
  const auto work = [&](worker& one) {
    try {
      one.work();
    } catch (const std::bad_alloc&) {
      watch.out_of_memory(one.watched());
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(jobs);
  try {
    for (std::size_t i = 1; i < jobs; ++i)
      threads.emplace_back([&, i] {
        const alternate_stack own;
        work(*workers[i]);
      });
  } catch (const std::system_error& e) {  // those that there are do it all
    detail::say(fmt::format("awaitest: --jobs {}: only {} threads could be made: {}\n", asked.jobs,
                            threads.size() + 1, e.code().message()));
  }
  work(*workers.front());
  for (auto& thread : threads) thread.join();
  requests.hold();
  return run.interrupted.load();
}

/// Runs the selected tests, as often as asked, and reports to the sink, the last event included. `prints`: see run_state.
inline exit_code run_tests(settings asked, std::vector<selected_test> tests, std::size_t known,
                           event_sink& sink, const std::vector<std::string>& reproduce,
                           captured_output* prints = nullptr) {
  const auto begun = std::chrono::steady_clock::now();
  run_failures_go_to.store(&sink);
  report_to_run.store([](failure&& what) {
    auto* const to = run_failures_go_to.load();
    run_failure told{std::move(what)};
    if (!to || !to->report(told)) report_outside(std::move(told.what));
  });
  detail::settle_search(tests, asked);
  detail::settle_time(tests, asked.virtual_time, asked.virtual_start,
                      why_no_virtual_time ? why_no_virtual_time() : std::string{});
  const known_thread this_one;
  know_sanitizer_threads();
  for (const auto& name : asked.harmless_threads) harmless_threads().add(name);
  forked_process::prepare();
  std::size_t begun_tests = 0;
  int interrupted = 0;
  held_requests requests;
  round_plan rounds{asked};
  do {
    asked.seed = rounds.seed();
    if (asked.shuffle) shuffle(tests, asked.seed);
    const bool mixed = asked.shuffle || (!asked.isolate && asked.jobs * asked.concurrency > 1);
    sink.report(run_started{tests.size(), known, asked.seed, asked.shuffle, asked.program, reproduce,
                            mixed ? asked.what_runs : std::vector<std::string>{}});
    for (auto& one : failures_outside::take())
      if (asked.wire < 0) sink.report(run_failure{std::move(one)});  // else who has started it tells
    begun_tests += tests.size();
    interrupted = detail::run_round(asked, tests, begun_tests, sink, begun, prints, requests);
  } while (interrupted == 0 && rounds.next(sink.any_failure()));
  for (auto& one : forked_process::told(nullptr)) sink.report(run_failure{std::move(one)});
  sink.close((std::chrono::steady_clock::now() - begun).count(), begun_tests, interrupted != 0);
  interrupted_run = interrupted;
  report_to_run.store(&report_outside);
  run_failures_go_to.store(nullptr);

  const auto totals = sink.totals();
  if (totals.failed + totals.run_failures != 0) return some_failed;
  if (totals.passed + totals.expected_failures == 0) return all_skipped;
  return all_passed;
}

inline std::uint64_t any_seed() {
  std::random_device device;
  return device();  // 32 bits are enough to find again, and short enough to type
}

}  // namespace awaitest::detail
