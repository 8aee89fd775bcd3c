// Which descriptors the process has open.
//
// Linux alone; where /proc/self/fd cannot be read, none are known.
#pragma once

#if defined(__linux__)
#include <dirent.h>
#include <sys/stat.h>

#include <cstdlib>
#include <vector>

namespace awaitest::detail {

/// The descriptors of the process, read again when another number of them is open (stat(2) of /proc/self/fd tells it since Linux 6.2)
/// and when one of them is not open any more.
class open_descriptors {
 public:
  const std::vector<int>& all() const noexcept { return all_; }
  bool are_as_many() const noexcept { return !all_.empty() && static_cast<off_t>(all_.size()) == open_now(); }
  void read() {
    all_.clear();
    if (auto* const folder = ::opendir("/proc/self/fd")) {
      while (const auto* const entry = ::readdir(folder))
        if (entry->d_name[0] != '.')
          all_.push_back(static_cast<int>(std::strtol(entry->d_name, nullptr, 10)));
      std::erase(all_, ::dirfd(folder));
      ::closedir(folder);
    }
  }

 private:
  static off_t open_now() noexcept {
    struct stat found{};
    return ::stat("/proc/self/fd", &found) == 0 ? found.st_size : 0;
  }

  std::vector<int> all_;
};

}  // namespace awaitest::detail
#endif
