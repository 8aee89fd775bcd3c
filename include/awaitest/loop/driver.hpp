// The interface between a loop and the worker that drives tests on it.
#pragma once

#include <chrono>
#include <exception>
#include <vector>

#include "../model/socket.hpp"
#include "../task/task.hpp"
#include "../time/holds.hpp"

namespace awaitest::detail {

/// Drives tests on a loop. All calls come from the loop's thread.
class loop_driver {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Does one step: finishes a test, begins one, goes to its next phase. False when there is nothing to do.
  /// Called inside a handler of the io_context, when no handler of a test is ready.
  virtual bool advance() = 0;
  virtual bool finished() const = 0;
  /// The next moment at which `expire` has something to do.
  virtual time_point deadline() const = 0;
  /// The limits that have passed at `now`, up to which the loop has run what was due; it may be a while ago.
  virtual bool expire(time_point now) = 0;
  /// In virtual time: the limits in the machine's time. `by` has held the clock still.
  virtual bool expire_in_real_time(time_point real, time_holder by) = 0;
  /// When, by the machine's clock, the first of those in flight is given up.
  virtual time_point limit() const = 0;
  /// When the last of them is.
  virtual time_point last_limit() const = 0;
  /// Whether virtual time moves only by this_test::advance.
  virtual bool time_by_hand() const = 0;
  /// Lets settle() return where a test has come to rest. False when nobody waited for that.
  virtual bool settle() = 0;
  /// Whether a test is in flight, or the next one only waits for its turn.
  virtual bool in_flight() const = 0;
  /// Nothing can ever wake the tests in flight, which wait for those sockets, or for none.
  virtual void stuck(std::vector<known_socket> sockets) = 0;
  /// Whether nobody outside of the process has part in the tests in flight.
  virtual bool world_is_closed() const = 0;
  /// A handler that belongs to no task threw.
  virtual void escaped(std::exception_ptr what) = 0;
  /// The task that assertions in handlers of the io_context itself belong to: of the only test in flight.
  virtual task_ref ambient() const = 0;
  /// Nothing of any test is in flight, and something is left over on the io_context.
  virtual bool wants_new_context() = 0;

 protected:
  ~loop_driver() = default;
};

}  // namespace awaitest::detail
