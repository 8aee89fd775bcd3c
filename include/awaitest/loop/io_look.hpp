// A look at a test that waits for nothing but I/O: whether anybody could still wake it.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(io_context.hpp)

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "../model/socket.hpp"
#include "../platform/bytes_in_flight.hpp"
#include "../platform/handled_signals.hpp"
#include "../platform/other_processes.hpp"
#include "../platform/other_threads.hpp"
#include "../platform/pending_io.hpp"
#include "../platform/socket_ends.hpp"

namespace awaitest::detail {

/// From the worst to the best known.
enum class waker : std::uint8_t {
  somebody,   ///< something of this process is at work, or on its way, or what is waited for is not known
  outsiders,  ///< whoever connects, sends, or raises a signal
  nobody      ///< every other end is in this process, and waits itself
};

/// The descriptors that an io_context waits for, and their other ends, as they are now. Two such looks make a verdict: see io_judge.
class io_look {
 public:
  waker who() const noexcept { return who_; }
  const std::vector<known_socket>& sockets() const noexcept { return sockets_; }

#ifdef AWAITEST_HAS_PENDING_IO
  /// Where `world_is_closed`, outsiders are nobody. The calling thread runs the io_context, and nothing is ready there.
  io_look(asio::io_context& of, bool world_is_closed) : world_is_closed_{world_is_closed} {
    const auto pending = detail::pending_io(of);
    for (const auto& one : pending) {
      auto& row = row_of(one.number);
      row.reads = one.reads;
      row.writes = one.writes;
      lower(waker_of(row));
    }
    for (std::size_t i = 0, all = sockets_.size(); i < all; ++i)
      if (sockets_[i].peer_descriptor >= 0) row_of(sockets_[i].peer_descriptor);
    if (asio_takes_signals()) {
      lower(outsider());
      sockets_.emplace_back().kind = "signal";
    }
    // A handler of signals may write to a pipe, and a timer of the process may raise one.
    if (signals_are_handled() || (asio_takes_signals() && detail::has_process_timers()) ||
        detail::has_children() || detail::bytes_are_in_flight() || detail::has_come(of))
      lower(waker::somebody);
  }

  /// The same with what other threads wait for.
  void add_threads(std::chrono::nanoseconds within, const virtual_clock* clock) {
    const time_scope real{nullptr};
    const auto threads = detail::foreign_threads(within, clock);
    if (!detail::are_all_threads(threads) || signals_are_handled()) lower(waker::somebody);
    for (const auto& one : threads) lower(waker_of(one));
  }
  /// The time in which what the kernel has in hand arrives: a datagram, or the end of a handshake, is seen on no socket before.
  std::chrono::milliseconds settles_in() const noexcept {
    return std::chrono::milliseconds{has_outsiders_ ? 30 : 6};
  }
  bool is_woken_by_nobody(const sleeping_thread& thread) { return waker_of(thread) == waker::nobody; }
  /// Whether another process has one of the ends open, too.
  bool is_any_end_shared() const { return detail::is_any_shared(inodes_); }

 private:
  waker outsider() noexcept {
    has_outsiders_ = true;
    return world_is_closed_ ? waker::nobody : waker::outsiders;
  }
  void lower(waker to) noexcept { who_ = std::min(who_, to); }

  known_socket& row_of(int descriptor) {
    const auto known = std::find_if(sockets_.begin(), sockets_.end(),
                                    [&](const known_socket& one) { return one.descriptor == descriptor; });
    return known != sockets_.end() ? *known : sockets_.emplace_back(ends_.find(descriptor, inodes_));
  }
  waker waker_of(const known_socket& one) noexcept {
    switch (one.other) {
      case far_end::here:
      case far_end::accepted: return waker::nobody;
      case far_end::listener: return outsider();
      case far_end::outside: return is_stream_or_datagram(one) ? outsider() : waker::somebody;
      case far_end::arriving:
      case far_end::none: break;
    }
    return waker::somebody;
  }
  static bool is_stream_or_datagram(const known_socket& one) noexcept {
    return one.kind == "tcp" || one.kind == "udp" || one.kind == "unix" || one.kind == "pipe";
  }
  waker waker_of(const sleeping_thread& thread) {
    if (thread.sleep != thread_sleep::for_io)
      return thread.sleep == thread_sleep::for_ever ? waker::nobody : waker::somebody;
    std::vector<int> descriptors;
    if (!detail::find_awaited_descriptors(thread, descriptors)) return waker::somebody;
    auto found = waker::nobody;
    for (const int one : descriptors) found = std::min(found, waker_of(ends_.find(one, inodes_)));
    return found;
  }

  bool world_is_closed_, has_outsiders_ = false;
  waker who_ = waker::nobody;
  socket_ends ends_;
  std::vector<std::uint64_t> inodes_;  // of all ends that have been looked at
#else
  io_look(asio::io_context&, bool) {}
  void add_threads(std::chrono::nanoseconds, const virtual_clock*) {}
  bool is_woken_by_nobody(const sleeping_thread&) { return false; }
  static std::chrono::milliseconds settles_in() noexcept { return {}; }
  bool is_any_end_shared() const { return true; }

 private:
  waker who_ = waker::somebody;
#endif
  std::vector<known_socket> sockets_;
};

}  // namespace awaitest::detail
