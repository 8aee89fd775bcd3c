// The address of a socket, for comparing and for telling.
#pragma once

#if defined(__linux__)
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>

namespace awaitest::detail {

/// An IPv4 address is the same as an IPv6 one: a socket of both families accepts from one.
class socket_address {
 public:
  /// The socket's own address.
  static socket_address of(int descriptor) noexcept {
    socket_address found;
    socklen_t size = sizeof found.given_;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&found.given_), &size) == 0) found.read(size);
    return found;
  }
  /// The address of the other end; none when it is not connected.
  static socket_address of_peer(int descriptor) noexcept {
    socket_address found;
    socklen_t size = sizeof found.given_;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&found.given_), &size) == 0) found.read(size);
    return found;
  }
  /// Whether it is an address of the internet family. Two others are never equal.
  bool is_known() const noexcept { return known_; }
  int family() const noexcept { return given_.ss_family; }
  bool is_same_port(const socket_address& other) const noexcept { return port_ == other.port_; }
  bool is_any() const noexcept {
    in6_addr v4_any{};
    v4_any.s6_addr[10] = v4_any.s6_addr[11] = 0xff;
    return IN6_IS_ADDR_UNSPECIFIED(&host_) || IN6_ARE_ADDR_EQUAL(&host_, &v4_any);
  }
  friend bool operator==(const socket_address& a, const socket_address& b) noexcept {
    return a.known_ && b.known_ && a.port_ == b.port_ && IN6_ARE_ADDR_EQUAL(&a.host_, &b.host_);
  }
  /// `127.0.0.1:80`, `[::1]:80`, a path, `@` and the name of an abstract one; empty: it has none.
  std::string text() const {
    if (given_.ss_family == AF_UNIX) {
      const auto* const path = reinterpret_cast<const sockaddr_un*>(&given_)->sun_path;
      const auto length = size_ - std::min<std::size_t>(size_, offsetof(sockaddr_un, sun_path));
      if (length == 0) return {};
      return path[0] == '\0' ? "@" + std::string(path + 1, length - 1)
                             : std::string(path, ::strnlen(path, length));
    }
    if (!known_) return {};
    char host[INET6_ADDRSTRLEN] = {};
    const bool v4 = IN6_IS_ADDR_V4MAPPED(&host_);
    ::inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? static_cast<const void*>(&host_.s6_addr[12]) : &host_, host,
                sizeof host);
    return (v4 ? std::string(host) : '[' + std::string(host) + ']') + ':' + std::to_string(ntohs(port_));
  }

 private:
  void read(socklen_t size) noexcept {
    size_ = size;
    if (given_.ss_family == AF_INET6) {
      sockaddr_in6 v6;
      std::memcpy(&v6, &given_, sizeof v6);
      host_ = v6.sin6_addr;
      port_ = v6.sin6_port;
      known_ = true;
    } else if (given_.ss_family == AF_INET) {
      sockaddr_in v4;
      std::memcpy(&v4, &given_, sizeof v4);
      host_.s6_addr[10] = host_.s6_addr[11] = 0xff;
      std::memcpy(&host_.s6_addr[12], &v4.sin_addr, sizeof v4.sin_addr);
      port_ = v4.sin_port;
      known_ = true;
    }
  }

  sockaddr_storage given_{};
  std::size_t size_ = 0;
  in6_addr host_{};
  in_port_t port_ = 0;
  bool known_ = false;
};

}  // namespace awaitest::detail
#endif
