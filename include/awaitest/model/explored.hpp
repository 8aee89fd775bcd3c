// The findings of a search over the schedules of a test, as reporters see them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace awaitest {

/// Why a search has ended.
enum class search_end : std::uint8_t {
  none,               ///< there was no search
  nothing_to_choose,  ///< there is one schedule alone
  all,                ///< every schedule there is has passed
  nothing_new,        ///< the last ones had all been seen before
  budget,             ///< as many as were asked for have passed
  time,               ///< --explore-time was over
  failed,             ///< one has failed: what follows tells of it
  undetermined,       ///< one schedule has run in two ways: see `differs`
  replayed            ///< only one was asked for
};

/// A choice's kind, by its letter in a token, and how many there were in the first run.
struct counted_choices {
  char kind = 's';
  std::uint64_t number = 0;
};

/// A step of the failing schedule, or a choice of another kind, near a change.
struct searched_step {
  std::uint64_t number = 0;  ///< from 0
  std::int32_t task = -1;    ///< in explored::tasks; -1: it is no task's
  std::string place{};       ///< where the task goes on; empty: not known
  std::string words{};       ///< of what is no step of a task
  std::string
      change{};  ///< as the token has it: first-in first-out would have gone another way; empty: it is none
  std::int32_t instead = -1;  ///< of a change: the task that would have been first; -1: it is none
};

struct explored {
  search_end end = search_end::none;
  std::uint64_t asked = 0;      ///< how many schedules at most
  std::uint64_t schedules = 0;  ///< how many were run
  std::uint64_t distinct = 0;   ///< of which so many are different
  std::uint64_t with_changes =
      0;  ///< all with at most so many changes from first-in first-out are among them
  std::vector<counted_choices> choices{};
  std::uint64_t with_threads = 0;  ///< of the schedules: another thread had a part, which none of them orders
  std::uint64_t with_io = 0;       ///< the same of sockets and files

  std::uint64_t schedule = 0;            ///< the number of the failing one, from 0: first-in first-out
  std::string token{};                   ///< replays it, shortened; empty: first-in first-out fails as well
  std::uint64_t changes = 0;             ///< of the token
  bool passes_without_the_last = false;  ///< change: it was tried
  std::vector<std::string> tasks{};
  std::vector<searched_step> steps{};
  std::vector<std::string> described{};  ///< all lines, where it is known from a report alone
  /// The first choice that differs between two runs of one schedule, or does not fit a token.
  std::string differs{};
};

}  // namespace awaitest
