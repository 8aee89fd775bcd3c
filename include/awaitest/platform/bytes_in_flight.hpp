// Whether bytes that this process has written to a TCP socket of its own are still on their way.
//
// Elsewhere than on Linux, and where /proc/self/fd cannot be read, none are said to be.
#pragma once

#if defined(__linux__)
#include <dirent.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>
#endif

namespace awaitest::detail {

#if defined(__linux__)

/// The TCP sockets of the process, as they are now.
class tcp_sockets {
 public:
  tcp_sockets() {
    if (auto* const folder = ::opendir("/proc/self/fd")) {
      while (const auto* const entry = ::readdir(folder)) {
        socket one{static_cast<int>(std::strtol(entry->d_name, nullptr, 10))};
        if (entry->d_name[0] != '.' && read(one)) all_.push_back(one);
      }
      ::closedir(folder);
    }
  }

  /// Sets off what only an acknowledgement holds back: Nagle's algorithm keeps a small write until the one before is acknowledged,
  /// which the receiver delays by 40 ms (tcp(7), TCP_QUICKACK). True when anything has moved by it, or has been sent and has not arrived.
  /// What is not sent for want of room at a peer that does not read is not on its way.
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
  struct socket {
    int descriptor;
    int queued = 0;  ///< written, and not acknowledged
    int unsent = 0;  ///< of these, those that have not left
  };
  static bool read(socket& one) {
    return ::ioctl(one.descriptor, SIOCOUTQNSD, &one.unsent) == 0 &&
           ::ioctl(one.descriptor, SIOCOUTQ, &one.queued) == 0;
  }

  struct address {
    sockaddr_storage bytes{};
    socklen_t size = sizeof(sockaddr_storage);
    friend bool operator==(const address& a, const address& b) {
      return a.size == b.size && std::memcmp(&a.bytes, &b.bytes, a.size) == 0;
    }
  };
  using ask = int (*)(int, sockaddr*, socklen_t*);
  static address address_of(int descriptor, ask which) {
    address found;
    if (which(descriptor, reinterpret_cast<sockaddr*>(&found.bytes), &found.size) != 0) found.size = 0;
    return found;
  }
  /// The other end of that socket, when this process has it; -1: it has not.
  int peer_of(int descriptor) const {
    const auto own = address_of(descriptor, &call_getsockname);
    const auto there = address_of(descriptor, &call_getpeername);
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const socket& one) {
      return there.size != 0 && address_of(one.descriptor, &call_getsockname) == there &&
             address_of(one.descriptor, &call_getpeername) == own;
    });
    return found == all_.end() ? -1 : found->descriptor;
  }
  // libc declares the parameters in its own way.
  static int call_getsockname(int descriptor, sockaddr* to, socklen_t* size) {
    return ::getsockname(descriptor, to, size);
  }
  static int call_getpeername(int descriptor, sockaddr* to, socklen_t* size) {
    return ::getpeername(descriptor, to, size);
  }

  std::vector<socket> all_;
};

inline bool bytes_are_in_flight() { return tcp_sockets{}.set_off(); }

#else

inline bool bytes_are_in_flight() { return false; }

#endif

}  // namespace awaitest::detail
