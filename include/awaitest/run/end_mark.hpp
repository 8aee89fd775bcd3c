// The mark by which CTest knows that a run has come to its end. A process may end with 0 before its run does.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <string_view>

namespace awaitest::detail {

/// For --mark: the last line of standard output holds a `§`, and CTest fails a test without one (FAIL_REGULAR_EXPRESSION).
/// Standard output is what it is at the beginning, wherever a test sends it.
class end_mark {
 public:
  explicit end_mark(bool wanted) : to_{wanted ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0) : -1} {}
  end_mark(const end_mark&) = delete;
  end_mark& operator=(const end_mark&) = delete;
  ~end_mark() {
    if (to_ < 0) return;
    std::fflush(stdout);
    constexpr std::string_view text = "\xC2\xA7 the run is complete\n";
    [[maybe_unused]] const auto written = ::write(to_, text.data(), text.size());
    ::close(to_);
  }

 private:
  int to_;
};

}  // namespace awaitest::detail
