// A thread's wait for its io_context, seen from the system call in which it waits.
#pragma once

namespace awaitest::detail {

/// Around such a wait: the io_context also runs the handler that ends it, and `has_ended` tells the two apart. Without
/// time/libc_descriptors.hpp nobody calls it.
struct reactor_wait {
  void (*has_ended)(reactor_wait& self) noexcept;
  int descriptor = -1;  ///< of the reactor, once it is known; a handler may wait in one of its own
  bool over = false;    ///< what waits now is a handler

  /// Something has come on that descriptor, or the time limit: what follows is a handler's time.
  void ended(int which) noexcept {
    if (descriptor == -1) descriptor = which;
    if (which != descriptor) return;
    over = true;
    has_ended(*this);
  }
};

/// The one that the calling thread is in; null: none.
inline constinit thread_local reactor_wait* wait_here = nullptr;

/// Whether a wait of the calling thread is that of a loop for what comes next.
inline bool loop_waits_here() noexcept { return wait_here && !wait_here->over; }

}  // namespace awaitest::detail
