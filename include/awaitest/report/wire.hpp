// The reporter of a process that runs one test for --isolate: writes what its starter is to report.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "../model/wire.hpp"

namespace awaitest {

class wire_reporter {
 public:
  /// What the test starts does not inherit the pipe: its end is to say that this process has told all.
  explicit wire_reporter(int descriptor) : descriptor_{descriptor} {
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }

  void report(const event& what) {
    wire::writer to;
    if (const auto* test = std::get_if<test_finished>(&what)) {
      to('t');
      wire::exchange(to, *test);
    } else if (const auto* failed = std::get_if<run_failure>(&what)) {
      to('f');
      wire::exchange(to, failed->what);
    } else {
      if (std::holds_alternative<run_finished>(what)) ::close(descriptor_);
      return;
    }
    std::string_view left = to.out;
    while (!left.empty()) {
      const auto written = ::write(descriptor_, left.data(), left.size());
      if (written <= 0) return;  // the starter is gone
      left.remove_prefix(static_cast<std::size_t>(written));
    }
  }

 private:
  int descriptor_;
};

}  // namespace awaitest
