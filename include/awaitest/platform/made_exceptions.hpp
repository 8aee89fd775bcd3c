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
/// The same when std::rethrow_exception throws one again.
void exception_made_again(const void* object) noexcept;

}  // namespace awaitest::detail

#if defined(__linux__) && defined(__GLIBC__) && !defined(AWAITEST_NO_INTERPOSITION)

#include <cxxabi.h>
#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <exception>

namespace awaitest::detail {

// The symbol of std::rethrow_exception, whose parameter is passed by its address (Itanium C++ ABI 3.1.2.3) and holds the object's.
#if defined(_LIBCPP_VERSION)
#define AWAITEST_RETHROW_ _ZSt17rethrow_exceptionSt13exception_ptr
#else
#define AWAITEST_RETHROW_ _ZSt17rethrow_exceptionNSt15__exception_ptr13exception_ptrE
#endif
#define AWAITEST_TEXT_OF_(name) AWAITEST_TEXT_(name)
#define AWAITEST_TEXT_(name) #name
using rethrowing = void (*)(void* pointer);

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
[[gnu::weak, noreturn]] void AWAITEST_RETHROW_(void* pointer);
[[gnu::weak, noreturn]] void AWAITEST_RETHROW_(void* pointer) {
  static const auto real = reinterpret_cast<awaitest::detail::rethrowing>(
      ::dlsym(RTLD_NEXT, AWAITEST_TEXT_OF_(AWAITEST_RETHROW_)));
  if (!real) std::abort();
  awaitest::detail::exception_made_again(*static_cast<const void* const*>(pointer));
  real(pointer);
  std::abort();  // it does not return
}
}
#pragma GCC visibility pop
#undef AWAITEST_TEXT_
#undef AWAITEST_TEXT_OF_
#undef AWAITEST_RETHROW_

#endif
