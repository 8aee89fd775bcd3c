// A schedule as a short text, for a command line and for `replay("...")`.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "choice.hpp"

namespace awaitest::detail {

// `v1:5c2e:fifo:13s1/2@a41f`: which test, by a hash of its name, and what differs from first-in first-out.
struct schedule_token {
  std::uint16_t test = 0;
  change_list differ;
};

inline std::uint16_t short_hash(std::uint64_t hash) noexcept {
  hash ^= hash >> 32U;
  return static_cast<std::uint16_t>(hash ^ (hash >> 16U));
}

inline std::string spelled(const schedule_token& token) {
  auto text = fmt::format("v1:{:04x}:fifo", token.test);
  char lead = ':';
  for (const auto& one : token.differ)
    text += fmt::format("{}{}@{:04x}", std::exchange(lead, ','), detail::spelled(one.at, one.what),
                        one.what.label);
  return text;
}

/// Reads a token. What is wrong with a text that is none is in `error` afterwards.
class token_reader {
 public:
  explicit token_reader(std::string_view text) noexcept : left_{text} {}

  std::optional<schedule_token> read() {
    schedule_token made;
    if (!skip("v1:")) return wrong("it does not begin with v1:");
    if (!number(made.test, 16) || !skip(":"))
      return wrong("four hexadecimal digits, of the test, and a colon follow v1:");
    if (!skip("fifo")) return wrong("its third part is fifo");
    for (bool first = true; !left_.empty(); first = false) {
      change one{};
      if (!skip(first ? ":" : ",")) return wrong("a change is separated by a comma");
      if (!number(one.at, 10) || left_.empty()) return wrong(a_change);
      const auto kind = std::string_view{"sptu"}.find(left_.front());
      if (kind == std::string_view::npos) return wrong("a choice is one of s, p, t, u");
      one.what.kind = static_cast<choice_kind>(left_.front());
      left_.remove_prefix(1);
      if (!number(one.what.option, 10) || !skip("/") || !number(one.what.options, 10) || !skip("@") ||
          !number(one.what.label, 16))
        return wrong(a_change);
      if (one.what.option >= one.what.options)
        return wrong("an option is less than the number behind its slash");
      if (!made.differ.empty() && made.differ.back().at >= one.at)
        return wrong("changes stand in the order of their choices");
      made.differ.push_back(one);
    }
    return made;
  }
  const std::string& error() const noexcept { return error_; }

 private:
  static constexpr const char* a_change = "a change is written like 13s1/2@a41f";

  std::nullopt_t wrong(const char* why) {
    error_ = why;
    return std::nullopt;
  }
  bool skip(std::string_view what) noexcept {
    if (!left_.starts_with(what)) return false;
    left_.remove_prefix(what.size());
    return true;
  }
  template <class T>
  bool number(T& into, int base) noexcept {
    const auto [end, error] = std::from_chars(left_.data(), left_.data() + left_.size(), into, base);
    if (error != std::errc{}) return false;
    left_.remove_prefix(static_cast<std::size_t>(end - left_.data()));
    return true;
  }

  std::string_view left_;
  std::string error_;
};

}  // namespace awaitest::detail
