// --last-failed: which tests failed, kept in a file from one run to the next.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <system_error>

#include "../../model/event.hpp"
#include "../../model/replacing_file.hpp"
#include "../settings.hpp"
#include "selection.hpp"

namespace awaitest::detail {

/// A path that stays the same when a test changes the working directory.
inline std::string lasting_path(const std::string& path) {
  std::error_code error;
  const auto whole = std::filesystem::absolute(path, error);
  return error ? path : whole.string();
}
/// Called by its bare name, the program was found through PATH, and may be anywhere but here.
inline std::string program_path(const std::string& called) {
  if (called.find('/') != std::string::npos) return called;
  std::error_code error;
  const auto found = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? called : found.string();
}

/// The names of the tests that failed when they were last run, one a line, in `--state FILE` or beside the program. Runs
/// of `--exact` and `--shard` leave it alone: many of them may be under way at once.
class failure_memory {
 public:
  explicit failure_memory(const settings& asked)
      : path_{detail::lasting_path(asked.state_file.empty()
                                       ? detail::program_path(asked.program) + ".last-failed"
                                       : asked.state_file)},
        named_{!asked.state_file.empty()},
        writes_{!asked.exact && asked.shards == 1 && asked.wire < 0} {
    before_ = read();
  }

  /// All tests of the program: whoever failed before and is not among them is forgotten.
  void know(const std::vector<selected_test>& all) {
    forgotten_ = before_;
    if (forgotten_.empty()) return;
    for (const auto& test : all) forgotten_.erase(test.name());
  }
  /// Leaves only what failed before. False when none of it is selected: then everything is.
  bool narrow(std::vector<selected_test>& tests) const {
    const auto failed_before = [&](const selected_test& test) { return before_.contains(test.name()); };
    if (std::none_of(tests.begin(), tests.end(), failed_before)) return false;
    std::erase_if(tests, [&](const selected_test& test) { return !failed_before(test); });
    return true;
  }

  /// A reporter.
  void report(const event& what) {
    if (const auto* test = std::get_if<test_finished>(&what)) {
      const auto& name = test->test->name;
      if (test->result == outcome::failed) {
        failed_.insert(name);
        passed_.erase(name);
      } else if (test->result != outcome::skipped) {
        failed_.erase(name);
        if (before_.contains(name)) passed_.insert(name);
      }
    } else if (std::holds_alternative<run_finished>(what)) {
      write();
    }
  }
  /// Empty, or why the file that was asked for could not be written.
  const std::string& error() const { return error_; }

 private:
  std::set<std::string> read() const {
    std::set<std::string> names;
    std::ifstream file(path_);
    for (std::string line; std::getline(file, line);)
      if (!line.empty()) names.insert(line);
    return names;
  }

  /// The names that another run has written meanwhile stay: of those there, this run takes away only what it has known from the start.
  void write() {
    if (!writes_) return;
    struct stat about{};
    const bool exists = ::stat(path_.c_str(), &about) == 0;
    const auto real = replacing_file::real_path(path_, exists);
    const one_at_a_time lock{replacing_file::directory_of(real)};
    const auto now = read();
    auto names = failed_;
    for (const auto& name : now)
      if (!forgotten_.contains(name) && !passed_.contains(name)) names.insert(name);
    if (names == now && !named_) return;
    if (names.empty()) {
      if (exists && S_ISREG(about.st_mode)) std::remove(real.c_str());
      return;
    }
    try {
      replacing_file file{path_};
      for (const auto& name : names) fmt::print(file.stream(), "{}\n", name);
      if (!file.commit()) throw std::system_error(errno, std::generic_category());
    } catch (const std::system_error& e) {
      if (named_) error_ = fmt::format("--state \"{}\" cannot be written: {}", path_, e.code().message());
    }
  }

  /// A lock of the directory, which leaves nothing behind. Whoever cannot have it soon goes without.
  class one_at_a_time {
   public:
    explicit one_at_a_time(const std::string& directory)
        : directory_{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)} {
      for (int i = 0; i < 2'000 && ::flock(directory_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK; ++i)
        ::poll(nullptr, 0, 1);
    }
    one_at_a_time(const one_at_a_time&) = delete;
    one_at_a_time& operator=(const one_at_a_time&) = delete;
    ~one_at_a_time() {
      if (directory_ >= 0) ::close(directory_);
    }

   private:
    int directory_;
  };

  std::string path_;
  bool named_;
  bool writes_;
  std::set<std::string> before_;           // when the run began
  std::set<std::string> forgotten_;        // of these: no longer the program's
  std::set<std::string> failed_, passed_;  // in this run; passed: of those before only
  std::string error_;
};

}  // namespace awaitest::detail
