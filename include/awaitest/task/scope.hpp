// One test on a loop: what the loop, the waiting lists and the children know of it.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "../author/async/spawn.hpp"
#include "../author/current/this_test.hpp"
#include "pending.hpp"
#include "ready_queue.hpp"
#include "recent_activity.hpp"
#include "scope_part.hpp"
#include "task.hpp"

namespace awaitest::detail {

struct child_state;
struct wait_list;
class fixture_store;
class schedule;
class subtests;
class suspension_observer;

/// The runner's test derives from it.
class test_scope {
 public:
  /// The seed is that of this_test::random().
  test_scope(loop& home, std::uint64_t seed) : home_{home}, seed_{seed}, random_{seed} {}
  test_scope(const test_scope&) = delete;
  test_scope& operator=(const test_scope&) = delete;

  /// From any thread, the task being held or this being the loop's.
  virtual void report(failure&& what) = 0;
  /// The test ends as skipped, unless it failed. From any thread, as above.
  virtual void skip(std::string reason) = 0;
  /// A handler of this test threw. On the loop's thread.
  virtual void escaped(std::exception_ptr what) = 0;
  /// Something has ended: the runner is to look at the test again. On the loop's thread.
  virtual void progressed() = 0;

  virtual void add_cleanup(std::unique_ptr<cleanup_action> action, location where) = 0;
  virtual const std::string& name() const = 0;
  /// Whether anything has failed so far: an exception that follows from a failure is none of its own then. From any thread.
  virtual bool failed() const = 0;
  virtual std::string temp_dir() = 0;
  /// Nanoseconds since it began. From any thread, as above.
  virtual std::int64_t elapsed() const = 0;
  /// Whether its time moves only by this_test::advance, now.
  virtual bool moves_time_by_hand() const = 0;

  loop& home() const noexcept { return home_; }
  std::uint64_t seed() const noexcept { return seed_; }
  random_engine& random() noexcept { return random_; }

  std::atomic<std::uint64_t> checks_elsewhere{0};  ///< assertions evaluated on other threads
  std::atomic<bool> met_threads{false};  ///< another thread has given it a handler: no schedule orders that
  bool met_io = false;                   ///< the same of I/O; the loop's thread only
  std::atomic<bool> only_counts{false};  ///< failed assertions from now on: nothing more of them will be told
  std::vector<task_ref> tasks;           ///< all that were ever of this test; the loop's thread only

  // The loop's thread only:
  std::vector<std::shared_ptr<child_state>>
      children;                      ///< in the order of their spawning; ended ones are removed
  std::size_t running_children = 0;  ///< of those, the ones that are waited for
  std::size_t running_background = 0;
  bool winding_down = false;                   ///< the body is over, and its locals are gone
  fixture_store* fixtures = nullptr;           ///< of this scope; the wider ones are behind it
  ready_queue ready;                           ///< handlers that could run now
  schedule* order = nullptr;                   ///< in which they do; null: first in, first out
  detail::subtests* subtests = nullptr;        ///< of the test, over all runs of its body; null: it is none
  suspension_observer* suspensions = nullptr;  ///< told where its tasks begin to wait; null: nobody is
  std::shared_ptr<wait_list> settling;         ///< who waits in settle(), if anybody ever did

  /// The scope's part of that type. From any thread, as above.
  template <class Part>
  Part& part() {
    const std::lock_guard lock{guard_};
    for (const auto& one : parts_)
      if (one->kind() == &Part::kind) return static_cast<Part&>(*one);
    parts_.push_back(std::make_unique<Part>(*this));
    has_parts_.store(true, std::memory_order_relaxed);
    return static_cast<Part&>(*parts_.back());
  }
  /// Tells all parts that the scope has come to rest. True when one has set something going.
  bool come_to_rest() {
    bool any = false;
    for_each_part([&any](scope_part& one) { any = one.at_rest() || any; });
    return any;
  }
  void come_to_its_end() {
    for_each_part([](scope_part& one) { one.at_end(); });
  }

  // Under `guard_`: coroutines of the test may wait on other threads. To begin a wait: task/suspension_point.hpp.
  void add(pending& one) {
    const std::lock_guard lock{guard_};
    one.next = pending_;
    one.previous = nullptr;
    if (pending_) pending_->previous = &one;
    pending_ = &one;
  }
  void remove(pending& one) {
    const std::lock_guard lock{guard_};
    (one.previous ? one.previous->next : pending_) = one.next;
    if (one.next) one.next->previous = one.previous;
    one.previous = one.next = nullptr;
  }
  /// Somebody does not wait any more, and goes on.
  void went_on(pending& one, bool cancelled) {
    happened(one.who.slot, cancelled ? "was cancelled in" : "went on from", one.what, one.where);
    remove(one);
  }
  /// For the report of a test that gets no further. `verb` lives for ever, `what` is copied.
  void happened(const task* who, const char* verb, std::string_view what = {}, location where = {}) {
    const auto now = elapsed();
    const std::lock_guard lock{guard_};
    steps_.add(who, verb, what, where, now);
  }
  template <class F>
  std::vector<happening> last_steps(F wanted) {
    const std::lock_guard lock{guard_};
    return steps_.told(wanted);
  }
  template <class F>
  void for_each_pending(F f) {
    const std::lock_guard lock{guard_};
    for (auto* p = pending_; p; p = p->next) f(*p);
  }

 protected:
  ~test_scope() = default;

 private:
  // Outside of the lock: a part may be asked for meanwhile, and none is removed.
  template <class F>
  void for_each_part(F f) {
    if (!has_parts_.load(std::memory_order_relaxed)) return;
    for (std::size_t i = 0;; ++i) {
      scope_part* one;
      {
        const std::lock_guard lock{guard_};
        if (i == parts_.size()) return;
        one = parts_[i].get();
      }
      f(*one);
    }
  }

  loop& home_;
  std::uint64_t seed_;
  random_engine random_;
  std::mutex guard_;
  std::vector<std::unique_ptr<scope_part>> parts_;
  std::atomic<bool> has_parts_{false};
  pending* pending_ = nullptr;
  recent_activity steps_;
};

}  // namespace awaitest::detail
