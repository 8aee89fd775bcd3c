// Which exception is the newest one of a task: the context that an exception has left is told under that exception alone, not
// under the next one, which is thrown after the first was caught. The C++ ABI's allocation of exceptions is defined in the
// program itself and forwards. Only main.hpp includes it.
//
// With AWAITEST_NO_INTERPOSITION, elsewhere than on Linux with glibc, and with a static C++ library, whose definition is the
// stronger one, nothing is known: the context of an exception that was caught lasts until the next INFO.
#pragma once

namespace awaitest::detail {

/// Told of the object of each exception, on the thread that makes it: impl/current.hpp.
void exception_made(const void* object) noexcept;

}  // namespace awaitest::detail

#if defined(__linux__) && defined(__GLIBC__) && !defined(AWAITEST_NO_INTERPOSITION)

#include <cxxabi.h>
#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <exception>

namespace awaitest::detail {

using exception_allocator = void* (*)(std::size_t size);
inline exception_allocator real_exception_allocator() noexcept {
  static constinit std::atomic<exception_allocator> found{nullptr};
  auto known = found.load(std::memory_order_relaxed);
  if (!known) {
    known = reinterpret_cast<exception_allocator>(::dlsym(RTLD_NEXT, "__cxa_allocate_exception"));
    if (!known) std::abort();
    found.store(known, std::memory_order_relaxed);
  }
  return known;
}

}  // namespace awaitest::detail

#pragma GCC visibility push(default)
extern "C" {
[[gnu::weak]] void* __cxxabiv1::__cxa_allocate_exception(std::size_t size) noexcept {
  void* const made = awaitest::detail::real_exception_allocator()(size);
  awaitest::detail::exception_made(made);
  return made;
}
}
#pragma GCC visibility pop

#endif
