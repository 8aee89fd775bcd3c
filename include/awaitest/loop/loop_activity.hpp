// The activity of a loop's thread, and since when: for the watchdog, on another thread, and for --slow-handler.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../platform/process_stops.hpp"
#include "../task/scope.hpp"
#include "activity.hpp"

namespace awaitest::detail {

/// Kinds of work on a loop's thread.
enum class loop_work : std::uint8_t {
  handler,    ///< of a task
  piece,      ///< of a task, outside of any handler: a plain body, the beginning of a cleanup
  hook,       ///< of a fixture, the beginning
  io_handler  ///< of the io_context's own executor: its task is only the likely one
};

/// The slow handlers of one task.
struct slow_handler {
  const test_scope* scope = nullptr;  ///< null: not known
  std::string scope_name;
  std::string who;
  std::uint64_t count = 0;
  std::int64_t longest = 0;  ///< nanoseconds of the machine's clock
};

inline void add_slow(std::vector<slow_handler>& to, slow_handler&& one) {
  const auto same = std::find_if(to.begin(), to.end(), [&](const slow_handler& other) {
    return other.scope == one.scope && other.who == one.who;
  });
  if (same == to.end()) return to.push_back(std::move(one));
  same->count += one.count;
  same->longest = std::max(same->longest, one.longest);
}

/// The activity of a loop: that it goes on, for any thread; and its slow handlers. All else is for the loop's thread only.
class loop_activity {
 public:
  /// `turns` goes on with each activity that begins.
  explicit loop_activity(handler_turns& turns) noexcept : turns_{turns} {}

  /// The loop's own work begins, which nobody is told of.
  void next() noexcept { turns_.next(); }
  /// Nanoseconds; 0: none is watched.
  void set_limit(std::int64_t limit) noexcept { limit_ = limit; }
  bool watching() const noexcept { return limit_ != 0; }

  /// Hands over those of scopes for which `f` is true.
  template <class F>
  std::vector<slow_handler> take(F f) {
    std::vector<slow_handler> taken, left;
    for (auto& one : found_) (f(one.scope) ? taken : left).push_back(std::move(one));
    found_ = std::move(left);
    return taken;
  }
  /// The running handler is the loop's own: only the handlers inside count.
  void leave_out() noexcept { innermost_ = nullptr; }

 private:
  friend class activity;

  void add(loop_work what, task_ref who, std::int64_t took) {
    slow_handler made;
    made.count = 1;
    made.longest = took;
    if (alive(who)) {
      made.scope = who.slot->scope;
      made.scope_name = made.scope->name();
    }
    const auto label = !alive(who) ? "a task" : who.slot->label.empty() ? "the body" : who.slot->label;
    switch (what) {
      case loop_work::handler: made.who = "a handler of " + label; break;
      case loop_work::piece: made.who = label; break;
      case loop_work::hook: made.who = "a hook of " + label; break;
      case loop_work::io_handler: made.who = "a handler of the io_context"; break;
    }
    add_slow(found_, std::move(made));
  }

  handler_turns& turns_;
  std::int64_t limit_ = 0;
  const class activity* innermost_ = nullptr;
  std::vector<slow_handler> found_;
};

/// Around what runs, while it does. With `wait`, it is a wait of the loop first, and begins when that ends. Of nested ones the outermost
/// may be a slow handler.
class activity {
 public:
  activity(loop_activity& in, loop_work what, task_ref who, loop_wait* wait = nullptr) noexcept
      : in_{nullptr} {
    if (wait)
      wait->begin();
    else
      in.next();
    if (in.watching()) [[unlikely]]
      begin(in, what, who, wait);
  }
  activity(const activity&) = delete;
  activity& operator=(const activity&) = delete;
  ~activity() {
    if (in_) [[unlikely]]
      end();
  }

 private:
  struct watched {
    loop_work what;
    task_ref who;
    const loop_wait* wait;
    std::chrono::steady_clock::time_point begun;
    std::chrono::nanoseconds lost;  // to stops, before
  };

  [[gnu::cold, gnu::noinline]] void begin(loop_activity& in, loop_work what, task_ref who,
                                          const loop_wait* wait) noexcept {
    if (in.innermost_) return;
    in_ = &in;
    in.innermost_ = this;
    std::construct_at(&now_, watched{what, who, wait, real_now(), stops.lost()});
  }
  [[gnu::cold, gnu::noinline]] void end() {
    if (in_->innermost_ != this) return;  // left out
    in_->innermost_ = nullptr;
    const auto begun = now_.wait ? now_.wait->end : now_.begun;
    if (begun == std::chrono::steady_clock::time_point{}) return;  // how much was waiting?
    const auto lost = stops.lost() - (now_.wait ? now_.wait->lost : now_.lost);
    const auto took = (std::chrono::nanoseconds{real_now() - begun} - lost).count();
    if (took > in_->limit_) in_->add(now_.what, now_.who, took);
  }

  loop_activity* in_;
  union {
    watched now_;  // while in_ is not null
  };
};

}  // namespace awaitest::detail
