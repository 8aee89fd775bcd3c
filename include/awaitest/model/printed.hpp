// A value as text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace awaitest {

/// A value as it is printed, and where its elements begin when it is a sequence, or its members when it is an aggregate.
struct printed {
  std::string text;
  std::vector<std::uint32_t> elements;
  bool is_text = false;  ///< `text` holds the raw characters of a string, not yet quoted
  bool by_key =
      false;  ///< a set, a map, named members: which elements there are matters, and not their order
  std::vector<std::uint32_t> keys =
      {};                       ///< where the key of each element ends; empty: the element is the key
  std::uint8_t behind_key = 2;  ///< so many characters are between a key and its value: ": ", or " = "
};

}  // namespace awaitest
