// The reporter of a process that runs one test for --isolate: writes what its starter is to report.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "../model/wire.hpp"

namespace awaitest {

class wire_reporter {
 public:
  /// A process that the test starts does not inherit the pipe: its end is to say that this process has told all.
  explicit wire_reporter(int descriptor) : descriptor_{descriptor} {
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }

  void report(const event& what) {
    const auto text = wire::written(what);
    std::string_view left = text;
    while (!left.empty()) {
      const auto written = ::write(descriptor_, left.data(), left.size());
      if (written <= 0) return;  // the starter is gone
      left.remove_prefix(static_cast<std::size_t>(written));
    }
    if (std::holds_alternative<run_finished>(what)) ::close(descriptor_);
  }

 private:
  int descriptor_;
};

}  // namespace awaitest
