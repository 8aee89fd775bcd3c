// The sockets and pipes of the process, and where their other ends are: here, or outside.
#pragma once

#if defined(__linux__)
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "../model/socket.hpp"
#include "open_descriptors.hpp"
#include "socket_address.hpp"

namespace awaitest::detail {

/// The inodes of a UNIX socket's other ends, by the kernel's socket diagnosis (sock_diag(7)): with `UNIX_DIAG_PEER` the socket that it is
/// connected to, with `UNIX_DIAG_ICONS` those that wait in a listener's queue to be accepted. Empty, too, where the kernel cannot be asked.
inline std::vector<std::uint32_t> unix_diagnosis(std::uint64_t inode, std::uint16_t attribute) {
  std::vector<std::uint32_t> found;
  const int link = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (link < 0) return found;
  struct {
    nlmsghdr header;
    unix_diag_req asked;
  } request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.header.nlmsg_flags = NLM_F_REQUEST;
  request.asked.sdiag_family = AF_UNIX;
  request.asked.udiag_states = ~0U;
  request.asked.udiag_ino = static_cast<std::uint32_t>(inode);
  request.asked.udiag_show = attribute == UNIX_DIAG_PEER ? UDIAG_SHOW_PEER : UDIAG_SHOW_ICONS;
  request.asked.udiag_cookie[0] = request.asked.udiag_cookie[1] = ~0U;
  std::vector<char> answer(32 * 1024);  // the kernel cuts a longer queue short
  if (::send(link, &request, sizeof request, 0) == static_cast<ssize_t>(sizeof request)) {
    const auto size = ::recv(link, answer.data(), answer.size(), MSG_DONTWAIT);
    nlmsghdr header;
    constexpr std::size_t body = NLMSG_LENGTH(sizeof(unix_diag_msg));
    if (size >= static_cast<ssize_t>(body)) {
      std::memcpy(&header, answer.data(), sizeof header);
      const auto end = std::min<std::size_t>(header.nlmsg_len, static_cast<std::size_t>(size));
      for (std::size_t at = body; header.nlmsg_type == SOCK_DIAG_BY_FAMILY && at + 4 <= end;) {
        std::uint16_t length = 0, type = 0;  // of an rtattr
        std::memcpy(&length, &answer[at], sizeof length);
        std::memcpy(&type, &answer[at + 2], sizeof type);
        if (length < 4 || at + length > end) break;
        if (type == attribute) {
          found.resize((length - 4U) / sizeof(std::uint32_t));
          if (!found.empty())
            std::memcpy(found.data(), &answer[at + 4], found.size() * sizeof(std::uint32_t));
        }
        at += (length + 3U) & ~3U;
      }
    }
  }
  ::close(link);
  return found;
}

/// The ends as they are when it is made.
class socket_ends {
 public:
  socket_ends() {
    open_descriptors open;
    open.read();
    for (const int one : open.all()) add(one);
  }

  /// What is known of that descriptor. `inodes` takes those of both of its ends, where they are here.
  known_socket find(int descriptor, std::vector<std::uint64_t>& inodes) const {
    known_socket found;
    found.descriptor = descriptor;
    const auto* const one = end_of(descriptor);
    if (!one) return found;
    found.kind = words_for(*one);
    found.other =
        one->what == kind::tcp && !one->listens && !is_settled(*one) ? far_end::none : far_end::outside;
    if (one->what == kind::other) return found;
    inodes.push_back(one->inode);
    if (int bytes = 0; ::ioctl(descriptor, FIONREAD, &bytes) == 0 && bytes > 0 && !one->listens)
      found.unread = static_cast<std::uint64_t>(bytes);
    if (one->what != kind::pipe) {
      found.address = socket_address::of(descriptor).text();
      found.peer = socket_address::of_peer(descriptor).text();
    }
    if (one->listens) {
      found.other = far_end::listener;
    } else if (const auto* const other = other_end_of(*one)) {
      inodes.push_back(other->inode);
      // A connection of UNIX sockets has come once connect() has returned; one of TCP's when it is in its listener's queue, whose length
      // is `tcpi_unacked` of that.
      found.other = !other->listens ? far_end::here
                    : other->what == kind::local || state_of(other->descriptor).tcpi_unacked > 0
                        ? far_end::accepted
                        : far_end::arriving;
      if (!other->listens) found.peer_descriptor = other->descriptor;
    }
    return found;
  }

 private:
  enum class kind : std::uint8_t { tcp, udp, local, pipe, other };
  struct end {
    int descriptor;
    kind what;
    bool listens = false;
    std::uint64_t inode = 0;
  };

  void add(int descriptor) {
    end one{descriptor, kind::other, false, 0};
    unsigned mode = 0;
    if (!look_at(descriptor, mode, one.inode)) return;
    if (S_ISFIFO(mode)) one.what = kind::pipe;
    if (S_ISSOCK(mode)) {
      const int domain = option(descriptor, SOL_SOCKET, SO_DOMAIN);
      const int type = option(descriptor, SOL_SOCKET, SO_TYPE);
      one.listens = option(descriptor, SOL_SOCKET, SO_ACCEPTCONN) == 1;
      if (domain == AF_UNIX) one.what = kind::local;
      if (domain == AF_INET || domain == AF_INET6)
        one.what = type == SOCK_STREAM ? kind::tcp : type == SOCK_DGRAM ? kind::udp : kind::other;
    }
    all_.push_back(one);
  }
  /// Not by fstat(), where there is statx(): to ThreadSanitizer that is a race with a thread that closes it meanwhile.
  static bool look_at(int descriptor, unsigned& mode, std::uint64_t& inode) {
#if defined(__GLIBC__) && defined(STATX_INO)
    struct statx about{};
    if (::statx(descriptor, "", AT_EMPTY_PATH, STATX_TYPE | STATX_INO, &about) != 0) return false;
    mode = about.stx_mode;
    inode = about.stx_ino;
#else
    struct stat about{};
    if (::fstat(descriptor, &about) != 0) return false;
    mode = about.st_mode;
    inode = about.st_ino;
#endif
    return true;
  }
  static int option(int descriptor, int level, int which) {
    int value = 0;
    socklen_t size = sizeof value;
    return ::getsockopt(descriptor, level, which, &value, &size) == 0 ? value : -1;
  }
  const end* end_of(int descriptor) const {
    const auto found =
        std::find_if(all_.begin(), all_.end(), [&](const end& one) { return one.descriptor == descriptor; });
    return found == all_.end() ? nullptr : &*found;
  }
  static std::string words_for(const end& one) {
    switch (one.what) {
      case kind::tcp: return "tcp";
      case kind::udp: return "udp";
      case kind::local: return "unix";
      case kind::pipe: return "pipe";
      case kind::other: break;
    }
    char name[64] = {};
    const auto link = "/proc/self/fd/" + std::to_string(one.descriptor);
    return ::readlink(link.c_str(), name, sizeof name - 1) > 0 ? name : "unknown";
  }

  const end* other_end_of(const end& one) const {
    switch (one.what) {
      case kind::tcp: return is_settled(one) ? tcp_end_of(one) : nullptr;
      case kind::pipe: {
        const auto mode = [](int descriptor) { return ::fcntl(descriptor, F_GETFL) & O_ACCMODE; };
        const auto own = mode(one.descriptor);
        return find_if([&](const end& other) {
          return other.what == kind::pipe && other.inode == one.inode && own != O_RDWR &&
                 mode(other.descriptor) != own;
        });
      }
      case kind::local: return local_end_of(one);
      case kind::udp:
      case kind::other: break;
    }
    return nullptr;
  }
  const end* local_end_of(const end& one) const {
    const auto peer = detail::unix_diagnosis(one.inode, UNIX_DIAG_PEER);
    if (!peer.empty() && peer.front() != 0)
      return find_if([&](const end& other) {
        return other.what == kind::local && static_cast<std::uint32_t>(other.inode) == peer.front();
      });
    // The other end has no inode before somebody accepts it. Its listener tells of it by this one's.
    return find_if([&](const end& other) {
      if (other.what != kind::local || !other.listens) return false;
      const auto queue = detail::unix_diagnosis(other.inode, UNIX_DIAG_ICONS);
      return std::find(queue.begin(), queue.end(), static_cast<std::uint32_t>(one.inode)) != queue.end();
    });
  }
  const end* tcp_end_of(const end& one) const {
    const auto near_end = socket_address::of(one.descriptor),
               far_end = socket_address::of_peer(one.descriptor);
    const auto* const connected = find_if([&](const end& other) {
      return other.what == kind::tcp && socket_address::of(other.descriptor) == far_end &&
             socket_address::of_peer(other.descriptor) == near_end;
    });
    if (connected) return connected;
    // A listener of this process has it, in its queue, unless the last packet of the handshake is still to come.
    return find_if([&](const end& other) {
      const auto own = socket_address::of(other.descriptor);
      return other.what == kind::tcp && other.listens &&
             (own == far_end || (own.is_any() && own.is_same_port(far_end))) &&
             option(other.descriptor, SOL_SOCKET, SO_REUSEPORT) == 0;
    });
  }
  static tcp_info state_of(int descriptor) {
    tcp_info about{};
    socklen_t size = sizeof about;
    ::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &about, &size);
    return about;
  }
  /// Whether the kernel does nothing more with it by itself: it is connected, and no limit is set to an unanswered write.
  static bool is_settled(const end& one) {
    const auto state = state_of(one.descriptor).tcpi_state;
    return state != TCP_SYN_SENT && state != TCP_SYN_RECV && state != TCP_CLOSE &&
           option(one.descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT) == 0;
  }
  template <class Is>
  const end* find_if(Is is) const {
    const auto found = std::find_if(all_.begin(), all_.end(), is);
    return found == all_.end() ? nullptr : &*found;
  }

  std::vector<end> all_;
};

}  // namespace awaitest::detail
#endif
