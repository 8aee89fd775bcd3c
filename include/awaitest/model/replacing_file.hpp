// A file that takes the place of an older one of its name when it is complete, and not before.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

namespace awaitest {

/// Whatever ends the process before commit(), the older file is as it was. What is no regular file (a terminal, a pipe, /dev/null)
/// is written to as it stands; so are the names of open descriptors, like /dev/stdout. A symbolic link stays one.
class replacing_file {
 public:
  /// Throws std::system_error where the file could not be written.
  explicit replacing_file(const std::string& name) {
    struct stat about{};
    const bool exists = ::stat(name.c_str(), &about) == 0;
    if (exists ? !S_ISREG(about.st_mode) || is_open(name, about) : is_link(name)) {
      stream_ = std::fopen(name.c_str(), "we");
    } else if (target_ = real_path(name, exists); !target_.empty()) {
      if (!exists || ::access(target_.c_str(), W_OK) == 0) open_beside(exists ? about.st_mode : 0, exists);
    }
    if (!stream_) throw std::system_error(errno, std::generic_category(), name);
  }
  replacing_file(const replacing_file&) = delete;
  replacing_file& operator=(const replacing_file&) = delete;
  ~replacing_file() {
    std::fclose(stream_);
    if (!part_.empty()) ::unlink(part_.c_str());
  }

  std::FILE* stream() const noexcept { return stream_; }

  /// The text that was written is the file from here on. False, and errno set, when it could not be; the older one stays then.
  bool commit() {
    if (std::fflush(stream_) != 0 || std::ferror(stream_)) return false;
    if (target_.empty()) return true;
    auto part = part_;
    if (part.empty() && beside_) {
      part = new_name(target_);
      const auto descriptor = "/proc/self/fd/" + std::to_string(::fileno(stream_));
      if (::linkat(AT_FDCWD, descriptor.c_str(), AT_FDCWD, part.c_str(), AT_SYMLINK_FOLLOW) != 0)
        part.clear();
    }
    bool done = !part.empty() && ::rename(part.c_str(), target_.c_str()) == 0;
    if (!part.empty() && !done) ::unlink(part.c_str());
    part_.clear();
    if (!done) done = copy();  // a file that is a mount of its own, a directory that nothing can be added to
    if (done) target_.clear();
    return done;
  }

  /// Without links; where the file is still to be made, its directory is. Empty, and errno set: there is none.
  static std::string real_path(const std::string& name, bool exists) {
    const auto slash = name.rfind('/');
    const auto directory = slash == std::string::npos ? std::string(".") : name.substr(0, slash + 1);
    char* const found = ::realpath((exists ? name : directory).c_str(), nullptr);
    if (!found) return {};
    std::string path = found;
    std::free(found);
    if (!exists) path += '/' + (slash == std::string::npos ? name : name.substr(slash + 1));
    return path;
  }
  static std::string directory_of(const std::string& path) { return path.substr(0, path.rfind('/') + 1); }

 private:
  static bool is_link(const std::string& name) {
    struct stat about{};
    return ::lstat(name.c_str(), &about) == 0 && S_ISLNK(about.st_mode);
  }
  /// Somebody else writes to it by the descriptor: a new file would not be where that goes.
  static bool is_open(std::string_view name, const struct stat& about) {
    if (name.starts_with("/dev/") || name.starts_with("/proc/")) return true;
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
      struct stat one{};
      if (::fstat(standard, &one) == 0 && one.st_dev == about.st_dev && one.st_ino == about.st_ino)
        return true;
    }
    return false;
  }
  static std::string new_name(const std::string& beside) {
    static std::atomic<unsigned> made{0};
    return directory_of(beside) + ".awaitest-" + std::to_string(::getpid()) + '-' +
           std::to_string(made.fetch_add(1)) + ".part";
  }

  void open_beside(mode_t mode, bool exists) {
    int descriptor = -1;
#ifdef O_TMPFILE
    // It has no name until it is complete: not even a process that is killed leaves anything behind.
    descriptor = ::open(directory_of(target_).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
#endif
    if (descriptor < 0) {
      part_ = new_name(target_);
      ::unlink(part_.c_str());
      descriptor = ::open(part_.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
    }
    beside_ = descriptor >= 0;
    if (beside_) {
      [[maybe_unused]] const int changed = exists ? ::fchmod(descriptor, mode & 0777) : 0;
      stream_ = ::fdopen(descriptor, "w+");
      return;
    }
    part_.clear();
    if (exists) stream_ = std::tmpfile();
  }

  bool copy() {
    const int to = ::open(target_.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0666);
    if (to < 0) return false;
    char buffer[16 * 1024];
    off_t at = 0;
    bool good = true;
    for (;;) {
      const auto got = ::pread(::fileno(stream_), buffer, sizeof buffer, at);
      if (got <= 0) {
        good = good && got == 0;
        break;
      }
      for (ssize_t written = 0; good && written < got;) {
        const auto some = ::write(to, buffer + written, static_cast<std::size_t>(got - written));
        good = some > 0;
        written += some;
      }
      if (!good) break;
      at += got;
    }
    const int error = errno;
    ::close(to);
    errno = error;
    return good;
  }

  std::FILE* stream_ = nullptr;
  std::string target_;   // empty: it is written to as it stands, or complete
  std::string part_;     // the name that it has until then; empty: none
  bool beside_ = false;  // in the directory of the target
};

}  // namespace awaitest
