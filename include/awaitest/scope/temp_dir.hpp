// The directory of this_test::temp_dir().
#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <system_error>

namespace awaitest::detail {

/// Made at the first use, under the system's temporary directory. Thread-safe.
class temp_folder {
 public:
  std::string path(const std::string& test) {
    const std::lock_guard lock{guard_};
    if (path_.empty()) make(test);
    return path_;
  }
  bool made() {
    const std::lock_guard lock{guard_};
    return !path_.empty();
  }
  void remove() {
    const std::lock_guard lock{guard_};
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
    path_.clear();
  }

 private:
  void make(const std::string& test) {
    std::string readable;
    for (const char c : test) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      readable += plain ? c : '_';
    }
    readable.resize(std::min<std::size_t>(readable.size(), 40));
    const auto unique = "_" + std::string(6, 'X');  // which mkdtemp replaces
    // As std::filesystem::temp_directory_path() looks for it; that one's errors do not tell which path is meant.
    std::string under = "/tmp", from;
    for (const char* name : {"TMPDIR", "TMP", "TEMP", "TEMPDIR"})
      if (const auto* value = std::getenv(name); value && *value) {
        under = value;
        from = std::string(", the value of ") + name;
        break;
      }
    auto pattern = (std::filesystem::path(under) / ("awaitest_" + readable + unique)).string();
    if (!::mkdtemp(pattern.data()))
      throw std::system_error(errno, std::generic_category(),
                              "temp_dir() cannot make a directory in \"" + under + "\"" + from);
    path_ = pattern;
  }

  std::mutex guard_;
  std::string path_;
};

}  // namespace awaitest::detail
