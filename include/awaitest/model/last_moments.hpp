// Whether the process is about to end before its run does.
#pragma once

#include <atomic>

namespace awaitest {

/// Set for good once somebody reports in a hurry: threads may have been stopped for ever wherever they were, with the lock of a
/// stream, say, which is not waited for then.
inline constinit std::atomic<bool> in_last_moments{false};

}  // namespace awaitest
