// The phases of a test and of a suite, in their order.
#pragma once

#include <cstdint>

namespace awaitest::detail {

enum class phase : std::uint8_t {
  set_up,
  body,
  open,  ///< a suite's: its tests use it
  children,
  background,
  cleanups,
  tear_down,
  leaks,
  over
};

inline constexpr phase test_phases[] = {phase::set_up,   phase::body,      phase::children, phase::background,
                                        phase::cleanups, phase::tear_down, phase::leaks,    phase::over};
/// Children of a suite serve its tests: none is awaited, and all end after the fixtures that they may serve as well.
inline constexpr phase suite_phases[] = {phase::open,       phase::cleanups, phase::tear_down,
                                         phase::background, phase::leaks,    phase::over};

}  // namespace awaitest::detail
