// Characters of UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

namespace awaitest {

/// The number of bytes of the valid UTF-8 character that begins here; 0 where it is none.
inline std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : 0); };
  const auto c = byte(0);
  const std::size_t length = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  const bool overlong = (c == 0xE0 && byte(1) < 0xA0) || (c == 0xF0 && byte(1) < 0x90);
  const bool surrogate = c == 0xED && byte(1) >= 0xA0;
  const bool too_big = c == 0xF4 && byte(1) >= 0x90;
  return overlong || surrogate || too_big ? 0 : length;
}

}  // namespace awaitest
