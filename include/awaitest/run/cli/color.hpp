// Whether what is printed is coloured.
#pragma once

#include <cstdlib>
#include <string_view>

#include "../settings.hpp"

namespace awaitest::detail {

/// The default: on a terminal that knows colours, unless NO_COLOR (no-color.org) is there and not empty; anywhere with CLICOLOR_FORCE
/// (bixense.com/clicolors).
inline bool wants_color(const settings& asked, bool on_terminal) {
  if (asked.colors != settings::color::automatic) return asked.colors == settings::color::always;
  const auto value = [](const char* name) {
    const auto* const found = std::getenv(name);
    return std::string_view{found ? found : ""};
  };
  if (!value("NO_COLOR").empty()) return false;
  if (const auto force = value("CLICOLOR_FORCE"); !force.empty() && force != "0") return true;
  return on_terminal && value("TERM") != "dumb";
}

}  // namespace awaitest::detail
