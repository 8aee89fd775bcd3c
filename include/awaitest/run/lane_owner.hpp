// The interface between a lane and its worker.
#pragma once

#include <cstddef>
#include <cstdint>

#include "test_queue.hpp"

namespace awaitest::detail {

class lane;

/// Runs its lanes one at a time, on its thread.
class lane_owner {
 public:
  /// The next test of that lane, which has the turn. `nothing_left`: the turn is over; there may be another one.
  virtual test_queue::answer next(lane& asks, std::size_t& index) = 0;
  virtual bool has_turn(const lane& which) const = 0;
  /// A test has ended. True when other workers wait for that.
  virtual bool finished(const lane& where, std::size_t index) = 0;
  /// Whether another test that has this scope_key is to run in that lane.
  virtual bool any_left(const lane& where, std::uint64_t scope) = 0;

 protected:
  ~lane_owner() = default;
};

}  // namespace awaitest::detail
