// Whether what is printed is coloured.
#pragma once

#include <cstdlib>
#include <string_view>

#include "../settings.hpp"

namespace awaitest::detail {

/// The default: on a terminal that knows colours, unless NO_COLOR (no-color.org) is there and not empty.
inline bool wants_color(const settings& asked, bool on_terminal) {
  if (asked.colors != settings::color::automatic) return asked.colors == settings::color::always;
  const auto* no_color = std::getenv("NO_COLOR");
  const auto* terminal = std::getenv("TERM");
  return on_terminal && !(no_color && *no_color) && !(terminal && std::string_view{terminal} == "dumb");
}

}  // namespace awaitest::detail
