// The handlers that could run now. Which of them does is decided here: first in, first out.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "../task/task.hpp"
#include "handler_memory.hpp"

namespace awaitest::detail {

/// A handler whose type was taken away. It is run or destroyed once, and frees itself first.
struct ready_handler {
  ready_handler* next = nullptr;
  task_ref who;
  void (*finish)(ready_handler* self, bool run) = nullptr;
};

template <class F>
struct ready_handler_of final : ready_handler {
  explicit ready_handler_of(F&& f) : function(std::move(f)) {}
  F function;

  static void finish_it(ready_handler* base, bool run) {
    auto* self = static_cast<ready_handler_of*>(base);
    F local(std::move(self->function));
    self->~ready_handler_of();
    handler_memory::release(self, sizeof(ready_handler_of));
    if (run) std::move(local)();
  }
};

template <class F>
ready_handler* make_ready(task_ref who, F&& f) {
  using handler = ready_handler_of<std::decay_t<F>>;
  static_assert(alignof(handler) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
  void* memory = handler_memory::allocate(sizeof(handler));
  std::decay_t<F> copy(std::forward<F>(f));
  auto* made = ::new (memory) handler(std::move(copy));
  made->who = who;
  made->finish = &handler::finish_it;
  return made;
}

class ready_queue {
 public:
  bool empty() const noexcept { return !first_; }
  void push(ready_handler* handler) noexcept {
    handler->next = nullptr;
    (first_ ? last_->next : first_) = handler;
    last_ = handler;
  }
  /// The one to run next.
  ready_handler* pick() noexcept {
    auto* handler = first_;
    first_ = handler->next;
    return handler;
  }
  void append(ready_queue& other) noexcept {
    if (other.empty()) return;
    (first_ ? last_->next : first_) = other.first_;
    last_ = other.last_;
    other.first_ = nullptr;
  }

 private:
  ready_handler* first_ = nullptr;
  ready_handler* last_ = nullptr;
};

}  // namespace awaitest::detail
