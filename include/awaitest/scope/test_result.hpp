// A test with all its attempts, and the verdict on them.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "../loop/slow_words.hpp"
#include "../model/event.hpp"
#include "../platform/source_labels.hpp"
#include "../search/exploration.hpp"
#include "attempt.hpp"
#include "attempt_plan.hpp"

namespace awaitest::detail {

/// The settings of a run that concern each search.
struct settings_of_search {
  std::int64_t longest = 0;  ///< nanoseconds; 0: no limit
  bool strict = false;       ///< a token that does not fit fails
};

inline run_result run_result_of(const test_attempt& which) {
  run_result made;
  const auto how = which.ended();
  made.how = how == attempt_end::failed    ? run_result::end::failed
             : how == attempt_end::skipped ? run_result::end::skipped
                                           : run_result::end::passed;
  made.met_threads = which.met_threads.load(std::memory_order_relaxed);
  made.met_io = which.met_io;
  if (const auto* const first = which.first_failure()) made.mark = detail::mark_of(*first);
  return made;
}

/// A test in flight and its result. The worker's thread only, but for `attempt`: see watched_worker::for_each_current.
struct test_result {
  test_result(const selected_test& which, std::size_t at, std::uint64_t test_seed)
      : test{which}, index{at}, plan{which.options(), test_seed}, info{which.info()} {
    end.test = &info;
    end.seed = test_seed;
  }

  /// Ends the test without an attempt: its options skip it, or one of them cannot be had in this program.
  void conclude_unrun(bool skip_unsupported) {
    end.attempts = 0;
    if (test.skipped() || skip_unsupported) {
      end.result = outcome::skipped;
      end.reason = test.skipped() ? test.options().skip_reason : test.unsupported;
    } else {
      fail(failure_kind::unsupported, test.unsupported + "; --unsupported skip skips such tests");
    }
  }

  /// The attempt is over. True when the test is, too: its verdict is in `end`. Else there is to be another attempt. `interrupted`: there
  /// is none, and what has failed has not failed as it should.
  bool conclude_attempt(std::mutex& watched, bool require_assertions, bool interrupted) {
    const auto& options = test.options();
    end.checks += attempt->count_checks();
    for (auto& one : forked_process::told(&info.name)) attempt->report(std::move(one));
    attempt->retire();  // from here on nothing on another thread can add to it
    const bool runs_again = !interrupted && !search && attempt->runs_again();
    if (!runs_again) attempt->end_runs(search != nullptr);
    auto how = search ? attempt->ended() : plan.together_with(attempt->ended());
    const bool tells = !search || search->tells();
    if (auto kept = attempt->settle_temp_dir(tells && how == attempt_end::failed && !options.should_fail);
        !kept.empty())
      end.remarks.push_back(std::move(kept));
    std::unique_ptr<test_attempt> over;
    std::optional<run_result> run;
    if (search) run = detail::run_result_of(*attempt);
    {
      const std::lock_guard lock{watched};  // a last report has them either from the one or from the other
      if (!run || !run->failed())
        attempt->give_to(end);
      else if (!found_ || search->tells())
        attempt->give_to(*(found_ = std::make_unique<test_finished>()));
      over = std::move(attempt);
    }
    over.reset();  // has objects of the user's, which may not come back: whoever watches is not to wait for them
    end.attempts = static_cast<std::uint32_t>(plan.now().number + 1);

    if (runs_again) {
      its_subtests.begin_another();
      return false;
    }
    if (search) {
      if (!interrupted && search->next(std::move(*run))) {
        its_subtests.clear();
        return false;
      }
      how = end_search(how);
    }
    end.subtests = its_subtests.told(most_subtests);
    end.more_subtests = its_subtests.count() - end.subtests.size();
    if (plan.next(how) && !interrupted) {
      its_subtests.clear();
      return false;
    }

    if (how != attempt_end::skipped) end.reason.clear();
    if (how == attempt_end::failed) {
      const bool expected = options.should_fail && !interrupted;
      end.result = expected ? outcome::expected_failure : outcome::failed;
      if (expected) end.reason = options.failure_reason;
    } else if (how == attempt_end::skipped) {
      end.result = outcome::skipped;
    } else if (options.should_fail) {
      fail(failure_kind::unexpected_pass,
           "it passed, but should_fail(\"" + options.failure_reason +
               "\") says that it does not: remove the option, or find out why");
    } else {
      end.no_assertions = end.checks == 0;
      if (end.no_assertions && require_assertions)
        fail(failure_kind::no_assertions, "it evaluated no assertion, and --require-assertions was given");
    }
    return true;
  }

  /// Before an attempt at a test that is searched: null where it is not, or the search goes on.
  void begin_search(const settings_of_search& asked) {
    if (!test.is_searched() || search) return;
    search_settings made;
    made.budget = std::max<std::uint64_t>(test.schedules, 1);
    made.exhaustive = test.options().exhaustive;
    made.posts_reordered = test.options().posts_reordered;
    made.longest = std::chrono::nanoseconds{asked.longest};
    made.seed = end.seed;
    made.test = detail::short_hash(detail::hash_text(info.name));
    made.replayed = test.replayed;
    strict_ = asked.strict;
    search = std::make_unique<exploration>(std::move(made));
  }

  /// Somebody ends the process between two attempts: there is no other.
  void conclude_interrupted(process_ending by) {
    failure what;
    what.kind = failure_kind::interrupted;
    what.where = info.where;
    what.ending = std::move(by);
    end.failures.push_back(std::move(what));
    end.result = outcome::failed;
  }

  /// Adds the slow handlers of this attempt, and of what served it.
  void add_slow(std::vector<slow_handler> found) {
    for (auto& one : found) {
      if (one.scope != attempt.get())
        one.who += one.scope ? " of " + one.scope_name : " of one of the tests in flight";
      one.scope = nullptr;  // the next attempt may have its address
      detail::add_slow(slow_, std::move(one));
    }
  }
  /// `limit`: as it was written.
  void remark_slow(const std::string& limit) {
    for (const auto& one : slow_) end.remarks.push_back(slow_words(one, limit));
  }

  const selected_test& test;
  std::size_t index;  ///< in the run's selection
  attempt_plan plan;
  subtests its_subtests;  ///< of the attempt
  const test_info& info;
  event told_end = test_finished{};  ///< as it is reported: a copy would cost as much as the failures
  test_finished& end = *std::get_if<test_finished>(&told_end);
  std::unique_ptr<exploration> search;            ///< of this attempt of the plan; null: it has one run
  std::unique_ptr<test_attempt> attempt;          ///< null between two
  std::atomic<bool> reported{false};              ///< its end
  std::chrono::steady_clock::time_point begun{};  ///< by the machine's clock

 private:
  /// The verdict on all schedules, the last of which has ended so.
  attempt_end end_search(attempt_end last) {
    end.searches = {search->told()};
    const auto& told = end.searches.front();
    if (last == attempt_end::passed && told.end != search_end::failed &&
        told.end != search_end::undetermined && told.end != search_end::replayed)
      for (const auto& one : source_labels::in_test(info.where, "reached"))
        if (!search->choices().has_reached(one.text)) {
          fail(failure_kind::not_reached,
               fmt::format("none of {} schedules has come to this_test::reached(\"{}\")", told.schedules,
                           one.text));
          end.failures.back().where.line = one.line;
          last = attempt_end::failed;
        }
    search.reset();
    if (told.end == search_end::failed) last = attempt_end::failed;
    if (told.end == search_end::undetermined) {
      fail(failure_kind::undetermined, "one schedule has run in two ways: " + told.differs +
                                           "\nusual causes: what the run before has left (static variables, "
                                           "files), another thread, the machine's clock, "
                                           "std::random_device, a container ordered by addresses");
      last = attempt_end::failed;
    }
    if (told.end == search_end::replayed && !told.differs.empty()) {
      const auto words = "the token " + told.token + " does not fit any more: " + told.differs;
      if (strict_) {
        fail(failure_kind::misuse, words);
        last = attempt_end::failed;
      } else {
        end.remarks.push_back(words + "; it goes on first-in first-out");
      }
    }
    if (const auto found = std::move(found_)) {
      std::move(found->failures.begin(), found->failures.end(), std::back_inserter(end.failures));
      end.more_failures += found->more_failures;
    }
    return last;
  }

  void fail(failure_kind kind, std::string message) {
    failure what;
    what.kind = kind;
    what.where = info.where;
    what.message = std::move(message);
    end.failures.push_back(std::move(what));
    end.result = outcome::failed;
  }

  std::vector<slow_handler> slow_;        // of all attempts
  std::unique_ptr<test_finished> found_;  // the failures that a search is to tell
  bool strict_ = false;                   // a token that does not fit fails
};

}  // namespace awaitest::detail
