// The way of a failure from its attempt to the events of the run.
#pragma once

#include "../model/event.hpp"

namespace awaitest::detail {

/// Told of each failure of an attempt that is kept, when it is found. On any thread of the test.
class failure_listener {
 public:
  virtual void found(const failure_found& what) = 0;

 protected:
  ~failure_listener() = default;
};

}  // namespace awaitest::detail
