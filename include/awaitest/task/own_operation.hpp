// Operations of awaitest's own, which are no test's business.
#pragma once

#include <utility>

namespace awaitest::detail {

inline constinit thread_local bool own_operation_begins = false;

/// While it lives, the operations that begin on this thread are awaitest's: what they are for is told in its own words.
class own_operation {
 public:
  own_operation() noexcept : before_{std::exchange(own_operation_begins, true)} {}
  own_operation(const own_operation&) = delete;
  own_operation& operator=(const own_operation&) = delete;
  ~own_operation() { own_operation_begins = before_; }

 private:
  bool before_;
};

}  // namespace awaitest::detail
