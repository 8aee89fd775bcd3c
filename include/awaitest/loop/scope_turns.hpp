// The scopes of a loop that have something ready, each as often as it has.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace awaitest::detail {

class test_scope;

/// First in, first out, so that handlers of several scopes run in the order in which they came where each scope takes its own
/// first one. A ring, which grows. The loop's thread only.
class scope_turns {
 public:
  bool empty() const noexcept { return first_ == last_; }
  void push(test_scope* one) {
    if (last_ - first_ == ring_.size()) grow();
    ring_[last_++ & (ring_.size() - 1)] = one;
  }
  test_scope* front() const noexcept { return ring_[first_ & (ring_.size() - 1)]; }
  void pop() noexcept { ++first_; }
  /// The scope goes away.
  void forget(const test_scope* one) {
    std::size_t kept = first_;
    for (auto at = first_; at != last_; ++at) {
      auto* const which = ring_[at & (ring_.size() - 1)];
      if (which != one) ring_[kept++ & (ring_.size() - 1)] = which;
    }
    last_ = kept;
  }

 private:
  void grow() {
    std::vector<test_scope*> larger(ring_.size() * 2);
    for (std::size_t i = 0; i < ring_.size(); ++i) larger[i] = ring_[(first_ + i) & (ring_.size() - 1)];
    first_ = 0;
    last_ = ring_.size();
    ring_ = std::move(larger);
  }

  std::vector<test_scope*> ring_ = std::vector<test_scope*>(64);  // a power of two
  std::size_t first_ = 0, last_ = 0;                              // counted on for ever
};

}  // namespace awaitest::detail
