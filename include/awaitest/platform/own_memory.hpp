// Memory of this process that may be gone, or that another thread may be writing: read by the kernel, which says so.
#pragma once

#if defined(__linux__)
#include <sys/uio.h>
#include <unistd.h>
#endif

#include <cstddef>
#include <type_traits>

namespace awaitest::detail::own_memory {

/// False, with `into` untouched, when it cannot be read: also where the kernel or its sandbox has no process_vm_readv.
template <class T>
bool read(const void* from, T& into) noexcept {
  static_assert(std::is_trivially_copyable_v<T>);
#if defined(__linux__)
  struct {
    T value;
  } found{};
  const iovec to{&found, sizeof found};
  const iovec there{const_cast<void*>(from), sizeof found};
  if (::process_vm_readv(::getpid(), &to, 1, &there, 1, 0) != static_cast<ssize_t>(sizeof found))
    return false;
  into = found.value;
  return true;
#else
  static_cast<void>(from);
  static_cast<void>(into);
  return false;
#endif
}

}  // namespace awaitest::detail::own_memory
