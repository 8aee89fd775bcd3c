// Where awaitest itself writes: to the standard output and error of the process, wherever a test, or the capture of what tests
// print, sends descriptors 1 and 2.
#pragma once

#include <unistd.h>

#if defined(__linux__)
#include <sys/syscall.h>
#endif

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <string_view>

namespace awaitest::detail {

/// 1 and 2, but while what tests print is captured: then copies of them, taken before.
struct own_descriptors {
  inline static constinit std::atomic<int> output{STDOUT_FILENO};
  inline static constinit std::atomic<int> error{STDERR_FILENO};
  inline static constinit std::atomic<std::FILE*> stream{nullptr};  ///< of `output`; null: stdout
};
inline std::FILE* own_stream() noexcept {
  auto* const own = own_descriptors::stream.load();
  return own ? own : stdout;
}

/// dup2(). Threads of the program may be printing: ThreadSanitizer, which would take that for a race, is not to see it.
inline void redirect(int descriptor, int to) noexcept {
#if defined(SYS_dup3)
  ::syscall(SYS_dup3, to, descriptor, 0);
#else
  ::dup2(to, descriptor);
#endif
}

/// Writes all of it, without a buffer; false where that cannot be. Fit for the handler of a signal.
inline bool write_all(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}
/// On standard error, which may be closed or full: whoever has something to say goes on all the same.
inline void say(std::string_view text) noexcept {
  detail::write_all(own_descriptors::error.load(std::memory_order_relaxed), text);
}

}  // namespace awaitest::detail
