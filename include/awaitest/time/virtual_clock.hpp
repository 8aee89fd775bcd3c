// The time that a thread sees: the machine's, or that of the virtual test which its loop is running.
#pragma once

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "../model/options.hpp"
#include "../platform/harmless_threads.hpp"
#include "../platform/other_threads.hpp"
#include "../platform/real_clock.hpp"
#include "../platform/timed_waits.hpp"
#include "holds.hpp"
#include "virtual_timerfds.hpp"

namespace awaitest::detail {

/// The time of virtual tests, in nanoseconds of each clock's own epoch. Moved by its loop's thread, and by the timekeeper where that is
/// blocked; read from any.
class virtual_clock {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// The start of steady_clock: twenty years of 365 days. Later than the real one of any machine, so that a limit which
  /// waits in real time all the same (std::future::wait_for) is too long rather than over at once.
  static constexpr std::int64_t steady_start = std::int64_t{20} * 365 * 86'400 * 1'000'000'000;

  std::int64_t steady() const noexcept {
    return looked_from_ != 0 ? looked_from_ : steady_.load(std::memory_order_acquire);
  }
  std::int64_t system() const noexcept { return sum(steady(), offset_.load(std::memory_order_relaxed)); }
  time_point now() const noexcept { return time_point{std::chrono::nanoseconds{steady()}}; }

  /// A test begins. Where something lives on from the one before, steady_clock only goes on.
  void begin(std::int64_t system_start, bool goes_on) {
    std::unique_lock lock{kept, std::defer_lock};
    if (!goes_on && !is_forked()) lock.lock();
    if (!goes_on) steady_.store(steady_start, std::memory_order_release);
    offset_.store(system_start - steady(), std::memory_order_relaxed);
    targets_.clear();
    quiet_looks = 0;
    if (!goes_on) timerfds.clear();
    timerfds.forget_misunderstood();
  }
  void move_to(time_point when) {
    const auto to = when.time_since_epoch().count();
    auto from = steady_.load(std::memory_order_relaxed);
    while (from < to && !steady_.compare_exchange_weak(from, to, std::memory_order_acq_rel)) {
    }
    if (from >= to) return;
    timerfds.fire(to);
    // In a process that was forked the waiting threads do not exist.
    if (timed_waits::instance().any() && !is_forked()) timed_waits::instance().fire(*this, to);
  }
  /// For a question that depends on the time, for the calling thread alone; put back right after it.
  void look_from(time_point when) noexcept {
    const auto from = when.time_since_epoch().count();
    looked_from_ = from == steady_.load(std::memory_order_relaxed) ? 0 : from;
  }
  void move_by(std::int64_t span) { move_to(time_point{std::chrono::nanoseconds{after(span)}}); }
  /// The sum of two numbers of nanoseconds; what is too large is the end of time.
  static std::int64_t sum(std::int64_t a, std::int64_t b) noexcept {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) return b > 0 ? INT64_MAX : INT64_MIN;
    return sum;
  }
  /// That instant of steady_clock, or the end of time.
  std::int64_t after(std::int64_t span) const noexcept { return sum(steady(), span); }

  static constexpr auto never = virtual_timerfds::none;
  /// The first instant at which a timerfd is due, or for which a member waits; `never`: there is none.
  std::int64_t next_timer() const {
    return std::min(timerfds.next(), timed_waits::instance().next(*this, [](long thread) {
      return own_threads::instance().contains(thread) ||
             harmless_threads().contains(std::to_string(thread).c_str());
    }));
  }

  std::atomic<int> members{0};  ///< threads that take part in it
  std::atomic<long> driver{0};  ///< the thread whose loop moves it; 0: none does
  std::atomic<bool> by_hand{false};
  const std::shared_ptr<hold_count> holds = std::make_shared<hold_count>();  ///< of its tests
  bool is_held() const noexcept { return holds->number.load(std::memory_order_acquire) != 0; }
  /// Held by the timekeeper from its look at the clock to its move: none of it is for a later test, whose time begins anew.
  std::mutex kept;
  time_point paced_from{};  ///< the timekeeper's, as is the next
  int looks = 0;
  /// Whether this is a process that another has forked, with the calling thread alone.
  bool is_forked() const noexcept { return process_ != ::getpid(); }

  /// Something on the loop's thread has slept: the clock moves, and the calls are kept for the report.
  struct blocking_call {
    const char* function;
    std::uint64_t calls;
    std::int64_t span;  ///< of all calls
  };
  void blocked(const char* function, std::int64_t span) {
    if (span > 0) move_by(span);
    note_blocked(function, span);
  }
  /// The same of a wait that has moved the clock itself, and began at that instant.
  void blocked_since(const char* function, std::int64_t begun) {
    if (const auto span = steady() - begun; span > 0) note_blocked(function, span);
  }
  /// For the report, once each.
  void remark(const char* words) {
    if (std::find(remarks_.begin(), remarks_.end(), words) == remarks_.end()) remarks_.push_back(words);
  }
  std::vector<const char*> take_remarks() { return std::exchange(remarks_, {}); }
  std::vector<blocking_call> take_blocking_calls() { return std::exchange(blocking_, {}); }

  // this_test::advance: instants that somebody waits for, the earliest first.
  void add_target(time_point when) {
    targets_.insert(std::upper_bound(targets_.begin(), targets_.end(), when), when);
  }
  void remove_target(time_point when) {
    const auto found = std::find(targets_.begin(), targets_.end(), when);
    if (found != targets_.end()) targets_.erase(found);
  }
  bool has_target() const noexcept { return !targets_.empty(); }
  time_point target() const noexcept { return targets_.empty() ? time_point::max() : targets_.front(); }

  // Descriptors of the loop's io_context:
  std::atomic<int> timer_descriptor{-1};  ///< never armed: the loop itself looks at the timers
  std::atomic<int> epoll_descriptor{-1};  ///< where the loop itself waits

  virtual_timerfds timerfds;  ///< all others

  /// The instant, by steady_clock, at which the first of the loop's own timers is due; `never`: there is none. A handler that runs the
  /// loop's io_context itself needs it: there only a timerfd tells Asio of them.
  struct {
    void* driver = nullptr;
    std::int64_t (*next)(void* driver) = nullptr;
  } own_timers;
  std::atomic<bool> own_timerfd_is_set_off{false};  ///< and is to be disarmed
  int quiet_looks = 0;                              ///< for I/O, of blocked handlers, since any has come

 private:
  void note_blocked(const char* function, std::int64_t span) {
    const auto same = [&](const blocking_call& one) { return one.function == function; };
    auto found = std::find_if(blocking_.begin(), blocking_.end(), same);
    if (found == blocking_.end()) found = blocking_.insert(found, {function, 0, 0});
    ++found->calls;
    found->span = sum(found->span, span);
  }
  inline static constinit thread_local std::int64_t looked_from_ = 0;  // 0: it is seen as it stands
  const pid_t process_ = ::getpid();
  std::atomic<std::int64_t> steady_{steady_start};
  std::atomic<std::int64_t> offset_{default_start - steady_start};
  std::vector<blocking_call> blocking_;
  std::vector<const char*> remarks_;
  std::vector<time_point> targets_;
};

/// Why there is no virtual time in this program; empty: there is. Set where time/libc_clocks.hpp is, or is not.
inline std::string (*why_no_virtual_time)() = nullptr;

}  // namespace awaitest::detail
