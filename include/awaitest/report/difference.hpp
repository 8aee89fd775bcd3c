// Two values side by side, with the first difference marked where the eye would not find it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../model/event.hpp"
#include "../model/utf8.hpp"
#include "keys.hpp"
#include "lines.hpp"

namespace awaitest::reporting {

inline constexpr std::size_t long_text = 60;    ///< from here on a part of it is shown, around the difference
inline constexpr std::size_t seen_at_once = 5;  ///< characters: a difference behind more of them is marked
inline constexpr std::size_t shown_around = 20;  ///< characters before and after it
inline constexpr std::size_t most_shown = 2000;  ///< of any one value
inline constexpr std::size_t most_keys = 20;     ///< of a map or a set, that are told

using awaitest::utf8_length;

inline std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (const auto length = utf8_length(text.substr(i)); length > 1) {
      out += text.substr(i, length);
      i += length - 1;
      continue;
    }
    switch (c) {
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f)
          out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        else
          out += c;
    }
  }
  return out += '"';
}
inline std::string shortened(std::string text) {
  if (text.size() <= most_shown) return text;
  const auto more = text.size() - most_shown;
  text.resize(most_shown);
  return text + fmt::format("... ({} more bytes)", more);
}
inline std::string shown(const printed& value) {
  return value.is_text ? (value.text.size() > most_shown ? shortened(reporting::quoted(value.text))
                                                         : reporting::quoted(value.text))
                       : shortened(value.text);
}

inline std::size_t first_difference(std::string_view a, std::string_view b) {
  const auto [at, ignored] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  auto index = static_cast<std::size_t>(at - a.begin());
  while (index > 0 && index < a.size() && (static_cast<unsigned char>(a[index]) & 0xC0U) == 0x80U)
    --index;  // UTF-8
  return index;
}

inline std::size_t columns_of(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// The part around `at`, quoted, and how many columns its character is from the start.
inline std::pair<std::string, std::size_t> excerpt(std::string_view text, std::size_t at) {
  auto from = at > shown_around ? at - shown_around : 0;
  while (from > 0 && (static_cast<unsigned char>(text[from]) & 0xC0U) == 0x80U) --from;
  const auto before = reporting::quoted(text.substr(from, at - from));
  auto part = reporting::quoted(text.substr(from, at - from + shown_around));
  const std::string lead = from > 0 ? "..." : "";
  if (at + shown_around < text.size()) part += "...";
  return {lead + part, lead.size() + reporting::columns_of(before) - 1};
}

inline void put_marked(std::vector<std::string>& lines, std::string_view left, std::string_view right,
                       std::size_t at) {
  const auto [a, column] = excerpt(left, at);
  const auto [b, ignored] = excerpt(right, at);
  lines.push_back("  left:  " + a);
  lines.push_back("  right: " + b);
  lines.push_back("         " + std::string(column, ' ') + "^");
}

/// Under two lines that are shown whole, behind `lead` columns.
inline void put_mark_below(std::vector<std::string>& lines, std::string_view right, std::size_t at,
                           std::size_t lead) {
  lines.push_back(std::string(lead + reporting::columns_of(reporting::quoted(right.substr(0, at))) - 1, ' ') +
                  "^");
}
inline void put_mark(std::vector<std::string>& lines, std::string_view left, std::string_view right) {
  const auto at = first_difference(left, right);
  if (std::max(left.size(), right.size()) > long_text)
    put_marked(lines, left, right, at);
  else
    reporting::put_mark_below(lines, right, at, 4);
}

inline std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (;;) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

inline void explain_text(std::vector<std::string>& lines, std::string_view left, std::string_view right) {
  auto a = lines_of(left), b = lines_of(right);
  if (a.size() > 1 || b.size() > 1) {
    // The line end at a text's end begins no line.
    for (auto* text : {&a, &b})
      if (text->size() > 1 && text->back().empty()) text->pop_back();
    const bool ends_alike = left.ends_with('\n') == right.ends_with('\n');
    const auto ending =
        fmt::format("only the {} ends with a line end", left.ends_with('\n') ? "left" : "right");
    if (a == b) {
      lines.push_back(ending);
      return;
    }
    const auto same =
        static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
    lines.push_back(fmt::format("first difference in line {} (left has {} line{}, right has {}):", same + 1,
                                a.size(), a.size() == 1 ? "" : "s", b.size()));
    if (a.size() == 1 && b.size() == 1) {
      put_marked(lines, a.front(), b.front(), first_difference(a.front(), b.front()));
      if (!ends_alike) lines.push_back(ending);
      return;
    }
    std::size_t shown = 0;
    for (const auto& hunk : reporting::hunks_of(a, b)) {
      if (shown == most_diff_lines) {
        lines.emplace_back("  ...");
        break;
      }
      lines.push_back("  " + hunk.head());
      const auto* const changed = hunk.changed_line();
      for (const auto& one : hunk.lines) {
        if (shown == most_diff_lines) break;
        ++shown;
        lines.push_back(fmt::format("  {} {}", one.sign, shortened(reporting::quoted(one.text))));
        if (changed && &one == changed + 1) put_mark(lines, changed->text, one.text);
      }
    }
    if (!ends_alike) lines.push_back(ending);
    return;
  }
  const auto at = first_difference(left, right);
  if (left.size() < long_text && right.size() < long_text) {
    if (at > seen_at_once) reporting::put_mark_below(lines, right, at, std::string_view("right: ").size());
    return;
  }
  lines.push_back(fmt::format("first difference at byte {} (left has {} bytes, right has {}):", at,
                              left.size(), right.size()));
  put_marked(lines, left, right, at);
}

inline std::string element(const printed& value, std::size_t index) {
  if (index >= value.elements.size()) return "nothing";
  const auto from = value.elements[index];
  const auto to = index + 1 < value.elements.size() ? value.elements[index + 1] - 2 : value.text.size() - 1;
  return shortened(value.text.substr(from, to - from));
}

inline void put_keyed(std::vector<std::string>& lines, const char* where, const std::vector<keyed>& which) {
  if (which.empty()) return;
  std::string line = where;
  for (std::size_t i = 0; i < which.size() && i < most_keys; ++i)
    (line += i == 0 ? "" : ", ") += shortened(std::string(which[i].whole));
  if (which.size() > most_keys) line += fmt::format(", and {} more", which.size() - most_keys);
  lines.push_back(std::move(line));
}
inline void explain_keys(std::vector<std::string>& lines, const printed& left, const printed& right) {
  const auto found = reporting::differences_by_key(left, right);
  for (std::size_t i = 0; i < found.differ.size() && i < most_keys; ++i) {
    const auto& [a, b] = found.differ[i];
    lines.push_back(fmt::format("different at {}: {} and {}", shortened(std::string(a.key)),
                                shortened(std::string(a.value)), shortened(std::string(b.value))));
  }
  if (found.differ.size() > most_keys)
    lines.push_back(fmt::format("different at {} more keys", found.differ.size() - most_keys));
  put_keyed(lines, "only left:  ", found.only_left);
  put_keyed(lines, "only right: ", found.only_right);
}

/// The lines under a failed comparison.
inline std::vector<std::string> explain(const failure& what) {
  std::vector<std::string> lines;
  if (what.relation.empty()) {
    const bool plain = what.left.text == "false" || what.left.text == "true";
    if (!what.left.text.empty() || what.left.is_text)
      if (!plain || (what.message.empty() && what.operands.empty() && what.expected.empty()))
        lines.push_back((what.expected.empty() ? "value: " : "value:    ") + shown(what.left));
    return lines;
  }
  lines.push_back("left:  " + shown(what.left));
  lines.push_back("right: " + shown(what.right));
  if (what.relation != "==" || what.macro.ends_with("_FALSE")) return lines;
  if (what.left.text == what.right.text && what.left.is_text == what.right.is_text) {
    lines.push_back("they are printed alike, but are not equal");
    return lines;
  }
  if (what.left.is_text && what.right.is_text) {
    reporting::explain_text(lines, what.left.text, what.right.text);
  } else if (what.left.by_key && what.right.by_key) {
    if (!what.left.elements.empty() && !what.right.elements.empty())
      reporting::explain_keys(lines, what.left, what.right);
  } else if (!what.left.elements.empty() && !what.right.elements.empty()) {
    std::size_t index = 0;
    while (index < what.left.elements.size() && element(what.left, index) == element(what.right, index))
      ++index;
    lines.push_back(fmt::format("first difference at [{}]: {} and {} (left has {} element{}, right has {})",
                                index, element(what.left, index), element(what.right, index),
                                what.left.elements.size(), what.left.elements.size() == 1 ? "" : "s",
                                what.right.elements.size()));
  }
  return lines;
}

}  // namespace awaitest::reporting
