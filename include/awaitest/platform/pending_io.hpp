// The descriptors that an io_context waits for.
//
// Private to Asio: epoll_reactor::registered_descriptors_, its mutex, and the members of a descriptor_state; where Asio is
// header-only, signal_state::read_descriptor_ (1.22 to 1.38).
// Where Asio waits without epoll, and with AWAITEST_NO_INTERPOSITION, AWAITEST_HAS_PENDING_IO is not defined: what I/O is outstanding
// on is not known, and no test that waits for a socket is stuck.
#pragma once

#include "asio_timers.hpp"

#if defined(AWAITEST_HAS_ASIO_TIMERS) && defined(__linux__)
#define AWAITEST_HAS_PENDING_IO 1

#include AWAITEST_ASIO(signal_set.hpp)

#include <poll.h>

#include <type_traits>
#include <utility>
#include <vector>

#include "private_member.hpp"
#include "real_clock.hpp"

namespace awaitest::detail {

using reactor_descriptor = asio::detail::epoll_reactor::descriptor_state;
AWAITEST_PRIVATE_(reactor_descriptors, &asio::detail::epoll_reactor::registered_descriptors_)
AWAITEST_PRIVATE_(reactor_descriptors_mutex, &asio::detail::epoll_reactor::registered_descriptors_mutex_)
AWAITEST_PRIVATE_(reactor_descriptor_next, &reactor_descriptor::next_)
AWAITEST_PRIVATE_(reactor_descriptor_number, &reactor_descriptor::descriptor_)
AWAITEST_PRIVATE_(reactor_descriptor_mutex, &reactor_descriptor::mutex_)
AWAITEST_PRIVATE_(reactor_descriptor_operations, &reactor_descriptor::op_queue_)

/// A descriptor with operations that wait for it.
struct awaited_descriptor {
  int number;
  bool reads;   ///< or accepts, or waits for urgent data
  bool writes;  ///< or connects
};

/// The pipe through which Asio hears of signals, which belongs to the process and stays with an io_context that has once waited for one;
/// -1: there is none, or, with Asio compiled separately, it is not known.
inline int signal_pipe() noexcept {
#ifdef ASIO_HEADER_ONLY
  return asio::detail::get_signal_state()->read_descriptor_;
#else
  return -1;
#endif
}

/// The descriptors that an io_context waits for. The calling thread runs it. An operation that has been taken out meanwhile is not among them.
inline std::vector<awaited_descriptor> pending_io(asio::io_context& of) {
  std::vector<awaited_descriptor> found;
  if (!asio::has_service<asio::detail::epoll_reactor>(of)) return found;
  auto& reactor = asio::use_service<asio::detail::epoll_reactor>(of);
  auto& all_mutex = reactor.*member_of(reactor_descriptors_mutex{});
  const typename std::remove_reference_t<decltype(all_mutex)>::scoped_lock all_locked{all_mutex};
  for (auto* one = (reactor.*member_of(reactor_descriptors{})).first(); one;
       one = one->*member_of(reactor_descriptor_next{})) {
    auto& mutex = one->*member_of(reactor_descriptor_mutex{});
    const typename std::remove_reference_t<decltype(mutex)>::scoped_lock locked{mutex};
    auto& operations = one->*member_of(reactor_descriptor_operations{});
    using kinds = asio::detail::epoll_reactor;
    const bool reads = !operations[kinds::read_op].empty() || !operations[kinds::except_op].empty();
    const bool writes = !operations[kinds::write_op].empty();
    const int number = one->*member_of(reactor_descriptor_number{});
    if ((reads || writes) && number != signal_pipe()) found.push_back({number, reads, writes});
  }
  return found;
}

/// Whether the reactor has something to tell.
inline bool has_come(asio::io_context& of) {
  if (!asio::has_service<asio::detail::epoll_reactor>(of)) return false;
  pollfd one{asio::use_service<asio::detail::epoll_reactor>(of).*member_of(reactor_epoll_descriptor{}),
             POLLIN, 0};
  const time_scope real{nullptr};
  return ::poll(&one, 1, 0) != 0;
}

}  // namespace awaitest::detail

#endif
