// Names of cases, made of their values: author/test/cases.hpp.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "../author/test/cases.hpp"
#include "print.hpp"

namespace awaitest::detail {

/// Whether the text holds what looks like an address, outside of quoted text: a printing function of the author's writes it as a
/// stream or fmt does. Six digits are a colour.
inline bool shows_address(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      quoted = !quoted;
    else if (!quoted && text.substr(i, 2) == "0x") {
      const auto end = std::min(text.find_first_not_of("0123456789abcdefABCDEF", i + 2), text.size());
      if (end - i >= 2 + 7) return true;
    }
  }
  return false;
}
void put_in_name(std::string& out, printable value, std::size_t index) {
  printed text;
  printed_no_value = false;
  try {
    value.print(text, value.value);
  } catch (...) {
    printed_no_value = true;
  }
  if (text.is_text)
    detail::put_text(out, text.text);
  else if (printed_no_value || detail::shows_address(text.text))
    detail::put_uint(out, index);
  else
    out += text.text;
}

}  // namespace awaitest::detail
