// --list, for people and for CTest.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "selection.hpp"

namespace awaitest::detail {

inline std::string list_names(const selection& chosen) {
  std::string out;
  for (const auto& test : chosen.tests) (out += test.name()) += '\n';
  return out;
}

/// As a bracket argument of CMake that nothing in the text can close.
inline std::string bracketed(std::string_view text) {
  std::string equals = "==";  // what CMake appends (a prefix, labels) may hold shorter ones
  while (text.find("]" + equals + "]") != std::string_view::npos || text.ends_with("]" + equals))
    equals += '=';
  return fmt::format("[{}[{}]{}]", equals, text, equals);
}

/// CMake script, with what only CMake knows left open between two bytes 0x01. CTest kills a test only when awaitest, whose report says more, has not ended it.
inline std::string list_for_ctest(const selection& chosen) {
  std::string out;
  for (const auto& test : chosen.tests) {
    const auto name = test.name();
    const auto& options = test.options();
    const auto joined = [](const std::vector<std::string>& all) {
      std::string list;
      for (const auto& one : all) {
        if (!list.empty()) list += ';';
        for (const char c : one) {
          if (c == ';') list += '\\';
          list += c;
        }
      }
      return list;
    };
    const auto title = detail::bracketed("\x01PREFIX\x01" + name);
    out += fmt::format(
        "add_test({} \x01"
        "COMMAND\x01 --exact {} --mark \x01"
        "ARGS\x01)\n",
        title, detail::bracketed(name));
    out += fmt::format(
        "set_tests_properties({} PROPERTIES SKIP_RETURN_CODE 4 FAIL_REGULAR_EXPRESSION [[^(the run has not "
        "come to its end|[^\xC2\xA7]*)$]] "
        "LABELS {}",
        title, detail::bracketed(joined(options.tags) + "\x01LABELS\x01"));
    if (options.timeout > 0) {
      const auto attempts = std::max<std::int64_t>(options.retries + 1, options.repeat);
      const bool virtually = options.time == test_time::jumping || options.time == test_time::manual;
      const auto limit =
          virtually ? 30.0 : static_cast<double>(options.timeout) / 1e9;  // --timeout's default
      const auto patience = std::max(limit, 5.0) + 12;  // a blocked loop is reported, and cleanups have 10 s
      out += fmt::format(" TIMEOUT {:.0f}",
                         std::min(std::ceil(limit * static_cast<double>(attempts) + patience), 1e9));
    }
    if (options.serial) out += " RUN_SERIAL ON";
    if (!options.resources.empty()) out += " RESOURCE_LOCK " + detail::bracketed(joined(options.resources));
    out += " \x01PROPERTIES\x01)\n";
  }
  return out;
}

}  // namespace awaitest::detail
