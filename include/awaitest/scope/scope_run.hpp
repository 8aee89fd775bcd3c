// The common parts of a test and a suite: time limits, the verdict that it is stuck, and its place on the loop.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "phased_scope.hpp"
#include "temp_dir.hpp"

namespace awaitest::detail {

/// The loop's thread only, but for report(), skip(), add_cleanup() and temp_dir().
class scope_run : public phased_scope {
 public:
  /// The scopes that something has happened to since they were last stepped.
  struct progress_queue {
    std::vector<scope_run*> waiting;
    void forget(scope_run& which) { std::erase(waiting, &which); }
  };

  scope_run(loop& home, progress_queue& queue, std::uint64_t seed, scope level, fixture_store* wider)
      : phased_scope{home, level, wider}, queue_{queue}, seed_{seed}, random_{seed} {}
  scope_run(const scope_run&) = delete;
  scope_run& operator=(const scope_run&) = delete;

  time_point deadline() const { return deadline_; }
  /// In virtual time, the limit by the machine's clock.
  time_point real_deadline() const { return real_deadline_; }
  /// The moment after which the loop itself must be blocked: everything that a deadline can bring has had its time.
  /// By the machine's clock.
  time_point blocked_after() const {
    const auto timeout = home().time() ? real_timeout_ : timeout_;
    const auto deadline = home().time() ? real_deadline_ : deadline_;
    if (timeout <= 0 || deadline == time_point::max()) return time_point::max();
    const auto patience =
        std::max<std::chrono::nanoseconds>(std::chrono::nanoseconds{timeout}, limits::blocked);
    return detail::later(detail::later(deadline, patience), limits::drain);
  }

  /// The deadline has passed.
  void expire(time_point now) {
    if (phase_ == phase::leaks) return leaks_are_due(now);
    if (cancelled_) return give_up();
    const bool closing_down = phase_ == phase::cleanups || phase_ == phase::tear_down;
    const auto limit =
        limit_words(closing_down ? lenient(limits::closing) : std::chrono::nanoseconds{timeout_});
    failure what;
    what.kind = failure_kind::timeout;
    switch (phase_) {
      case phase::set_up:
        what.message = fmt::format("the set_up of its fixtures has not ended after {}", limit);
        break;
      case phase::cleanups: what.message = fmt::format("a cleanup has not ended after {}", limit); break;
      case phase::tear_down: what.message = fmt::format("a tear_down has not ended after {}", limit); break;
      default: what.message = fmt::format("timed out after {}", limit); break;
    }
    report_with_waits(std::move(what));
    cancel_phase(clock::now());  // names may have taken a while
  }

  /// In virtual time: it takes too long by the machine's clock, whatever its own says.
  void expire_in_real_time(time_point now, bool held) {
    if (phase_ == phase::leaks) return leaks_are_due(now);
    if (cancelled_) return give_up();
    std::string limit;
    detail::put_duration(limit, static_cast<long long>(real_timeout_), 1, 1'000'000'000);
    failure what;
    what.kind = failure_kind::timeout;
    what.message = fmt::format("timed out after {} of real time (--timeout), {}", limit,
                               held ? "with virtual time held still by a thread that may be at work"
                                    : "with something always ready or due");
    report_with_waits(std::move(what));
    cancel_phase(clock::now());  // names may have taken a while
  }

  /// Nothing can ever wake it: found when nothing was ready, no I/O, no timer and no other thread was at work.
  void stuck(time_point now) {
    if (phase_ == phase::leaks) return leaks_are_due(now);
    if (phase_ == phase::open) return;
    if (cancelled_) return give_up();
    failure what;
    what.kind = failure_kind::stuck;
    const auto* const why = moves_time_by_hand()
                                ? "nothing can wake it unless this_test::advance() moves its time"
                                : "nothing can ever wake it";
    switch (phase_) {
      case phase::set_up: what.message = "the set_up of its fixtures is stuck: "; break;
      case phase::body: what.message = "the body is stuck: "; break;
      case phase::cleanups: what.message = "a cleanup is stuck: "; break;
      case phase::tear_down: what.message = "a tear_down is stuck: "; break;
      default: what.message = "the body is done, but a child is stuck: "; break;
    }
    what.message += why;
    report_with_waits(std::move(what));
    cancel_phase(clock::now());  // names may have taken a while
  }

  /// Waiting for what is outstanding to end by itself: to be asked again whenever anything has happened.
  bool looks_for_leaks() const { return phase_ == phase::leaks; }
  bool left_something() const { return left_something_; }
  /// Whether nothing else on the loop has I/O of its own, so that the io_context is to be clean at the end.
  void alone_on_the_loop(bool alone) { alone_ = alone; }

  /// Ends every use of its tasks; what is still suspended in waiting lists is destroyed.
  void retire() {
    queued_ = true;  // nobody steps it any more
    home().forget(*this);
    while (auto* one = abandonable()) one->abandon();
    for (const auto& one : tasks)
      if (alive(one)) task_slots().give_back(one);
    tasks.clear();
    children.clear();
    queue_.forget(*this);
  }

  // --- test_scope ---

  void escaped(std::exception_ptr what) override {
    if (!is_task_end(what)) report_exception(what, "a handler");
  }
  void progressed() override {
    if (std::exchange(queued_, true)) return;
    queue_.waiting.push_back(this);
  }
  void unqueue() { queued_ = false; }
  void add_cleanup(std::unique_ptr<cleanup_action> action, location where) override {
    cleanups_.add({std::move(action), where});
  }
  std::uint64_t seed() const override { return seed_; }
  random_engine& random() override { return random_; }
  std::string temp_dir() override { return folder_.path(name()); }
  bool moves_time_by_hand() const override { return false; }

 protected:
  ~scope_run() = default;

  /// By the clock of its tests: on another thread, too, whose own is the machine's.
  static time_point now_in(const loop& home) { return home.time() ? home.time()->now() : clock::now(); }
  std::int64_t since(time_point start) const { return (now_in(home()) - start).count(); }

  temp_folder folder_;
  mutable std::mutex guard_;  // of what other threads may touch

 private:
  pending* abandonable() {
    pending* found = nullptr;
    for_each_pending([&](pending& p) {
      if (!found && p.claim_to_abandon()) found = &p;
    });
    return found;
  }

  progress_queue& queue_;
  std::uint64_t seed_;
  random_engine random_;
  bool queued_ = false;
};

}  // namespace awaitest::detail
