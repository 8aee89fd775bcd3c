// A task: the body of a test, a child of it, a cleanup. What an assertion, an INFO or an executor refers to.
//
// Tasks live in slots that are never freed, and are told apart from a slot's later users by a generation: an executor, an
// INFO or a context may outlive its test by any time and on any thread, and still finds out that it has.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "../author/current/current.hpp"
#include "../author/current/info.hpp"
#include "../model/event.hpp"
#include "../platform/coroutine_frames.hpp"

namespace awaitest::detail {

class loop;
class test_scope;
struct fixture;

/// An exception of a task: its object, and which use of that address it is. Null where exceptions are not seen to be made
/// (platform/made_exceptions.hpp).
struct exception_id {
  const void* object = nullptr;
  std::uint32_t use = 0;
  friend bool operator==(const exception_id&, const exception_id&) = default;
};
class newest_exception_id {
 public:
  void made(const void* object) noexcept {
    object_.store(object, std::memory_order_relaxed);
    use_.fetch_add(1, std::memory_order_relaxed);
  }
  exception_id get() const noexcept {
    return {object_.load(std::memory_order_relaxed), use_.load(std::memory_order_relaxed)};
  }

 private:
  std::atomic<const void*> object_{nullptr};
  std::atomic<std::uint32_t> use_{0};
};
/// The context that exceptions have left on their way. Of the latest few exceptions.
class left_context {
 public:
  void add(exception_id by, note one) {
    if (all_.empty() || all_.back().by != by) {
      std::erase_if(all_, [&](const part& old) { return old.by.object == by.object; });
      if (all_.size() == 8) all_.erase(all_.begin());
      all_.push_back({by, {}});
    }
    all_.back().lines.push_back(std::move(one));
  }
  /// Oldest first.
  std::vector<note> of(const void* exception, exception_id newest) const {
    for (const auto& one : all_) {
      if (one.by.object && one.by.object != exception) continue;
      if (one.by.object == newest.object && one.by != newest) continue;  // the address has been used again
      return {one.lines.rbegin(), one.lines.rend()};
    }
    return {};
  }
  void clear() { all_.clear(); }
  /// A new line of context begins: whatever exception it was must have been caught.
  void forget_unknown() {
    std::erase_if(all_, [](const part& one) { return !one.by.object; });
  }

 private:
  struct part {
    exception_id by;
    std::vector<note> lines;  // newest first
  };
  std::vector<part> all_;
};

struct task {
  std::mutex guard;  // the fields below, where another thread may look; and the end of the use
  std::atomic<std::uint32_t> generation{0};  // written under guard, by the loop's thread
  std::atomic<long> work{0};                 // executors that say: something is outstanding
  std::atomic<bool> ended{false};            // by a REQUIRE, a FAIL or a SKIP
  std::atomic<loop*> home{nullptr};          // read by executors that may be stale
  test_scope* scope = nullptr;
  std::uint64_t checks = 0;           // the loop's thread only
  std::string label;                  // empty for the body
  std::size_t short_label = 0;        // so much of it will do where the whole has been told; 0: all
  std::size_t placeless_label = 0;    // and so much names no place
  struct fixture* fixture = nullptr;  // the one whose hook, or whose child, this is
  info* infos = nullptr;              // the newest
  left_context unwound;               // the context that exceptions have left
  newest_exception_id newest_exception;
  coroutine_root root;  // of its coroutines; the loop's thread only
  task* next_free = nullptr;

  /// The innermost subtest that is alive, or 0. Under guard.
  std::size_t subtest() const noexcept {
    for (const info* i = infos; i; i = i->previous_)
      if (i->subtest_ != 0) return i->subtest_;
    return 0;
  }
  /// The lines of context that are alive, oldest first. Under guard.
  std::vector<note> notes() const {
    std::vector<note> all;
    for (const info* i = infos; i; i = i->previous_) all.push_back({i->where_, i->text_, i->subtest_});
    std::reverse(all.begin(), all.end());
    return all;
  }
};

/// The slots. One for the process: a slot outlives every loop.
class task_pool {
 public:
  task_ref take(loop& home, test_scope& scope, std::string label, std::size_t short_label = 0,
                std::size_t placeless_label = std::string::npos) {
    task* slot = std::exchange(spare_, nullptr);
    if (!slot) {
      const std::lock_guard lock{guard_};
      if (free_) {
        slot = free_;
        free_ = slot->next_free;
      } else {
        slots_.push_back(std::make_unique<task>());
        slot = slots_.back().get();
      }
    }
    const std::lock_guard lock{slot->guard};
    slot->home.store(&home, std::memory_order_relaxed);
    slot->scope = &scope;
    slot->label = std::move(label);
    slot->short_label = short_label;
    slot->placeless_label = placeless_label;
    slot->checks = 0;
    slot->unwound.clear();
    slot->fixture = nullptr;
    slot->root = {};
    slot->ended.store(false, std::memory_order_relaxed);
    return {slot, slot->generation.load(std::memory_order_relaxed)};
  }

  /// Ends the use. A slot that something outstanding still refers to is not used again: its count would be wrong.
  void give_back(task_ref which) {
    {
      const std::lock_guard lock{which.slot->guard};
      const auto used = which.slot->generation.load(std::memory_order_relaxed);
      which.slot->generation.store(used + 1, std::memory_order_relaxed);
      which.slot->scope = nullptr;
      which.slot->infos = nullptr;  // those that are still alive find out by the generation
    }
    if (which.slot->work.load(std::memory_order_acquire) != 0) return;
    if (!spare_) {
      spare_ = which.slot;
      return;
    }
    const std::lock_guard lock{guard_};
    which.slot->next_free = free_;
    free_ = which.slot;
  }

 private:
  std::mutex guard_;
  task* free_ = nullptr;
  std::vector<std::unique_ptr<task>> slots_;
  // A free slot that this thread takes without the lock: most tests have one task, their body. No longer used when the thread ends.
  inline static constinit thread_local task* spare_ = nullptr;
};

inline task_pool& tasks() {
  static task_pool& pool =
      *new task_pool;  // never destroyed: executors in static objects may still look into it
  return pool;
}

/// The task whose code runs on this thread.
struct thread_state {
  task_ref current;               ///< assertions and `this_test` belong to it
  task* running = nullptr;        ///< the task whose handler the loop is running; null on every other thread
  const void* entered = nullptr;  ///< the innermost context::scope of this thread or handler
  int exceptions = 0;             ///< in flight below the handler, whose own code they do not concern
};
extern constinit thread_local thread_state here;

/// Around each handler on a loop's thread.
class running_scope {
 public:
  explicit running_scope(task_ref who) noexcept : before_{here}, checks_before_{checks} {
    here = {who, who.slot, nullptr, std::uncaught_exceptions()};
    checks = who.slot->ended.load(std::memory_order_relaxed) ? nullptr : &who.slot->checks;
  }
  running_scope(const running_scope&) = delete;
  running_scope& operator=(const running_scope&) = delete;
  ~running_scope() {
    here = before_;
    checks = checks_before_;
  }

 private:
  thread_state before_;
  std::uint64_t* checks_before_;
};

/// The task of `who`, held against ending: null when it is over. For threads other than the loop's.
class held_task {
 public:
  explicit held_task(task_ref who) : slot_{who.slot} {
    if (!slot_) return;
    lock_ = std::unique_lock{slot_->guard};
    if (slot_->generation.load(std::memory_order_relaxed) == who.generation && slot_->scope) return;
    lock_.unlock();
    slot_ = nullptr;
  }
  explicit operator bool() const noexcept { return slot_; }
  task* operator->() const noexcept { return slot_; }
  task& operator*() const noexcept { return *slot_; }

 private:
  task* slot_;
  std::unique_lock<std::mutex> lock_;
};

inline bool alive(task_ref who) noexcept {  // on the loop's thread, which alone ends tasks
  return who.slot && who.slot->generation.load(std::memory_order_relaxed) == who.generation;
}

}  // namespace awaitest::detail
