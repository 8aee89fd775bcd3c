// Text in XML and HTML.
#pragma once

#include <string>
#include <string_view>

#include "../model/utf8.hpp"

namespace awaitest::reporting {

/// XML 1.0 has no way at all to hold most control characters, and is to be valid UTF-8: the rest becomes U+FFFD.
/// Line ends survive as they are between tags, but not in an attribute.
inline std::string markup_text(std::string_view text, bool between_tags = false) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) {
      switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\n': out += between_tags ? "\n" : "&#10;"; break;
        case '\t': out += between_tags ? "\t" : "&#9;"; break;
        case '\r': out += "&#13;"; break;
        default:
          if (c < 0x20)
            out += "\xEF\xBF\xBD";
          else
            out += static_cast<char>(c);
      }
      ++i;
      continue;
    }
    const auto length = awaitest::utf8_length(text.substr(i));
    const bool noncharacter = length == 3 && c == 0xEF && static_cast<unsigned char>(text[i + 1]) == 0xBF &&
                              static_cast<unsigned char>(text[i + 2]) >= 0xBE;  // U+FFFE and U+FFFF
    if (length != 0 && !noncharacter) {
      out += text.substr(i, length);
      i += length;
    } else {
      out += "\xEF\xBF\xBD";
      ++i;
    }
  }
  return out;
}

}  // namespace awaitest::reporting
