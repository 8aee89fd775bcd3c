// A run, from the settings to the exit code.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "emergency.hpp"
#include "selection.hpp"
#include "settings.hpp"
#include "sink.hpp"
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

/// Runs the selected tests and reports to the sink, the last event included.
inline exit_code run_tests(const settings& asked, const selection& chosen, event_sink& sink,
                           std::string reproduce) {
  const auto begun = std::chrono::steady_clock::now();
  run_failures_go_to.store(&sink);
  report_to_run.store([](failure&& what) {
    if (auto* to = run_failures_go_to.load()) to->report(run_failure{std::move(what)});
  });
  sink.report(run_started{chosen.tests.size(), chosen.known, asked.seed, asked.shuffle, asked.program,
                          std::move(reproduce)});

  const auto jobs = std::min<std::size_t>(asked.jobs, chosen.tests.size());
  agenda todo{chosen.tests, jobs, asked.concurrency};
  run_state run{asked, chosen.tests, todo, sink, {}, {}};
  {
    std::vector<std::unique_ptr<worker>> workers;
    for (std::size_t i = 0; i < jobs; ++i) {
      workers.push_back(std::make_unique<worker>(run, i));
      run.workers.push_back(workers.back().get());
    }
    own_threads::instance().add(this_thread_id());
    know_sanitizer_threads();
    const emergency watch{run, begun};
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < jobs; ++i) threads.emplace_back([&, i] { workers[i]->work(); });
    workers.front()->work();
    for (auto& thread : threads) thread.join();
  }
  sink.close((std::chrono::steady_clock::now() - begun).count(), chosen.tests.size(), false);
  report_to_run.store(nullptr);
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
