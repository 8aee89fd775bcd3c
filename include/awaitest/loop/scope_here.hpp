// The test of the running task, for what may only be called on its loop's thread.
#pragma once

#include <stdexcept>
#include <string>

#include "../task/reporting.hpp"
#include "loop.hpp"

namespace awaitest::detail {

/// The test of the running task; the caller is on its loop's thread. `what` was called: for the words of the exception.
inline test_scope& scope_here(const char* what) {
  if (!alive(here.current) || !here.current.slot->scope) no_test(what);
  auto& scope = *here.current.slot->scope;
  if (!scope.home().is_mine())
    throw std::logic_error(std::string(what) +
                           " was called on a thread that is not the test's; post to this_test::executor()");
  return scope;
}

}  // namespace awaitest::detail
