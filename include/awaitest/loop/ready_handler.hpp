// A function as a ready handler.
#pragma once

#include <new>
#include <type_traits>
#include <utility>

#include "../task/ready_queue.hpp"
#include "handler_memory.hpp"

namespace awaitest::detail {

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
  made->origin = here.running;
  made->finish = &handler::finish_it;
  return made;
}

}  // namespace awaitest::detail
