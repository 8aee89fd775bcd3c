// The executor of one task: what its coroutines, sockets and timers run on.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(execution.hpp)
#include AWAITEST_ASIO(io_context.hpp)

#include <utility>

#include "loop.hpp"
#include "ready_handler.hpp"

namespace awaitest::detail {

/// Hands its handlers to the loop's ready queue, tagged with the task. It fits into any_io_executor without an allocation.
/// It never tells the io_context of outstanding work, so that the io_context alone knows of I/O and timers: when it has
/// none and nothing is ready, the test can only be woken by another thread. The work itself is counted in the task.
///
/// Thread-safe. Usable after the task's end: handlers are then destroyed without being run.
class executor {
 public:
  explicit executor(task_ref who) noexcept : slot_{who.slot}, generation_{who.generation} {}
  executor(const executor& other) noexcept
      : slot_{other.slot_}, generation_{other.generation_}, bits_{other.bits_} {
    started();
  }
  /// Asio moves executors about a lot; what is moved takes its count with it.
  executor(executor&& other) noexcept
      : slot_{other.slot_}, generation_{other.generation_}, bits_{other.bits_} {
    other.bits_ &= ~tracked;
  }
  executor& operator=(const executor& other) noexcept {
    executor copy{other};
    std::swap(slot_, copy.slot_);
    std::swap(generation_, copy.generation_);
    std::swap(bits_, copy.bits_);
    return *this;
  }
  ~executor() {
    if (bits_ & tracked) slot_->work.fetch_sub(1, std::memory_order_acq_rel);
  }

  template <class F>
  void execute(F&& f) const {
    if (!(bits_ & never) && here.running == slot_ && alive(who()) &&
        (!slot_->scope->order || slot_->scope->order->runs_inline())) {
      std::decay_t<F> local(std::forward<F>(f));
      std::move(local)();
      return;
    }
    submit(make_ready(who(), std::forward<F>(f)));
  }

  task_ref who() const noexcept { return {slot_, generation_}; }

  asio::execution_context& query(asio::execution::context_t) const noexcept { return home().context(); }
  static constexpr asio::execution::mapping_t query(asio::execution::mapping_t) noexcept {
    return asio::execution::mapping.thread;
  }
  constexpr asio::execution::blocking_t query(asio::execution::blocking_t) const noexcept {
    return bits_ & never ? asio::execution::blocking_t(asio::execution::blocking.never)
                         : asio::execution::blocking_t(asio::execution::blocking.possibly);
  }
  constexpr asio::execution::relationship_t query(asio::execution::relationship_t) const noexcept {
    return bits_ & continuation ? asio::execution::relationship_t(asio::execution::relationship.continuation)
                                : asio::execution::relationship_t(asio::execution::relationship.fork);
  }
  constexpr asio::execution::outstanding_work_t query(asio::execution::outstanding_work_t) const noexcept {
    return bits_ & tracked ? asio::execution::outstanding_work_t(asio::execution::outstanding_work.tracked)
                           : asio::execution::outstanding_work_t(asio::execution::outstanding_work.untracked);
  }
  executor require(asio::execution::blocking_t::never_t) const noexcept { return {*this, bits_ | never}; }
  executor require(asio::execution::blocking_t::possibly_t) const noexcept { return {*this, bits_ & ~never}; }
  executor require(asio::execution::relationship_t::continuation_t) const noexcept {
    return {*this, bits_ | continuation};
  }
  executor require(asio::execution::relationship_t::fork_t) const noexcept {
    return {*this, bits_ & ~continuation};
  }
  executor require(asio::execution::outstanding_work_t::tracked_t) const noexcept {
    return {*this, bits_ | tracked};
  }
  executor require(asio::execution::outstanding_work_t::untracked_t) const noexcept {
    return {*this, bits_ & ~tracked};
  }

  friend bool operator==(const executor& a, const executor& b) noexcept {
    return a.slot_ == b.slot_ && a.generation_ == b.generation_;
  }
  friend bool operator!=(const executor& a, const executor& b) noexcept { return !(a == b); }

 private:
  enum : std::uint32_t { never = 1, continuation = 2, tracked = 4 };

  executor(const executor& other, std::uint32_t bits) noexcept
      : slot_{other.slot_}, generation_{other.generation_}, bits_{bits} {
    started();
  }
  void started() const noexcept {
    if (bits_ & tracked) slot_->work.fetch_add(1, std::memory_order_relaxed);
  }
  void submit(ready_handler* handler) const {
    if (home().is_mine()) {
      if (alive(handler->who)) return home().push(handler);
    } else if (const held_task held{handler->who}) {
      return home().push_from_elsewhere(handler);
    }
    handler->finish(handler, false);
  }

  loop& home() const noexcept { return *slot_->home.load(std::memory_order_relaxed); }

  task* slot_;
  std::uint32_t generation_;
  std::uint32_t bits_ = 0;
};

}  // namespace awaitest::detail
