// Data about a test that got no further, or has left something behind: the words are the reporter's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "location.hpp"

namespace awaitest {

/// A wait of a coroutine, or an operation of Asio that nobody may wait for. Those that are alike are one.
struct known_wait {
  std::string task;  ///< whose it is; empty: the body's
  std::string
      what;  ///< `gate`, `receive of socket 0x55d0 (descriptor 7)`; empty: an operation that is not known
  location where;  ///< of the wait; line 0: not known
  std::string
      callers;  ///< the coroutines that wait for it, innermost first, where that is known: `in f (x.cpp:3), in g`
  std::string work;    ///< what it waits for is a coroutine: those that this one waits in, in the same way
  std::string origin;  ///< what has happened at `made`, as in `expected`
  location made;       ///< of what is waited for; line 0: not known, or not worth telling
  bool is_operation = false;

  std::size_t count = 1;
  // Children that were spawned at one place and wait in the same:
  location spawned;
  bool background = false;
  std::vector<std::string> names;  ///< of the first that have one: see most_names
  std::size_t more_names = 0;      ///< that are only counted
};

/// So many waits of a failure are told, and the rest is counted.
inline constexpr std::size_t most_waits = 16;
/// The same of the names of children that wait alike.
inline constexpr std::size_t most_names = 5;

/// The phases of a test, or of a suite.
enum class test_phase : std::uint8_t {
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

/// Why a test or a suite was not waited for any longer.
enum class conclusion : std::uint8_t {
  none,
  timeout,
  real_timeout,     ///< in virtual time: it takes too long by the machine's clock, whatever its own says
  held_timeout,     ///< the same, while another thread that may be at work has held the clock
  outside_timeout,  ///< the same, while only I/O could go on, which the clock does not wait for
  guarded_timeout,  ///< the same, while hold_time() has
  late,   ///< it has ended, but later than it may: a handler, or the whole test, has blocked its thread
  stuck,  ///< nothing was ready, no I/O, no timer and no other thread was at work
  stuck_by_hand,  ///< but this_test::advance could move its time
  given_up        ///< it was cancelled, and has not ended
};

/// Whether it rests on the limit in real time of a virtual test.
constexpr bool is_by_the_machine(conclusion why) noexcept {
  return why == conclusion::real_timeout || why == conclusion::held_timeout ||
         why == conclusion::outside_timeout || why == conclusion::guarded_timeout;
}

/// A thread that may be at work, and may wake a test.
struct thread_at_work {
  std::string name;   ///< the kernel's
  std::string place;  ///< "in f (file:line)"; empty: not known
  friend bool operator==(const thread_at_work&, const thread_at_work&) = default;
};

/// A conclusion with what it rests on.
struct concluded {
  conclusion why = conclusion::none;
  test_phase in = test_phase::body;
  std::int64_t limit = 0;                 ///< nanoseconds, of a timeout
  std::int64_t took = 0;                  ///< the same, where it has ended
  std::vector<thread_at_work> threads{};  ///< that have held virtual time, or could have woken it
  std::string unseen{};                   ///< why threads cannot be seen at all
  bool only_outsiders = false;            ///< of a timeout: nobody in this process could have woken it
  bool of_a_schedule = false;  ///< of a timeout by the machine's clock: it is that of a schedule among many
};

/// Something that happened in a test.
struct happening {
  std::int64_t elapsed = 0;  ///< nanoseconds since the test began
  std::string task;          ///< whose doing it was; empty: the body's
  std::string verb;          ///< `went on from`; empty: it began
  std::string what;          ///< `gate`
  location where;            ///< line 0: not known
  std::uint64_t times = 1;
};

}  // namespace awaitest
