// A hash of a text, the same on every machine.
#pragma once

#include <cstdint>
#include <string_view>

namespace awaitest::detail {

inline std::uint64_t hash_text(std::string_view text,
                               std::uint64_t from = 0xcbf29ce484222325U) noexcept {  // FNV-1a
  for (const char c : text) from = (from ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return from;
}

}  // namespace awaitest::detail
