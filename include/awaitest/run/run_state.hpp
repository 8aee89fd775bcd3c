// What all workers of a run share.
#pragma once

#include <atomic>
#include <vector>

#include "agenda.hpp"
#include "settings.hpp"
#include "sink.hpp"

namespace awaitest::detail {

struct run_state {
  const settings& asked;
  const std::vector<selected_test>& tests;
  agenda& todo;
  event_sink& sink;
  std::vector<class watched_worker*> workers;  ///< fixed before the first begins
  std::atomic<bool> stop{false};               ///< --fail-fast has had its failure
};

}  // namespace awaitest::detail
