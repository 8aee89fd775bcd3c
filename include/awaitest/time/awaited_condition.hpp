// Whether a condition has been signalled between two looks of a wait that is made of many.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace awaitest::detail {

/// A wait on a condition, from before its mutex is released until it is over. A signal that comes while no look is in hand would be
/// lost: it is counted. Those of a few other conditions are, too; what they end is a spurious wake-up, as conditions have them.
/// Signals of other processes are not.
class awaited_condition {
 public:
  explicit awaited_condition(const void* which) noexcept : count_{of(which)} {
    waiting_.fetch_add(1, std::memory_order_seq_cst);
    before_ = count_.load(std::memory_order_seq_cst);
  }
  awaited_condition(const awaited_condition&) = delete;
  awaited_condition& operator=(const awaited_condition&) = delete;
  ~awaited_condition() { waiting_.fetch_sub(1, std::memory_order_relaxed); }

  bool is_signalled() const noexcept { return count_.load(std::memory_order_seq_cst) != before_; }

  /// Called before each signal, by any thread.
  static void signalled(const void* which) noexcept {
    if (waiting_.load(std::memory_order_seq_cst) != 0) of(which).fetch_add(1, std::memory_order_seq_cst);
  }

 private:
  static std::atomic<std::uint32_t>& of(const void* which) noexcept {
    return counts_[reinterpret_cast<std::uintptr_t>(which) / 16 % kinds];
  }
  static constexpr std::size_t kinds = 64;
  inline static constinit std::atomic<std::uint32_t> waiting_{0};
  inline static constinit std::atomic<std::uint32_t> counts_[kinds]{};

  std::atomic<std::uint32_t>& count_;
  std::uint32_t before_ = 0;
};

}  // namespace awaitest::detail
