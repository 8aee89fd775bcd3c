// Names that a line of a list, a command line and CTest can hold.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "../model/test_record.hpp"
#include "../model/text_hash.hpp"

namespace awaitest::detail {

/// The bytes of the character of UTF-8 with which the text begins; 0 where it begins with none, or with a control character.
inline std::size_t printable_character(std::string_view text) noexcept {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto goes_on = [&](std::size_t to) {
    for (std::size_t i = 1; i < to; ++i)
      if ((at(i) & 0xc0U) != 0x80U) return false;
    return true;
  };
  const unsigned first = at(0);
  const unsigned second = at(1);
  if (first < 0x80U) return first >= 0x20U && first != 0x7fU ? 1 : 0;
  if (first >= 0xc2U && first <= 0xdfU) return goes_on(2) && (first != 0xc2U || second >= 0xa0U) ? 2 : 0;
  if (first >= 0xe0U && first <= 0xefU)
    return goes_on(3) && (first != 0xe0U || second >= 0xa0U) && (first != 0xedU || second < 0xa0U) ? 3 : 0;
  if (first >= 0xf0U && first <= 0xf4U)
    return goes_on(4) && (first != 0xf0U || second >= 0x90U) && (first != 0xf4U || second < 0x90U) ? 4 : 0;
  return 0;
}

/// A name that was given to a case may hold anything; lists, command lines and reports take a line of UTF-8 each.
inline std::string on_one_line(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const auto length = printable_character(name);
    if (length)
      out += name.substr(0, length);
    else if (name.front() == '\n')
      out += "\\n";
    else if (name.front() == '\t')
      out += "\\t";
    else
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(name.front())));
    name.remove_prefix(length ? length : 1);
  }
  return out;
}

/// Much less than a command line can hold (Linux: 128 KiB an argument): people read it.
inline constexpr std::size_t longest_name = 1000;
/// The least that a shortened name has: a character of UTF-8 is not cut.
inline constexpr std::size_t least_shortened_name = longest_name - 3;

/// The name; of one that is too long its beginning and a hash of the whole, so that it is the same in every process.
inline std::string shortened(std::string name) {
  if (name.size() <= longest_name) return name;
  const auto tail = fmt::format("...{:016x}", detail::hash_text(name));
  auto head = longest_name - tail.size();
  for (int i = 0; i < 3 && (static_cast<unsigned char>(name[head]) & 0xc0U) == 0x80U; ++i) --head;
  name.resize(head);
  return name += tail;
}

inline void append_suite_name(std::string& out, const suite* which) {
  if (!which) return;
  append_suite_name(out, which->parent);
  if (which->parent) out += '/';
  out += which->name;
}
inline std::string suite_name(const test_case& which) {
  std::string out;
  append_suite_name(out, which.parent);
  return detail::shortened(std::move(out));
}
/// The name of the suite that holds all others of the test; empty: the test is in none.
inline std::string outermost_suite(const test_case& which) {
  const auto* top = which.parent;
  while (top && top->parent) top = top->parent;
  return top ? top->name : "";
}
/// Whether a suite of that full name holds the test.
inline bool is_in_suite(const test_case& which, std::string_view name) {
  for (const auto* one = which.parent; one; one = one->parent) {
    std::string full;
    append_suite_name(full, one);
    if (full == name) return true;
  }
  return false;
}
inline std::string full_name(const test_case& which) {
  std::string out;
  append_suite_name(out, which.parent);
  if (which.parent) out += '/';
  return detail::shortened(std::move(out += which.name));
}
inline std::uint64_t hash_suite(const suite* which) noexcept {
  if (!which) return hash_text({});
  auto hash = hash_suite(which->parent);
  if (which->parent) hash = hash_text("/", hash);
  return hash_text(which->name, hash);
}
/// The hash of the full name, which is not made.
inline std::uint64_t hash_name(const test_case& which) noexcept {
  auto hash = hash_suite(which.parent);
  if (which.parent) hash = hash_text("/", hash);
  return hash_text(which.name, hash);
}

}  // namespace awaitest::detail
