// The state that all workers of a run share.
#pragma once

#include <atomic>
#include <deque>
#include <vector>

#include "../scope/test_result.hpp"
#include "captured_output.hpp"
#include "settings.hpp"
#include "sink.hpp"
#include "test_queue.hpp"

namespace awaitest::detail {

/// The test that a process of --isolate runs; written by the thread that starts it.
struct isolated_test {
  std::atomic<const test_result*> test{nullptr};
  std::atomic<long> process{0};
};

struct run_state {
  const settings& asked;
  const std::vector<selected_test>& tests;
  test_queue& todo;
  event_sink& sink;
  std::vector<class watched_worker*> workers{};  ///< fixed before the first begins
  std::atomic<bool> stop{false};                 ///< --fail-fast has had its failure
  std::atomic<int> interrupted{0};               ///< by that signal: tests are cancelled, and none begins
  std::deque<isolated_test> isolated{};          ///< one for each process that may run
  captured_output* prints = nullptr;             ///< of the tests; null: it goes where it goes
};

}  // namespace awaitest::detail
