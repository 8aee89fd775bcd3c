// The directory of this_test::temp_dir().
#pragma once

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <system_error>

namespace awaitest::detail {

/// Made at the first use, under the system's temporary directory, or the one that Bazel gives a test. Thread-safe.
class temp_folder {
 public:
  std::string path(const std::string& test) {
    const std::lock_guard lock{guard_};
    if (path_.empty()) make(test);
    return path_;
  }
  /// Moves it to where Bazel keeps what a test leaves (TEST_UNDECLARED_OUTPUTS_DIR), if it has such a place; its own is removed.
  void keep() {
    const std::lock_guard lock{guard_};
    const auto* const kept = std::getenv("TEST_UNDECLARED_OUTPUTS_DIR");
    if (!kept || !*kept) return;
    const auto to = std::filesystem::path(kept) / std::filesystem::path(path_).filename();
    std::error_code error;
    std::filesystem::rename(path_, to, error);
    if (error) {  // another file system
      std::filesystem::copy(path_, to, std::filesystem::copy_options::recursive, error);
      if (error) return;
      std::error_code ignored;
      std::filesystem::remove_all(path_, ignored);
    }
    path_ = to.string();
  }
  bool made() const noexcept { return made_.load(std::memory_order_acquire); }
  void remove() {
    const std::lock_guard lock{guard_};
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
    path_.clear();
    made_.store(false, std::memory_order_release);
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
    for (const char* name : {"TEST_TMPDIR", "TMPDIR", "TMP", "TEMP", "TEMPDIR"})
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
    made_.store(true, std::memory_order_release);
  }

  std::mutex guard_;
  std::string path_;
  std::atomic<bool> made_{false};  // most tests have none: that costs no lock
};

}  // namespace awaitest::detail
