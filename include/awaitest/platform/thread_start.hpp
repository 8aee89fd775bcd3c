// pthread_create, defined in the program itself: each thread, whoever makes it, takes part in the virtual clock that the thread sees
// which makes it, and begins with an alternate stack, without which the process ends in silence when the thread's own is used up. Only
// main.hpp includes it.
//
// With AWAITEST_NO_INTERPOSITION, and elsewhere than on Linux with glibc, nothing is defined; only the threads of --jobs have alternate
// stacks then. Under a sanitizer that watches threads itself they have the sanitizer's. A program may still define the function itself.
#pragma once

#include <pthread.h>

#include "alternate_stack.hpp"
#include "made_threads.hpp"
#include "other_threads.hpp"
#include "real_clock.hpp"
#include "shared_threads.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define AWAITEST_THREADS_ARE_WATCHED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define AWAITEST_THREADS_ARE_WATCHED
#endif
#endif

// The sanitizer's own definition, behind this one, is weak.
#ifdef AWAITEST_THREADS_ARE_WATCHED
#define AWAITEST_MAY_BE_REPLACED
#else
#define AWAITEST_MAY_BE_REPLACED [[gnu::weak]]
#endif

#if defined(__linux__) && defined(__GLIBC__) && !defined(AWAITEST_NO_INTERPOSITION)

#include <dlfcn.h>
#include <errno.h>

#include <atomic>
#include <new>

// A static libc has the first one, a sanitizer the second.
extern "C" [[gnu::weak]] int __pthread_create_2_1(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
extern "C" [[gnu::weak]] int __interceptor_pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*),
                                                          void*);

namespace awaitest::detail {

struct thread_start {
  using create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);

  void* (*function)(void*);
  void* argument;
  made_threads::maker by;

  /// The calling thread takes part in its maker's clock and test, as long as its function runs.
  class member {
   public:
    explicit member(const made_threads::maker& its) : time_{its.clock} {
      if (its.clock || its.test) made_threads::instance().add(this_thread_id(), its);
      time_here = its.clock;
      is_member_here = its.clock != nullptr;
      test_here = its.test;
    }
    member(const member&) = delete;
    member& operator=(const member&) = delete;
    ~member() {
      made_threads::instance().remove(this_thread_id());
      if (time_) ask_clock->count(*time_, -1);
    }

   private:
    virtual_clock* time_;
  };

  static void* begin(void* start) {
    const thread_start what = *static_cast<thread_start*>(start);
    delete static_cast<thread_start*>(start);
    const member joined{what.by};
#ifndef AWAITEST_THREADS_ARE_WATCHED
    const alternate_stack own;
#endif
    return what.function(what.argument);
  }

  static create real() noexcept {
    static constinit std::atomic<create> found{nullptr};
    auto known = found.load(std::memory_order_relaxed);
    if (!known) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Waddress"
      known = &__interceptor_pthread_create ? &__interceptor_pthread_create
                                            : reinterpret_cast<create>(::dlsym(RTLD_NEXT, "pthread_create"));
      if (!known) known = &__pthread_create_2_1;
#pragma GCC diagnostic pop
      found.store(known, std::memory_order_relaxed);
    }
    return known;
  }
};

}  // namespace awaitest::detail

#pragma GCC visibility push(default)
extern "C" AWAITEST_MAY_BE_REPLACED int pthread_create(pthread_t* made, const pthread_attr_t* how,
                                                       void* (*function)(void*), void* argument) noexcept {
  namespace d = awaitest::detail;
  const auto real = d::thread_start::real();
  if (!real) return EAGAIN;
  d::know_sanitizer_threads();
  const bool is_shared = (d::time_here || d::test_here) && d::is_shared_thread(function, argument);
  auto* const time = d::ask_clock && !is_shared ? d::time_here : nullptr;
  const auto* const test = is_shared ? nullptr : d::test_here;
  auto* const start =
      time || test || d::threads_have_alternate_stacks.load(std::memory_order_relaxed)
          ? new (std::nothrow) d::thread_start{function,
                                               argument,
                                               {time, test, test ? test->load(std::memory_order_acquire) : 0}}
          : nullptr;
  if (!start) return real(made, how, function, argument);
  // A member from now on: a clock that begins anew meanwhile would go back for it.
  if (time) d::ask_clock->count(*time, 1);
  const int error = real(made, how, &d::thread_start::begin, start);
  if (error != 0) {
    if (time) d::ask_clock->count(*time, -1);
    delete start;
  }
  return error;
}
#pragma GCC visibility pop

#endif
