// Conditions of the waits for a gate, a barrier and a sequencer.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(error.hpp)

#include <cstddef>
#include <mutex>
#include <system_error>

#include "wait_list.hpp"

namespace awaitest::detail {

// Whether there is no need to wait: asked under the list's guard.
struct gate_is_open {
  bool operator()(const wait_list& list) const noexcept { return list.open; }
};
struct is_the_last {
  std::size_t needed;
  wait_list::waiter**
      others;  // whom it lets go: taken under the same guard under which it counts as the last
  bool* last;
  bool operator()(wait_list& list) const noexcept {
    *last = list.count + 1 == needed;
    if (*last) *others = list.take_if([](const wait_list::waiter&) { return true; });
    return *last;
  }
};
/// Ends all waits, also those that have yet to begin: the object of the wait is being destroyed.
inline void end_waits(wait_list& list) {
  {
    const std::lock_guard lock{list.guard};
    list.gone = true;
  }
  list.release_all(asio::error::operation_aborted);
}
inline void throw_if_gone(wait_list& list) {
  const std::lock_guard lock{list.guard};
  if (list.gone) throw asio::system_error(error_code(asio::error::operation_aborted), list.what);
}

struct is_my_turn {
  std::size_t turn;
  bool operator()(const wait_list& list) const noexcept { return list.turn == turn; }
};

}  // namespace awaitest::detail
