// The output of a report: a file or standard output, with its errors kept.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "../model/last_moments.hpp"
#include "../model/replacing_file.hpp"

namespace awaitest {

/// Thrown when a report's file cannot be opened: before anything ran.
class unwritable : public std::system_error {
 public:
  using std::system_error::system_error;
};

class output {
 public:
  /// Standard output when the name is empty. An existing file is replaced when the report is finished. With `apart`, nothing else
  /// gets into standard output where the report goes there: what the program prints goes to standard error from now on.
  explicit output(std::string name, bool apart = false) : name_{std::move(name)} {
    if (apart && is_standard_output()) {
      if (const int own = own_standard_output(); own >= 0) {
        if (const int copy = ::fcntl(own, F_DUPFD_CLOEXEC, 3); copy >= 0) own_.reset(::fdopen(copy, "w"));
      }
      if (own_) file_ = own_.get();
      if (own_ || name_.empty()) return;
    }
    if (name_.empty()) return;
    try {
      replacing_ = std::make_unique<replacing_file>(name_);
      file_ = replacing_->stream();
    } catch (const std::system_error& e) {
      throw unwritable(e.code(), "the report \"" + name_ + "\" cannot be written");
    }
  }
  output(const output&) = delete;
  output& operator=(const output&) = delete;
  ~output() = default;

  void write(std::string_view text) noexcept {
    if (lock_in_time()) {
      if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) fail();
      unlock();
      return;
    }
    while (!text.empty()) {
      const auto written = ::write(::fileno(file_), text.data(), text.size());
      if (written <= 0) return fail();
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  /// Everything so far is in the file, or an error is kept.
  void flush() noexcept {
    if (!lock_in_time()) return;
    if (std::fflush(file_) != 0) fail();
    unlock();
  }
  /// The report is complete: a file is in its place, unless something is missing in it.
  void finish() {
    flush();
    if (replacing_ && error_ == 0 && !replacing_->commit()) fail();
  }
  /// Empty, or what went wrong.
  std::string error() const {
    if (error_ == 0) return {};
    return "the report " + (name_.empty() ? std::string("on standard output") : "\"" + name_ + "\"") +
           " is incomplete: " + std::generic_category().message(error_);
  }

 private:
  struct closes {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  void fail() noexcept {
    if (error_ == 0) error_ = errno ? errno : EIO;
  }
  bool is_standard_output() const {
    return name_.empty() || name_ == "/dev/stdout" || name_ == "/dev/fd/1" || name_ == "/proc/self/fd/1";
  }
  /// The standard output of before it became standard error, for good: what static objects print comes after the report.
  static int own_standard_output() {
    static const int own = [] {
      const int copy = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
      if (copy >= 0) {
        ::dup2(STDERR_FILENO, STDOUT_FILENO);
        std::fflush(stdout);  // what was printed before
      }
      return copy;
    }();
    return own;
  }

  /// False in the last moments of the process, when whoever has the stream may never give it back.
  bool lock_in_time() noexcept {
    if (!in_last_moments.load(std::memory_order_relaxed)) {
      ::flockfile(file_);
      return true;
    }
    return ::ftrylockfile(file_) == 0;
  }
  void unlock() noexcept { ::funlockfile(file_); }

  std::string name_;
  std::unique_ptr<replacing_file> replacing_;
  std::unique_ptr<std::FILE, closes> own_;
  std::FILE* file_ = stdout;
  int error_ = 0;
};

}  // namespace awaitest
