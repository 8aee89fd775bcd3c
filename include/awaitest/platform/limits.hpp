// Limits of time by the machine's clock, all in one place: awaitest waits no longer for what may never come.
#pragma once

#include <chrono>

namespace awaitest::detail::limits {

using span = std::chrono::milliseconds;

// A test is wound down.
inline constexpr span drain = std::chrono::seconds{1};     ///< to end after a cancellation
inline constexpr span closing = std::chrono::seconds{10};  ///< all cleanups together; all tear_downs together
inline constexpr span leak =
    std::chrono::milliseconds{50};  ///< for what is outstanding at the end to end by itself
/// Repetitions of that look while another thread may be at work: what it has in hand ends in its own time.
inline constexpr int leak_looks = 20;

/// A schedule after the first, which may also take a hundred times as long as that one.
inline constexpr span schedule = std::chrono::seconds{1};

// Somebody ends the process: Ctrl-C.
inline constexpr span noticed =
    std::chrono::seconds{1};  ///< by each loop: else it is blocked, and is not waited for
inline constexpr span interrupted = std::chrono::seconds{5};  ///< for its tests to wind down

// A loop that does not come back.
inline constexpr span blocked =
    std::chrono::seconds{5};  ///< beyond the test's timeout, or between tests: the least
inline constexpr span stopped =
    std::chrono::seconds{2};  ///< unseen by the watchdog: the process was stopped (Ctrl-Z)
inline constexpr span watched_every = std::chrono::milliseconds{500};
inline constexpr span start_or_end = std::chrono::seconds{10};  ///< before and after the tests: the least

// Names of functions, by addr2line, for reports of tests: at once, and in all of a process.
inline constexpr span code_names = std::chrono::seconds{4};
inline constexpr span code_names_altogether = std::chrono::seconds{10};

inline constexpr span place_of_thread =
    std::chrono::seconds{1};  ///< for a thread at work to say where it is, asked by a signal

inline constexpr span exit_test =
    std::chrono::seconds{4};  ///< the process of a CHECK_EXITS; less than `blocked`

// The last report of a process.
inline constexpr span answer_of_thread = std::chrono::milliseconds{1500};  ///< where it is, asked by a signal
inline constexpr span frame_names = std::chrono::seconds{7};
inline constexpr span frame_names_at_all = std::chrono::seconds{8};  ///< the loader may hang as well
inline constexpr span told_by_watchdog =
    std::chrono::seconds{14};  ///< with the names; then the thread itself says what little it can
inline constexpr span last_report = std::chrono::seconds{20};  ///< altogether: the process ends then

// A process of --isolate.
inline constexpr span isolated_end = std::chrono::seconds{5};  ///< after its test, before it is killed

}  // namespace awaitest::detail::limits
