// Text of other people, on its way to a terminal.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "difference.hpp"

namespace awaitest::reporting {

/// The text with its control characters, also those of two bytes, and what is no UTF-8 as escapes: a terminal obeys none of them.
/// Line ends and tabs stay.
inline std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto length = reporting::utf8_length(text.substr(i));
    const auto c = static_cast<unsigned char>(text[i]);
    const bool two_byte_control = length == 2 && c == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    const bool control = length == 1 && (c < 0x20 || c == 0x7f) && c != '\n' && c != '\t';
    const auto bytes = text.substr(i, length == 0 ? 1 : length);
    i += bytes.size();
    if (length != 0 && !control && !two_byte_control)
      out += bytes;
    else if (c == '\r')
      out += "\\r";
    else
      for (const char byte : bytes)
        out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(byte)));
  }
  return out;
}

}  // namespace awaitest::reporting
