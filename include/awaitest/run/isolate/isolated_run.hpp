// --isolate: each test in a process of its own, so that a crash, an exit() or a blocked loop costs that one test.
#pragma once

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "process.hpp"

namespace awaitest::detail {

/// --fail-fast.
inline void stop_after(run_state& run, const test_result& ended) {
  if (ended.end.result != outcome::failed || !run.asked.fail_fast) return;
  run.stop.store(true);
  run.todo.stop();
}

/// Runs the tests of the queue, `processes` of them at a time. On one thread: the processes are its concurrency.
inline void run_isolated(run_state& run, std::size_t processes) {
  std::vector<std::unique_ptr<isolated_process>> slots(processes);
  bool waiting = true;
  auto looked = std::chrono::steady_clock::now();
  while (waiting) {
    waiting = false;
    bool begun = false;
    for (std::size_t i = 0; i < processes; ++i) {
      if (slots[i]) continue;
      std::size_t index = 0;
      const auto answer = run.stop.load() ? test_queue::answer::nothing_left : run.todo.next(i, index);
      waiting = waiting || answer == test_queue::answer::wait;
      if (answer != test_queue::answer::run) continue;
      begun = true;
      if (run.tests[index].is_not_run()) {
        test_result test{run.tests[index], index, 0};
        test.conclude_unrun(run.asked.skip_unsupported);
        run.sink.report(test.told_end);
        stop_after(run, test);
        run.todo.finished(index);
        --i;  // the place is free still
        continue;
      }
      slots[i] = std::make_unique<isolated_process>(run, index, i);
      run.isolated[i].process.store(slots[i]->process());
      run.isolated[i].test.store(&slots[i]->test);
      run.sink.report(test_started{&slots[i]->test.info});
    }
    std::vector<pollfd> polled;
    std::vector<isolated_process*> whose;
    for (const auto& one : slots) {
      if (!one) continue;
      waiting = true;
      for (const int descriptor : {one->events(), one->prints()})
        if (descriptor >= 0) {
          polled.push_back({descriptor, POLLIN, 0});
          whose.push_back(one.get());
        }
    }
    // Nothing tells of an end but looking: often where one is due, now and then elsewhere.
    const bool any_ends =
        std::any_of(slots.begin(), slots.end(), [](const auto& one) { return one && one->ends(); });
    ::poll(polled.data(), polled.size(), begun || !waiting ? 0 : any_ends ? 1 : 200);
    for (std::size_t i = 0; i < polled.size(); ++i) {
      if (!polled[i].revents) continue;
      if (polled[i].fd == whose[i]->events())
        whose[i]->read_events(run.sink);
      else
        whose[i]->read_prints();
    }
    const auto now = std::chrono::steady_clock::now();
    const bool stopped = now - std::exchange(looked, now) > limits::stopped;
    for (std::size_t i = 0; i < processes; ++i) {
      auto& one = slots[i];
      if (one && stopped) one->excuse(now);
      if (!one || !one->is_over(run.sink, now)) continue;
      one->finish(run.sink, run.interrupted.load());
      run.isolated[i].test.store(nullptr);
      run.isolated[i].process.store(0);
      stop_after(run, one->test);
      run.todo.finished(one->test.index);
      one.reset();
      waiting = true;
    }
  }
}

}  // namespace awaitest::detail
