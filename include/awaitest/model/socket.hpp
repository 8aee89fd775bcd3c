// Data about a socket or pipe that a test waits for: the words are the reporter's.
#pragma once

#include <cstdint>
#include <string>

namespace awaitest {

/// Where the other end of a socket or pipe is.
enum class far_end : std::uint8_t {
  none,      ///< it has none: it is not connected
  here,      ///< in this process alone
  accepted,  ///< in this process, by the kernel; no accept has taken it yet
  arriving,  ///< on its way to a listener of this process
  listener,  ///< whoever connects
  outside    ///< in another process, or not known
};

struct known_socket {
  int descriptor = -1;
  std::string kind;     ///< `tcp`, `udp`, `unix`, `pipe`; of others what the kernel calls it
  std::string address;  ///< empty: it has none
  far_end other = far_end::none;
  std::string peer;          ///< the other end's address; empty: it has none
  int peer_descriptor = -1;  ///< of the other end, where it is here
  std::uint64_t unread = 0;  ///< bytes that have arrived
  bool reads = false;        ///< an operation waits to read or to accept,
  bool writes = false;       ///< one to write or to connect
};

}  // namespace awaitest
