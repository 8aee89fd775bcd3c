// Lines of the source around a failed assertion.
#pragma once

#include <sys/stat.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "../model/event.hpp"

namespace awaitest::reporting {

/// Reads the sources where they are, and keeps the last one: failures come in clusters.
class source_lines {
 public:
  /// As `> 12 | CHECK(a == b);`, with the lines before and after. Empty where there is no such file, or none of this program any more:
  /// one that is newer than the program is to have the assertion near that line.
  std::vector<std::string> around(const failure& what) {
    const bool by_assertion = what.kind == failure_kind::assertion || what.kind == failure_kind::explicitly;
    if (!by_assertion || what.macro.empty() || what.where.line == 0) return {};
    read(what.where.file);
    const std::size_t line = what.where.line;
    if (line > lines_.size() || (is_newer_ && !has_near(line, what.macro))) return {};
    // A line that is indented less belongs to another block: before the assertion the first one is shown, the head of its block.
    const auto own = indent_of(line);
    auto first = line, last = line;
    while (first > 1 && line - first < around_it && indent_of(first) >= own) --first;
    while (last < lines_.size() && last - line < around_it && indent_of(last + 1) >= own) ++last;
    std::size_t indent = own;
    for (auto i = first; i <= last; ++i) indent = std::min(indent, indent_of(i));
    const auto width = fmt::formatted_size("{}", last);
    std::vector<std::string> shown;
    for (auto i = first; i <= last; ++i) {
      const std::string_view text = lines_[i - 1];
      auto one = fmt::format("{} {:>{}} | {}", i == line ? '>' : ' ', i, width,
                             text.substr(std::min(indent, text.size()), most_columns));
      one.erase(one.find_last_not_of(' ') + 1);
      shown.push_back(std::move(one));
    }
    return shown;
  }

 private:
  static constexpr std::size_t around_it = 2, most_columns = 200, most_lines = 200'000, near = 8;

  void read(const char* file) {
    if (file_ == file) return;
    file_ = file;
    lines_.clear();
    struct stat source{}, program{};
    if (::stat(file, &source) != 0 || !S_ISREG(source.st_mode)) return;
    is_newer_ = ::stat("/proc/self/exe", &program) != 0 || source.st_mtime > program.st_mtime;
    std::ifstream in(file);
    for (std::string line; lines_.size() < most_lines && std::getline(in, line);) {
      if (line.ends_with('\r')) line.pop_back();
      for (std::size_t at = 0; (at = line.find('\t', at)) != std::string::npos;)
        line.replace(at, 1, 8 - at % 8, ' ');
      lines_.push_back(line);
    }
  }
  /// An empty line belongs to any block.
  std::size_t indent_of(std::size_t line) const { return lines_[line - 1].find_first_not_of(' '); }
  bool has_near(std::size_t line, std::string_view macro) const {
    const auto last = std::min(line + near, lines_.size());
    for (auto i = line > near ? line - near : 1; i <= last; ++i)
      if (lines_[i - 1].find(macro) != std::string::npos) return true;
    return false;
  }

  std::string file_;
  bool is_newer_ = false;  // than this program
  std::vector<std::string> lines_;
};

}  // namespace awaitest::reporting
