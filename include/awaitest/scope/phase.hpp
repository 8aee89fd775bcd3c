// The phases of a test and of a suite, in their order.
#pragma once

#include "../model/wait.hpp"

namespace awaitest::detail {

inline constexpr test_phase test_phases[] = {
    test_phase::set_up,   test_phase::body,      test_phase::children, test_phase::background,
    test_phase::cleanups, test_phase::tear_down, test_phase::leaks,    test_phase::over};
/// Children of a suite serve its tests: none is awaited, and all end after the fixtures that they may serve as well.
inline constexpr test_phase suite_phases[] = {test_phase::open,      test_phase::cleanups,
                                              test_phase::tear_down, test_phase::background,
                                              test_phase::leaks,     test_phase::over};

}  // namespace awaitest::detail
