// The output of a report: a file or standard output, with its errors kept.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "../model/last_moments.hpp"
#include "../model/own_descriptors.hpp"
#include "../model/replacing_file.hpp"
#include "../model/without_sigpipe.hpp"

namespace awaitest {

/// Thrown when a report's file cannot be opened: before anything ran.
class unwritable : public std::system_error {
 public:
  using std::system_error::system_error;
};

/// How a report is written, and read.
enum class report_form : std::uint8_t {
  for_people,  ///< what the program prints may stand in between
  whole,  ///< nothing else stands there; a file is in its place when the report is complete, and not before
  line_by_line,  ///< nothing else stands there; each event is in the file when it has been reported, whatever happens then
};

class output {
 public:
  /// A report goes to standard output when the name is empty. Where it goes there and is not for people, what the program prints goes to
  /// standard error from now on.
  explicit output(std::string name, report_form form = report_form::for_people) : name_{std::move(name)} {
    open(form);
    struct stat about{};
    may_break_ = ::fstat(::fileno(file_), &about) == 0 && !S_ISREG(about.st_mode);
  }
  output(const output&) = delete;
  output& operator=(const output&) = delete;
  ~output() = default;

  void write(std::string_view text) noexcept {
    const without_sigpipe held{may_break_};
    if (lock_in_time()) {
      if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) fail();
      unlock();
      return;
    }
    if (!detail::write_all(::fileno(file_), text)) fail();
  }
  /// For an output of that name and form that is to be made later: what is printed from now on goes to standard error, if it would then.
  static void reserve(const std::string& name, report_form form) {
    if (form != report_form::for_people && is_standard_output(name)) own_standard_output();
  }
  /// Everything so far is in the file, or an error is kept.
  void flush() noexcept {
    const without_sigpipe held{may_break_};
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

  void open(report_form form) {
    if (form != report_form::for_people && is_standard_output(name_)) {
      if (const int own = own_standard_output(); own >= 0) {
        if (const int copy = ::fcntl(own, F_DUPFD_CLOEXEC, 3); copy >= 0) own_.reset(::fdopen(copy, "w"));
      }
      if (own_) file_ = own_.get();
      if (own_ || name_.empty()) return;
    }
    if (name_.empty()) return;
    if (form == report_form::line_by_line) {
      own_.reset(std::fopen(name_.c_str(), "we"));
      if (!own_) throw unwritable(errno, std::generic_category(), unwritable_words());
      file_ = own_.get();
      return;
    }
    try {
      replacing_ = std::make_unique<replacing_file>(name_);
      file_ = replacing_->stream();
    } catch (const std::system_error& e) {
      throw unwritable(e.code(), unwritable_words());
    }
  }
  std::string unwritable_words() const { return "the report \"" + name_ + "\" cannot be written"; }

  void fail() noexcept {
    if (error_ == 0) error_ = errno ? errno : EIO;
  }
  static bool is_standard_output(const std::string& name) {
    return name.empty() || name == "/dev/stdout" || name == "/dev/fd/1" || name == "/proc/self/fd/1";
  }
  /// The standard output of before it became standard error, for good: what static objects print comes after the report.
  static int own_standard_output() {
    static const int own = [] {
      const int copy = ::fcntl(detail::own_descriptors::output, F_DUPFD_CLOEXEC, 3);
      if (copy >= 0) {
        detail::redirect(detail::own_descriptors::output, detail::own_descriptors::error);
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
  std::FILE* file_ = detail::own_stream();
  bool may_break_ = false;  // a pipe, say, whose reader may go
  int error_ = 0;
};

}  // namespace awaitest
