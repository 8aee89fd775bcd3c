// The test and the virtual clock that a thread belongs to: those of the thread which has made it.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace awaitest::detail {

class virtual_clock;

/// Questions to a clock, for this room, which knows clocks by their addresses alone. Set where there are virtual clocks.
struct clock_questions {
  void (*count)(virtual_clock& clock, int more) noexcept;  ///< its members
  bool (*is_any_to_come)(const virtual_clock& clock);  ///< an instant at which a member or a timerfd wakes up
};
inline constinit const clock_questions* ask_clock = nullptr;

/// The test that a loop is running, by a number that no other test of the process has; 0: none.
using running_test = std::atomic<std::uint64_t>;
/// The running test of the loop which the calling thread runs, or of the loop whose test has made the thread; null: there is none.
inline constinit thread_local const running_test* test_here = nullptr;

/// The running tests of all loops. Never destroyed: a thread that has seen one may be left when its loop is gone. Any thread.
class running_tests {
 public:
  struct give_back {
    void operator()(running_test* one) const noexcept {
      const std::lock_guard lock{instance().guard_};
      one->store(0, std::memory_order_release);
      instance().free_.push_back(one);
    }
  };
  using lease = std::unique_ptr<running_test, give_back>;

  static running_tests& instance() {
    static auto& one = *new running_tests;
    return one;
  }
  lease take() {
    const std::lock_guard lock{guard_};
    if (free_.empty()) {
      free_.reserve(all_.size() + 1);
      return lease{&all_.emplace_back(0U)};
    }
    auto* const found = free_.back();
    free_.pop_back();
    return lease{found};
  }
  static void begin(running_test& one) noexcept {
    static constinit std::atomic<std::uint64_t> last{0};
    one.store(last.fetch_add(1, std::memory_order_relaxed) + 1, std::memory_order_release);
  }

 private:
  std::mutex guard_;
  std::deque<running_test> all_;
  std::vector<running_test*> free_;
};

/// The threads of the process that a test has made. Any thread.
class made_threads {
 public:
  struct maker {
    virtual_clock* clock = nullptr;      ///< null: the thread keeps the machine's time
    const running_test* test = nullptr;  ///< null: it was made outside of all tests
    std::uint64_t number = 0;            ///< of the test

    bool is_running() const noexcept {
      return test && number != 0 && test->load(std::memory_order_acquire) == number;
    }
  };

  static made_threads& instance() {
    static auto& one = *new made_threads;
    return one;
  }
  void add(long thread, const maker& by) {
    const std::lock_guard lock{guard_};
    all_.push_back({thread, by});
  }
  void remove(long thread) {
    const std::lock_guard lock{guard_};
    std::erase_if(all_, [&](const entry& one) { return one.thread == thread; });
  }
  maker maker_of(long thread) {
    const std::lock_guard lock{guard_};
    const auto found =
        std::find_if(all_.begin(), all_.end(), [&](const entry& one) { return one.thread == thread; });
    return found == all_.end() ? maker{} : found->by;
  }

 private:
  struct entry {
    long thread;
    maker by;
  };
  std::mutex guard_;
  std::vector<entry> all_;
};

}  // namespace awaitest::detail
