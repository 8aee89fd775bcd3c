// Whether bytes that this process has written to a TCP socket of its own are still on their way.
//
// Elsewhere than on Linux, and where /proc/self/fd cannot be read, none are said to be.
#pragma once

#if defined(__linux__)
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <vector>

#include "open_descriptors.hpp"
#include "socket_address.hpp"
#endif

namespace awaitest::detail {

#if defined(__linux__)

/// The TCP sockets of the process, as they are now.
class tcp_sockets {
 public:
  tcp_sockets() {
    thread_local open_descriptors known;
    if (!known.are_as_many() || !collect(known)) {
      known.read();
      collect(known);
    }
  }

  /// Sets off what only an acknowledgement holds back: Nagle's algorithm keeps a small write until the one before is acknowledged,
  /// which the receiver delays by 40 ms (tcp(7), TCP_QUICKACK). True when anything has moved by it, or has been sent and has not arrived.
  /// Bytes that wait for room at a peer that does not read are not on their way.
  bool set_off() {
    bool on_its_way = false;
    for (auto& sender : all_) {
      if (sender.queued == 0) continue;
      const int peer = peer_of(sender.descriptor);
      if (peer < 0) continue;
      const int yes = 1;
      ::setsockopt(peer, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof yes);
      const auto before = sender;
      if (!read(sender)) continue;
      // Acknowledged at once, whatever has arrived is no longer queued.
      if (sender.queued != before.queued || sender.unsent != before.unsent || sender.queued > sender.unsent)
        on_its_way = true;
    }
    return on_its_way;
  }

 private:
  /// The descriptors that are still open: the watchdog's thread, for one, opens and closes files of its own. False when one has been closed.
  bool collect(const open_descriptors& known) {
    all_.clear();
    bool all_open = true;
    for (const int one : known.all()) {
      socket found{one};
      if (read(found))
        all_.push_back(found);
      else if (errno == EBADF &&
               ::fcntl(one, F_GETFD) == -1)  // One opened with O_PATH is not known to ioctl() either.
        all_open = false;
    }
    return all_open;
  }

  struct socket {
    int descriptor;
    int queued = 0;  ///< written, and not acknowledged
    int unsent = 0;  ///< of these, those that have not left
  };
  static bool read(socket& one) {
    return ::ioctl(one.descriptor, SIOCOUTQNSD, &one.unsent) == 0 &&
           ::ioctl(one.descriptor, SIOCOUTQ, &one.queued) == 0;
  }

  /// The other end of that socket, when this process has it; -1: it has not.
  int peer_of(int descriptor) const {
    const auto near_end = socket_address::of(descriptor), far_end = socket_address::of_peer(descriptor);
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const socket& one) {
      return socket_address::of(one.descriptor) == far_end &&
             socket_address::of_peer(one.descriptor) == near_end;
    });
    return found == all_.end() ? -1 : found->descriptor;
  }

  std::vector<socket> all_;
};

inline bool bytes_are_in_flight() { return tcp_sockets{}.set_off(); }

#else

inline bool bytes_are_in_flight() { return false; }

#endif

}  // namespace awaitest::detail
