// The sink of the events of all workers, one at a time.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "../loop/activity.hpp"
#include "../model/event.hpp"
#include "../model/last_moments.hpp"
#include "../platform/uninterrupted.hpp"
#include "../scope/forked.hpp"

namespace awaitest::detail {

/// Counts what is reported and hands it on to the reporters. Thread-safe.
class event_sink {
 public:
  using reporter = std::function<void(const event&)>;

  /// `refresh` is called now and then, when nothing may be happening.
  void add(reporter to, std::function<void()> refresh = {}) {
    reporters_.push_back(std::move(to));
    if (refresh) refreshed_.push_back(std::move(refresh));
  }
  void refresh() {
    const std::unique_lock lock{guard_, std::try_to_lock};
    if (!lock || closed_) return;
    for (const auto& one : refreshed_) one();
  }

  /// False when the last event has been reported: nobody hears of this one.
  bool report(const event& what) {
    if (forked_process::here()) return report_forked(what);
    const uninterrupted_lock lock{guard_};
    if (closed_) return false;
    count(what);
    if (std::holds_alternative<run_failure>(what) && totals_.run_failures > most_failures) return true;
    const raised_flag reporting{reporting_};
    told_ = &what;
    const auto* const test = std::get_if<test_finished>(&what);
    ended_.store(test ? test->test : nullptr, std::memory_order_release);
    for (next_ = 0; next_ < reporters_.size();) reporters_[next_++](what);
    told_ = nullptr;
    return true;
  }
  /// The test whose end is being reported, or has been, if nothing has been reported since.
  const test_info* ended() const noexcept { return ended_.load(); }
  /// Whether a reporter has the word, in whatever thread.
  bool reporting() const noexcept { return reporting_.load(std::memory_order_relaxed); }

  /// The last event, with the counts. Later ones are dropped. False when somebody has been here before.
  bool close(std::int64_t elapsed, std::size_t selected, bool interrupted) {
    const std::lock_guard lock{guard_};
    return close_locked(elapsed, selected, interrupted);
  }
  /// For a process that is about to end: does not wait for a thread that may never come back.
  bool close_in_emergency(const std::vector<event>& last_words, std::int64_t elapsed, std::size_t selected) {
    const auto lock = awaitest::lock_soon(guard_);
    if (closed_) return false;
    if (!lock && told_)  // a reporter was interrupted for good: the others hear the rest
      while (next_ < reporters_.size()) reporters_[next_++](*told_);
    for (const auto& what : last_words) {
      const auto* const test = std::get_if<test_finished>(&what);
      if (test && test->test == ended()) continue;  // while the words were sought
      count(what);
      for (const auto& to : reporters_) to(what);
    }
    return close_locked(elapsed, selected, true);
  }

  run_finished totals() {
    const std::lock_guard lock{guard_};
    return totals_;
  }
  bool any_failure() const noexcept { return failed_.load(std::memory_order_relaxed); }

 private:
  /// A process that a test has forked tells its failures to the parent, which reports.
  static bool report_forked(const event& what) {
    if (const auto* failed = std::get_if<run_failure>(&what)) forked_process::tell({}, failed->what);
    if (std::holds_alternative<test_finished>(what)) forked_process::end();
    return true;
  }
  void count(const event& what) {
    if (const auto* test = std::get_if<test_finished>(&what)) {
      switch (test->result) {
        case outcome::passed: ++totals_.passed; break;
        case outcome::failed: ++totals_.failed; break;
        case outcome::skipped: ++totals_.skipped; break;
        case outcome::expected_failure: ++totals_.expected_failures; break;
      }
      totals_.checks += test->checks;
      if (test->no_assertions) totals_.without_assertions.push_back(test->test->name);
    } else if (std::holds_alternative<run_failure>(what)) {
      ++totals_.run_failures;
    }
    if (totals_.failed + totals_.run_failures != 0) failed_.store(true, std::memory_order_relaxed);
  }
  bool close_locked(std::int64_t elapsed, std::size_t selected, bool interrupted) {
    if (std::exchange(closed_, true)) return false;
    totals_.elapsed = elapsed;
    totals_.interrupted = interrupted;
    totals_.not_run =
        selected - totals_.passed - totals_.failed - totals_.skipped - totals_.expected_failures;
    for (const auto& to : reporters_) to(totals_);
    return true;
  }

  std::mutex guard_;
  std::vector<reporter> reporters_;
  std::vector<std::function<void()>> refreshed_;
  run_finished totals_;
  std::atomic<bool> failed_{false}, reporting_{false};
  bool closed_ = false;
  const event* told_ = nullptr;  // what the reporters before the next one have heard
  std::size_t next_ = 0;
  std::atomic<const test_info*> ended_{nullptr};
};

}  // namespace awaitest::detail
