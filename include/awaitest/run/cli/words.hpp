// Words of a command line that do not come from the shell: of AWAITEST_OPTIONS and of files.
#pragma once

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "values.hpp"

namespace awaitest::detail {

/// As a POSIX shell splits words: quotes of both kinds, backslashes, and comments from a `#` that begins a word to the end of the line.
/// Nothing else is special. `from` names the source where a quote is not closed.
inline std::vector<std::string> split_words(std::string_view text, std::string_view from) {
  std::vector<std::string> words;
  std::string word;
  bool within = false;  // a word, which may be empty: ''
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      if (std::exchange(within, false)) words.push_back(std::exchange(word, {}));
    } else if (c == '#' && !within) {
      while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
    } else if (c == '\'' || c == '"') {
      within = true;
      for (++i; i < text.size() && text[i] != c; ++i) {
        const bool escapes =
            c == '"' && text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
        word += text[escapes ? ++i : i];
      }
      if (i == text.size()) throw usage_error(fmt::format("{}: a quote {} is not closed", from, c));
    } else {
      within = true;
      word += c == '\\' && i + 1 < text.size() ? text[++i] : c;
    }
  }
  if (within) words.push_back(std::move(word));
  return words;
}

/// The words of `@name`.
inline std::vector<std::string> words_of_file(const std::string& name) {
  struct closes {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, closes> file{std::fopen(name.c_str(), "re")};
  std::string text;
  if (file) {
    char part[4096];
    while (const auto got = std::fread(part, 1, sizeof part, file.get())) text.append(part, got);
  }
  if (!file || std::ferror(file.get()))
    throw usage_error(
        fmt::format("@{}: the file cannot be read: {}; a pattern that begins with @ goes behind --", name,
                    std::generic_category().message(errno)));
  return detail::split_words(text, "@" + name);
}

}  // namespace awaitest::detail
