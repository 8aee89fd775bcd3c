// Other processes that could wake a test of this one: children, and those that have its sockets or pipes open.
#pragma once

#if defined(__linux__)
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace awaitest::detail {

/// Whether the process has children, also those that have ended and that nobody has waited for.
inline bool has_children() {
  siginfo_t ignored{};
  return ::waitid(P_ALL, 0, &ignored, WEXITED | WSTOPPED | WCONTINUED | WNOHANG | WNOWAIT | __WALL) == 0 ||
         errno != ECHILD;
}

/// Whether another process has one of those sockets or pipes open, as far as its descriptors may be read: a process that was forked, and
/// has outlived the one that forked it, or one that has been given them.
inline bool is_any_shared(const std::vector<std::uint64_t>& inodes) {
  const auto own = ::getpid();
  auto* const processes = ::opendir("/proc");
  if (!processes) return true;
  bool found = false;
  while (const auto* const process = ::readdir(processes)) {
    const auto id = std::strtol(process->d_name, nullptr, 10);
    if (id <= 0 || id == own) continue;
    const auto folder = "/proc/" + std::string(process->d_name) + "/fd/";
    auto* const descriptors = ::opendir(folder.c_str());
    if (!descriptors) continue;
    while (const auto* const one = ::readdir(descriptors)) {
      struct stat about{};
      if (one->d_name[0] == '.' || ::fstatat(::dirfd(descriptors), one->d_name, &about, 0) != 0) continue;
      if (!S_ISSOCK(about.st_mode) && !S_ISFIFO(about.st_mode)) continue;
      found = found || std::find(inodes.begin(), inodes.end(), about.st_ino) != inodes.end();
    }
    ::closedir(descriptors);
    if (found) break;
  }
  ::closedir(processes);
  return found;
}

}  // namespace awaitest::detail
#endif
