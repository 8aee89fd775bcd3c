// Handlers that could run now, in the order in which they came.
#pragma once

#include "task.hpp"

namespace awaitest::detail {

/// A handler whose type was taken away. It is run or destroyed once, and frees itself first.
///
/// Handlers of one origin for one task are a chain: Asio promises their order. What an operation or another thread has
/// completed has no origin, and is a chain of its own: of two such Asio promises nothing.
struct ready_handler {
  ready_handler* next = nullptr;
  task_ref who;
  const task* origin = nullptr;  ///< whose handler has posted it; null: none
  void (*finish)(ready_handler* self, bool run) = nullptr;
  bool keeps_its_place =
      false;  ///< no schedule may let it run before what was ready or completed when it came

  bool is_of_the_chain_of(const ready_handler& other) const noexcept {
    return origin && origin == other.origin && who.slot == other.who.slot;
  }
};

/// Belongs to one scope, whose loop's thread alone touches it; or to a loop, under its guard.
class ready_queue {
 public:
  bool empty() const noexcept { return !first_; }
  void push(ready_handler* handler) noexcept {
    handler->next = nullptr;
    (first_ ? last_->next : first_) = handler;
    last_ = handler;
  }
  /// The one that came first.
  ready_handler* take() noexcept {
    auto* handler = first_;
    first_ = handler->next;
    return handler;
  }
  /// One that is in it.
  void take(const ready_handler* which) noexcept {
    ready_handler* before = nullptr;
    for (auto* one = first_; one != which; one = one->next) before = one;
    (before ? before->next : first_) = which->next;
    if (last_ == which) last_ = before;
  }
  void append(ready_queue& other) noexcept {
    if (other.empty()) return;
    (first_ ? last_->next : first_) = other.first_;
    last_ = other.last_;
    other.first_ = nullptr;
  }
  /// Calls f(ready_handler&) with one after the other, while it returns true.
  template <class F>
  void for_each(F f) const {
    for (auto* one = first_; one; one = one->next)
      if (!f(*one)) return;
  }
  /// The same with the first of each chain.
  template <class F>
  void for_each_head(F f) const {
    for_each([&](ready_handler& one) {
      bool first = true;
      for (auto* earlier = first_; first && earlier != &one; earlier = earlier->next)
        first = !one.is_of_the_chain_of(*earlier);
      return !first || f(one);
    });
  }

 private:
  ready_handler* first_ = nullptr;
  ready_handler* last_ = nullptr;
};

}  // namespace awaitest::detail
