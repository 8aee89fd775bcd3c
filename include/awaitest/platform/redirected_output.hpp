// Standard output and error of the process, sent to a nameless file: what threads and child processes print goes there, too.
#pragma once

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__GLIBC__)
#include <stdio_ext.h>
#endif
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "../model/own_descriptors.hpp"
#include "../model/without_sigpipe.hpp"

#if defined(__GNUC__) && defined(__ELF__)
extern "C" [[gnu::weak]] void __sanitizer_set_report_fd(void* descriptor);
#endif

namespace awaitest::detail {

/// While it lives descriptors 1 and 2 are one file, which everybody appends to, and awaitest's own output goes where 1 and 2 led before.
/// The reports of a sanitizer go to standard error as before: they are not to be lost with a process that they end. One inside of
/// another is possible.
class redirected_output {
 public:
  redirected_output() {
    if (!open_all()) {
      close_all();
      return;
    }
    const without_sigpipe held{true};  // nobody may read what was printed before
    std::fflush(stdout);
    detail::redirect(STDOUT_FILENO, file_);
    detail::redirect(STDERR_FILENO, file_);
    output_before_ = own_descriptors::output.exchange(output_);
    error_before_ = own_descriptors::error.exchange(error_);
    stream_before_ = own_descriptors::stream.exchange(stream_);
    // By lines, as it would be there: what else is printed stays in its order.
    if (::isatty(output_) == 1) std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    send_sanitizer_to(error_);
  }
  redirected_output(const redirected_output&) = delete;
  redirected_output& operator=(const redirected_output&) = delete;
  ~redirected_output() {
    if (!works()) return;
    const without_sigpipe held{true};
    std::fflush(stdout);
    std::fflush(stream_);
    detail::redirect(STDOUT_FILENO, output_);
    detail::redirect(STDERR_FILENO, error_);
    own_descriptors::output.store(output_before_);
    own_descriptors::error.store(error_before_);
    own_descriptors::stream.store(stream_before_);
    send_sanitizer_to(error_before_);
    close_all();
  }

  /// False: no file could be made, and nothing was done.
  bool works() const noexcept { return stream_ != nullptr; }

  /// How much has been written so far. Does not wait for a thread that prints.
  std::uint64_t position() noexcept {
    flush();
    const auto size = ::lseek(file_, 0, SEEK_END);
    return size < 0 ? 0 : static_cast<std::uint64_t>(size);
  }
  /// The text between two positions, less where somebody has truncated the file.
  std::string text(std::uint64_t from, std::uint64_t to) const {
    std::string all;
    if (to <= from) return all;
    all.resize(static_cast<std::size_t>(to - from));
    std::size_t have = 0;
    while (have < all.size()) {
      const auto got = ::pread(file_, all.data() + have, all.size() - have, static_cast<off_t>(from + have));
      if (got <= 0) break;
      have += static_cast<std::size_t>(got);
    }
    all.resize(have);
    return all;
  }
  /// Nobody asks for what is before that position any more: its room is free, where the file system can do that.
  void forget(std::uint64_t before) noexcept {
#if defined(FALLOC_FL_PUNCH_HOLE)
    if (before < forgotten_ + kept) return;
    ::fallocate(file_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(before));
    forgotten_ = before;
#else
    static_cast<void>(before);
#endif
  }

 private:
  static constexpr std::uint64_t kept = 16 * 1024 * 1024;  // bytes before their room is looked at

  static void flush() noexcept {
#if defined(__GLIBC__)
    if (::__fpending(stdout) == 0) return;
#endif
    if (::ftrylockfile(stdout) != 0) return;
    std::fflush(stdout);
    ::funlockfile(stdout);
  }
  bool open_all() {
    file_ = open_nameless();
    output_ = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    error_ = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (file_ < 0 || output_ < 0 || error_ < 0) return false;
    stream_ = ::fdopen(output_, "w");
    return stream_ != nullptr;
  }
  void close_all() noexcept {
    if (stream_)
      std::fclose(std::exchange(stream_, nullptr));
    else if (output_ >= 0)
      ::close(output_);
    if (error_ >= 0) ::close(error_);
    if (file_ >= 0) ::close(file_);
    file_ = output_ = error_ = -1;
  }
  static int open_nameless() {
    const char* const asked = std::getenv("TMPDIR");
    const std::string folder = asked && *asked ? asked : "/tmp";
    int made = -1;
#if defined(O_TMPFILE)
    made = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
#endif
    if (made < 0) {
      auto name = folder + "/awaitest_output_XXXXXX";
      made = ::mkostemp(name.data(), O_APPEND | O_CLOEXEC);
      if (made >= 0) ::unlink(name.c_str());
    }
#if defined(MFD_CLOEXEC)
    if (made < 0) {
      made = ::memfd_create("awaitest output", MFD_CLOEXEC);
      if (made >= 0) ::fcntl(made, F_SETFL, O_APPEND);
    }
#endif
    if (made < 0 || made > STDERR_FILENO) return made;
    const int higher = ::fcntl(made, F_DUPFD_CLOEXEC, 3);
    ::close(made);
    return higher;
  }
  /// Unless the user has named a file for its reports.
  static void send_sanitizer_to(int descriptor) {
#if defined(__GNUC__) && defined(__ELF__)
    if (!__sanitizer_set_report_fd || has_sanitizer_file()) return;
    // A forked process would take the descriptor for its parent's log file, and begin one of its own.
    static const int once = ::pthread_atfork(nullptr, nullptr, [] {
      __sanitizer_set_report_fd(reinterpret_cast<void*>(std::intptr_t{STDERR_FILENO}));
    });
    static_cast<void>(once);
    __sanitizer_set_report_fd(reinterpret_cast<void*>(std::intptr_t{descriptor}));
#else
    static_cast<void>(descriptor);
#endif
  }
  static bool has_sanitizer_file() {
    for (const char* const name :
         {"ASAN_OPTIONS", "LSAN_OPTIONS", "MSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"})
      if (const char* const given = std::getenv(name);
          given && std::string(given).find("log_path") != std::string::npos)
        return true;
    return false;
  }

  int file_ = -1;
  int output_ = -1, error_ = -1;  // what 1 and 2 were
  std::FILE* stream_ = nullptr;   // on output_
  int output_before_ = -1, error_before_ = -1;
  std::FILE* stream_before_ = nullptr;
  std::uint64_t forgotten_ = 0;
};

}  // namespace awaitest::detail
