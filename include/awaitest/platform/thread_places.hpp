// The threads that may be at work, and where each of them is.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "../model/wait.hpp"
#include "native_trace.hpp"
#include "other_threads.hpp"

#ifdef AWAITEST_HAS_NATIVE_TRACE
#include <dlfcn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string_view>

#include "../model/ending.hpp"
#include "function_words.hpp"
#include "limits.hpp"
#include "real_clock.hpp"
#include "symbols.hpp"
#endif

namespace awaitest::detail {

/// Threads of others that may be at work, as far as that can be seen.
struct threads_at_work {
  std::vector<thread_at_work> all;
  std::string unseen;  ///< why nothing can be seen of them; empty: it can
};

#ifdef AWAITEST_HAS_NATIVE_TRACE

/// Whether the read, receive or accept in which a thread stands goes on after a signal (signal(7)).
inline bool goes_on_after_signal(int descriptor) {
  struct stat about{};
  if (::fstat(descriptor, &about) != 0) return false;
  if (!S_ISSOCK(about.st_mode)) return S_ISFIFO(about.st_mode) || S_ISCHR(about.st_mode);
  timeval limit{};
  socklen_t size = sizeof limit;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, &size) == 0 && limit.tv_sec == 0 &&
         limit.tv_usec == 0;
}

/// Whether a signal leaves the work of a thread as it is: it is not blocked there, and the thread runs, or waits in a call which goes on
/// afterwards, or of which every caller knows that it may end without a reason (futexes, epoll, sleeps). Not so poll(), for one.
inline bool may_be_asked(long thread, int signal) {
  const auto folder = "/proc/self/task/" + std::to_string(thread);
  char text[256];
  bool is_blocked = true, goes_on = false;
  if (auto* const file = std::fopen((folder + "/status").c_str(), "re")) {
    unsigned long long blocked = 0;
    while (std::fgets(text, sizeof text, file))
      if (std::sscanf(text, "SigBlk: %llx", &blocked) == 1)
        is_blocked = (blocked >> static_cast<unsigned>(signal - 1) & 1U) != 0;
    std::fclose(file);
  }
  if (auto* const file = std::fopen((folder + "/syscall").c_str(), "re")) {
    long number = -1;
    unsigned long first = 0;
    if (!std::fgets(text, sizeof text, file) || std::sscanf(text, "%ld %lx", &number, &first) < 1) {
      goes_on = true;  // "running"
    } else {
      switch (number) {
#ifdef SYS_futex
        case SYS_futex:
#endif
#ifdef SYS_epoll_wait
        case SYS_epoll_wait:
#endif
        case SYS_epoll_pwait:
#ifdef SYS_clock_nanosleep
        case SYS_clock_nanosleep:
#endif
          goes_on = true;
          break;
        case SYS_read:
#ifdef SYS_accept
        case SYS_accept:
#endif
        case SYS_accept4:
        case SYS_recvfrom:
        case SYS_recvmsg: goes_on = detail::goes_on_after_signal(static_cast<int>(first)); break;
        default: break;
      }
    }
    std::fclose(file);
  }
  return goes_on && !is_blocked && whose_numbers() == call_numbers::ours;
}

/// Whether the C library has a function of that name: it may be interposed, and so be the program's own.
inline bool is_of_libc(const std::string& function) {
  if (function.find('(') != std::string::npos) return false;
  for (const char* const library : {"libc.so.6", "libpthread.so.0"})
    if (auto* const known = ::dlopen(library, RTLD_LAZY | RTLD_NOLOAD)) {
      const bool has = ::dlsym(known, function.c_str()) != nullptr;
      ::dlclose(known);
      if (has) return true;
    }
  return false;
}

/// Whether a function may be the user's, or the library's with one of the user's inlined: what a thread begins with.
inline bool may_be_of_user(const std::string& function) {
  for (const std::string_view runtime : {"__tsan::", "__asan::", "__sanitizer::", "__interception::"})
    if (function.find(runtime) != std::string::npos) return false;
  return function.find("_State_impl<") != std::string::npos ||
         !(detail::is_machinery(detail::short_name(function)) || detail::is_of_libc(function));
}

/// "in f (file:line)", the innermost function of the user's in which a thread is; empty where that is not known.
inline std::string place_of_thread(long thread) {
  constexpr std::size_t most = 48;  // frames: those of the library's are not many
  const time_scope real{nullptr};
  std::vector<void*> frames;
  if (!trace_signal::ask(thread, limits::place_of_thread, &may_be_asked, nullptr, frames)) return {};
  std::vector<std::uintptr_t> code;
  for (std::size_t i = 0; i < std::min(frames.size(), most); ++i)
    code.push_back(reinterpret_cast<std::uintptr_t>(frames[i]) - (i == 0 ? 0 : 1));
  // By their names alone, first: addr2line takes seconds for code without debug information in a large file.
  const auto names = frame_names::of_each(code, std::chrono::milliseconds{0});
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (!detail::may_be_of_user(names[i].back().function)) continue;
    const auto inlined =
        frame_names::of_each({code[i]}, limits::code_names, [](const std::string&) { return true; });
    for (const auto& one : inlined.front())
      if (auto words = detail::words_for_function(one, "the body of the test"); !words.empty())
        return "in " + words;
  }
  return {};
}

#else

inline std::string place_of_thread(long) { return {}; }

#endif

/// The threads that hold that clock; `io_counts`: also the ones that only I/O can wake. On Linux alone there is something to be seen.
inline threads_at_work find_threads_at_work(const virtual_clock* clock, threads_of_others others,
                                            bool io_counts) {
  threads_at_work found;
#if defined(__linux__)
  found.unseen = detail::why_threads_are_unseen();
  constexpr std::size_t most = 4;  // of which the places are asked for
  for (const auto& one : detail::foreign_threads({}, clock, others))
    if (one.id != 0 && (one.sleep == thread_sleep::none || (io_counts && one.sleep == thread_sleep::for_io)))
      found.all.push_back({detail::name_of_thread(std::to_string(one.id).c_str()),
                           found.all.size() < most ? detail::place_of_thread(one.id) : std::string{}});
#else
  static_cast<void>(clock);
  static_cast<void>(others);
  static_cast<void>(io_counts);
  found.unseen = "the threads of a process are known on Linux only";
#endif
  return found;
}

}  // namespace awaitest::detail
