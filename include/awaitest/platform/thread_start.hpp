// pthread_create, defined in the program itself: each thread, whoever makes it, begins with an alternate stack, without which the
// process ends in silence when the thread's own is used up. Only main.hpp includes it.
//
// With AWAITEST_NO_INTERPOSITION, elsewhere than on Linux with glibc, or under a sanitizer that watches threads itself, nothing is
// defined; only the threads of --jobs have alternate stacks then. A program may still define the function itself.
#pragma once

#include <pthread.h>

#include "alternate_stack.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define AWAITEST_THREADS_ARE_WATCHED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define AWAITEST_THREADS_ARE_WATCHED
#endif
#endif

#if defined(__linux__) && defined(__GLIBC__) && !defined(AWAITEST_NO_INTERPOSITION) && \
    !defined(AWAITEST_THREADS_ARE_WATCHED)

#include <dlfcn.h>
#include <errno.h>

#include <atomic>
#include <new>

// A static libc has this one.
extern "C" [[gnu::weak]] int __pthread_create_2_1(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);

namespace awaitest::detail {

struct thread_start {
  using create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);

  void* (*function)(void*);
  void* argument;

  static void* begin(void* start) {
    const thread_start what = *static_cast<thread_start*>(start);
    delete static_cast<thread_start*>(start);
    const alternate_stack own;
    return what.function(what.argument);
  }

  static create real() noexcept {
    static constinit std::atomic<create> found{nullptr};
    auto known = found.load(std::memory_order_relaxed);
    if (!known) {
      known = reinterpret_cast<create>(::dlsym(RTLD_NEXT, "pthread_create"));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Waddress"
      if (!known) known = &__pthread_create_2_1;
#pragma GCC diagnostic pop
      found.store(known, std::memory_order_relaxed);
    }
    return known;
  }
};

}  // namespace awaitest::detail

#pragma GCC visibility push(default)
extern "C" [[gnu::weak]] int pthread_create(pthread_t* made, const pthread_attr_t* how,
                                            void* (*function)(void*), void* argument) noexcept {
  namespace d = awaitest::detail;
  const auto real = d::thread_start::real();
  if (!real) return EAGAIN;
  auto* const start = d::threads_have_alternate_stacks.load(std::memory_order_relaxed)
                          ? new (std::nothrow) d::thread_start{function, argument}
                          : nullptr;
  if (!start) return real(made, how, function, argument);
  const int error = real(made, how, &d::thread_start::begin, start);
  if (error != 0) delete start;
  return error;
}
#pragma GCC visibility pop

#endif
