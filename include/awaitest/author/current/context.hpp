// Carrying the running test to another thread.
#pragma once

#include "current.hpp"

namespace awaitest {

/// The test and task that were running where it was captured. Cheap to copy, and safe to keep: once the test is over,
/// an assertion under it is a failure of the run, as it would be without it.
class context {
 public:
  /// While it lives, assertions, INFO and `this_test` on this thread belong to the captured task.
  /// Left on the thread and in the reverse order it was entered: keep it off a coroutine's frame when there is a
  /// `co_await` in its scope that resumes elsewhere. Doing so all the same is reported as misuse.
  class [[nodiscard]] scope {
   public:
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;
    ~scope();

   private:
    friend class context;
    scope(detail::task_ref who, location where);
    struct entry;
    entry* entry_;
  };

  /// The running task's. Without a running task, the context belongs to no test.
  static context capture() noexcept;
  scope enter(location where = location::current()) const { return scope{who_, where}; }

 private:
  detail::task_ref who_;
};

}  // namespace awaitest
