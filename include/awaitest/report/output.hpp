// Where a report is written: a file or standard output, with its errors kept.
#pragma once

#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>

namespace awaitest {

/// Thrown when a report's file cannot be opened: before anything ran.
class unwritable : public std::system_error {
 public:
  using std::system_error::system_error;
};

class output {
 public:
  /// Standard output when the name is empty. An existing file is replaced.
  explicit output(std::string name) : name_{std::move(name)} {
    if (name_.empty()) return;
    file_ = std::fopen(name_.c_str(), "we");
    if (!file_)
      throw unwritable(errno, std::generic_category(), "the report \"" + name_ + "\" cannot be written");
  }
  output(const output&) = delete;
  output& operator=(const output&) = delete;
  ~output() {
    if (file_ != stdout) std::fclose(file_);
  }

  void write(std::string_view text) noexcept {
    if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) fail();
  }
  /// Everything so far is in the file, or an error is kept.
  void flush() noexcept {
    if (std::fflush(file_) != 0) fail();
  }
  /// Empty, or what went wrong.
  std::string error() const {
    if (error_ == 0) return {};
    return "the report " + (name_.empty() ? std::string("on standard output") : "\"" + name_ + "\"") +
           " is incomplete: " + std::generic_category().message(error_);
  }

 private:
  void fail() noexcept {
    if (error_ == 0) error_ = errno ? errno : EIO;
  }

  std::string name_;
  std::FILE* file_ = stdout;
  int error_ = 0;
};

}  // namespace awaitest
