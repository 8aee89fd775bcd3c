// A mock's state: its expectations, its calls, who waits for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "../author/mock/base.hpp"
#include "../author/mock/call_order.hpp"
#include "../task/reporting.hpp"
#include "../task/wait_list.hpp"

namespace awaitest::detail {

/// One lock for all mocks, since orders go across them. An action never runs under it; a matcher or predicate does, and may
/// call a mock. What waits is released, and what failed is reported, after it has been left.
inline std::recursive_mutex& mock_guard() {
  static auto& guard = *new std::recursive_mutex;  // never destroyed: static objects may hold mocks
  return guard;
}

class scope_mocks;  // mock/scope_mocks.hpp

/// The steps of an order. Under mock_guard(), as all of this header.
struct sequence_core {
  struct step_of {
    std::weak_ptr<expectation_core> which;
    std::size_t least = 0, calls = 0, completed = 0;  // as last seen, for one that is gone
    location where;
  };
  std::vector<step_of> steps;
  std::size_t reached = 0;  ///< the latest step that was called: the ones before it are over
  location made;
};

/// The records are kept by the mock, and each keeps the mock: the circle is cut when the mock dies.
struct mock_core : std::enable_shared_from_this<mock_core> {
  std::string name;
  mock_kind kind = mock_kind::async;
  location made;
  task_ref owner;  ///< the task that made it
  bool alive = true;
  bool recording = true;
  bool answered_by_test = false;  ///< somebody has asked for next_call()

  std::vector<std::shared_ptr<expectation_core>> expectations;  ///< oldest first
  std::shared_ptr<answer_core> fallback;
  std::vector<std::shared_ptr<call_core>> calls, awaits;
  std::size_t call_count = 0, await_count = 0, in_flight = 0, max_in_flight = 0;
  std::size_t taken = 0;
  std::uint64_t last_serial = 0;
  // By the serial number of the call, which no reset touches:
  std::map<std::uint64_t, std::shared_ptr<call_core>> for_test;    ///< the calls that next_call() may take
  std::map<std::uint64_t, std::shared_ptr<call_core>> unfinished;  ///< awaited ones that wait
  std::shared_ptr<wait_list> takers;                               ///< who waits in next_call()
  std::vector<scope_mocks*> scopes;                                ///< those that verify it at their end
};

/// Failures that were found under the lock, and whose they are: reported when it has been left.
struct mock_failure {
  failure what;
  task_ref to;
  mock_story& story() { return what.mocks.front(); }
};

/// To the task's test; without one to the mock's maker's; or to the run.
inline void report_mock(mock_failure&& one, task_ref otherwise) {
  for (const auto who : {one.to, otherwise}) {
    const held_task held{who};
    if (!held) continue;
    one.what.task = held->label;
    one.what.notes = held->notes();
    return held->scope->report(std::move(one.what));
  }
  report_to_run.load()(std::move(one.what));
}

/// Nanoseconds since the running test began; -1 where none is running.
inline std::int64_t test_time() {
  if (here.running && here.current.slot == here.running) return here.running->scope->elapsed();
  if (const held_task held{here.current}) return held->scope->elapsed();
  return -1;
}

}  // namespace awaitest::detail
