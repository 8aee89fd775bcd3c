// A test with all its attempts, and the verdict on them.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "../loop/slow_words.hpp"
#include "../model/event.hpp"
#include "attempt.hpp"
#include "attempt_plan.hpp"

namespace awaitest::detail {

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
    const bool runs_again = !interrupted && attempt->runs_again();
    if (!runs_again) attempt->end_runs();
    const auto how = plan.together_with(attempt->ended());
    if (auto kept = attempt->settle_temp_dir(how == attempt_end::failed && !options.should_fail);
        !kept.empty())
      end.remarks.push_back(std::move(kept));
    std::unique_ptr<test_attempt> over;
    {
      const std::lock_guard lock{watched};  // a last report has them either from the one or from the other
      attempt->give_to(end);
      over = std::move(attempt);
    }
    over.reset();  // has objects of the user's, which may not come back: whoever watches is not to wait for them
    end.attempts = static_cast<std::uint32_t>(plan.now().number + 1);

    if (runs_again) {
      its_subtests.begin_another();
      return false;
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
  std::unique_ptr<test_attempt> attempt;          ///< null between two
  std::atomic<bool> reported{false};              ///< its end
  std::chrono::steady_clock::time_point begun{};  ///< by the machine's clock

 private:
  void fail(failure_kind kind, std::string message) {
    failure what;
    what.kind = kind;
    what.where = info.where;
    what.message = std::move(message);
    end.failures.push_back(std::move(what));
    end.result = outcome::failed;
  }

  std::vector<slow_handler> slow_;  // of all attempts
};

}  // namespace awaitest::detail
