// --last-failed: which tests failed, kept in a file from one run to the next.
#pragma once

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

#include "../model/event.hpp"
#include "selection.hpp"
#include "settings.hpp"

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
    std::ifstream file(path_);
    for (std::string line; std::getline(file, line);)
      if (!line.empty()) failed_.insert(line);
    before_ = failed_;
  }

  /// All tests of the program: whoever failed before and is not among them is forgotten.
  void know(const std::vector<selected_test>& all) {
    std::set<std::string> known;
    for (const auto& test : all)
      if (auto name = test.name(); failed_.contains(name)) known.insert(std::move(name));
    failed_ = std::move(known);
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
      if (test->result == outcome::failed)
        failed_.insert(test->test->name);
      else if (test->result != outcome::skipped)
        failed_.erase(test->test->name);
    } else if (std::holds_alternative<run_finished>(what)) {
      write();
    }
  }
  /// Empty, or why the file that was asked for could not be written.
  const std::string& error() const { return error_; }

 private:
  void write() {
    if (!writes_ || (failed_ == before_ && !named_)) return;
    if (failed_.empty()) {
      std::remove(path_.c_str());
      return;
    }
    std::ofstream file(path_, std::ios::trunc);
    for (const auto& name : failed_) file << name << '\n';
    file.flush();
    if (!file && named_)
      error_ =
          fmt::format("--state \"{}\" cannot be written: {}", path_, std::generic_category().message(errno));
  }

  std::string path_;
  bool named_;
  bool writes_;
  std::set<std::string> failed_, before_;
  std::string error_;
};

}  // namespace awaitest::detail
