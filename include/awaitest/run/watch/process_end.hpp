// libc's functions that end the process without a word, or make another program of it, defined in the program itself: in the
// middle of a run each is reported, and the process ends with 1. In a process that a test has forked or vforked they forward,
// and touch nothing. Only main.hpp includes it.
//
// With AWAITEST_NO_INTERPOSITION, or without glibc, nothing is defined; CTest then misses the mark at the end (run/end_mark.hpp).
#pragma once

#if !defined(AWAITEST_NO_INTERPOSITION) && defined(__linux__) && defined(__GLIBC__)

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "final_report.hpp"
#include "outside.hpp"

extern "C" {
// A sanitizer's interceptors have these names beside the usual ones.
[[gnu::weak]] void __interceptor__exit(int);
[[gnu::weak]] int __execvpe(const char*, char* const*, char* const*);  // of a static libc
}

namespace awaitest::detail::libc {

[[noreturn]] inline void end_process(int code) {
  // Not kept: a forked process may be the first to ask, and a vforked one must not write.
  if (&__interceptor__exit) __interceptor__exit(code);
  for (;;) ::syscall(SYS_exit_group, code);
}
inline int execve(const char* path, char* const* arguments, char* const* environment) {
  return static_cast<int>(::syscall(SYS_execve, path, arguments, environment));
}
/// Looks in PATH, as libc does. Found when the program starts: a vforked process must not look for it.
using execvpe_type = int (*)(const char*, char* const*, char* const*);
inline const execvpe_type execvpe = [] {
  const auto found = reinterpret_cast<execvpe_type>(::dlsym(RTLD_NEXT, "execvpe"));
  return found ? found : &__execvpe;
}();

}  // namespace awaitest::detail::libc

namespace awaitest::detail {

[[noreturn]] inline void end_with(const char* function, int code) {
  if (emergency::would_end_a_run()) {
    process_ending end;
    end.cause = end_cause::call;
    end.what = std::string(function) + '(' + std::to_string(code) + ')';
    emergency::end_of_run(std::move(end));
    code = 1;
  } else {
    code = failures_outside::due_code(code);
  }
  libc::end_process(code);
}

inline bool is_program(const char* path) {
  struct stat found{};
  return ::access(path, X_OK) == 0 && ::stat(path, &found) == 0 && S_ISREG(found.st_mode);
}
/// One that is not there does not replace the process: what the test makes of that is its own.
inline bool is_found(const char* file) {
  if (::strchr(file, '/')) return is_program(file);
  const char* path = ::getenv("PATH");
  for (std::string_view left{path ? path : "/bin:/usr/bin"};;) {
    const auto colon = left.find(':');
    const std::string folder{left.substr(0, colon)};
    if (is_program((folder.empty() ? file : folder + '/' + file).c_str())) return true;
    if (colon == std::string_view::npos) return false;
    left.remove_prefix(colon + 1);
  }
}
/// Returns when the process may become another.
inline void before_exec(const char* function, const char* file, bool searched) {
  if (!emergency::would_end_a_run() || !(searched ? is_found(file) : is_program(file))) return;
  process_ending end;
  end.cause = end_cause::replaced;
  end.what = function;
  end.program = file;
  emergency::end_of_run(std::move(end));
  libc::end_process(1);
}

}  // namespace awaitest::detail

// The arguments of the variadic ones, the first of which is `first`, in an array of the caller's frame.
#define AWAITEST_ARGUMENTS_(arguments, after)                                                  \
  va_list list;                                                                                \
  va_start(list, first);                                                                       \
  std::size_t count = 1;                                                                       \
  while (va_arg(list, char*)) ++count;                                                         \
  va_end(list);                                                                                \
  auto** const arguments = static_cast<char**>(__builtin_alloca((count + 1) * sizeof(char*))); \
  va_start(list, first);                                                                       \
  arguments[0] = const_cast<char*>(first);                                                     \
  for (std::size_t i = 1; i <= count; ++i) arguments[i] = va_arg(list, char*);                 \
  after;                                                                                       \
  va_end(list)

#pragma GCC visibility push(default)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Walloca"  // in a vforked process nothing may be allocated
extern "C" {

void _exit(int code) { awaitest::detail::end_with("_exit", code); }
void _Exit(int code) noexcept { awaitest::detail::end_with("_Exit", code); }

int execve(const char* path, char* const* arguments, char* const* environment) noexcept {
  awaitest::detail::before_exec("execve()", path, false);
  return awaitest::detail::libc::execve(path, arguments, environment);
}
int execv(const char* path, char* const* arguments) noexcept {
  awaitest::detail::before_exec("execv()", path, false);
  return awaitest::detail::libc::execve(path, arguments, environ);
}
int execvp(const char* file, char* const* arguments) noexcept {
  awaitest::detail::before_exec("execvp()", file, true);
  return awaitest::detail::libc::execvpe(file, arguments, environ);
}
int execvpe(const char* file, char* const* arguments, char* const* environment) noexcept {
  awaitest::detail::before_exec("execvpe()", file, true);
  return awaitest::detail::libc::execvpe(file, arguments, environment);
}
int execl(const char* path, const char* first, ...) noexcept {
  AWAITEST_ARGUMENTS_(arguments, );
  awaitest::detail::before_exec("execl()", path, false);
  return awaitest::detail::libc::execve(path, arguments, environ);
}
int execlp(const char* file, const char* first, ...) noexcept {
  AWAITEST_ARGUMENTS_(arguments, );
  awaitest::detail::before_exec("execlp()", file, true);
  return awaitest::detail::libc::execvpe(file, arguments, environ);
}
int execle(const char* path, const char* first, ...) noexcept {
  AWAITEST_ARGUMENTS_(arguments, char* const* const environment = va_arg(list, char**));
  awaitest::detail::before_exec("execle()", path, false);
  return awaitest::detail::libc::execve(path, arguments, environment);
}
int fexecve(int descriptor, char* const* arguments, char* const* environment) noexcept {
  const auto path = "/proc/self/fd/" + std::to_string(descriptor);
  awaitest::detail::before_exec("fexecve()", path.c_str(), false);
  return static_cast<int>(::syscall(SYS_execveat, descriptor, "", arguments, environment, AT_EMPTY_PATH));
}

}  // extern "C"
#pragma GCC diagnostic pop
#pragma GCC visibility pop
#undef AWAITEST_ARGUMENTS_

#endif
