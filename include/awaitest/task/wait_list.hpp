// Coroutines that wait for one another: what gate, barrier, sequencer, settle and join are made of.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(associated_cancellation_slot.hpp)
#include AWAITEST_ASIO(associated_executor.hpp)
#include AWAITEST_ASIO(async_result.hpp)
#include AWAITEST_ASIO(awaitable.hpp)
#include AWAITEST_ASIO(cancellation_signal.hpp)
#include AWAITEST_ASIO(error.hpp)
#include AWAITEST_ASIO(post.hpp)
#include AWAITEST_ASIO(use_awaitable.hpp)

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>

#include "suspension_point.hpp"

namespace awaitest::detail {

/// Waiters, in the order in which they came. Thread-safe. A waiter is resumed by a post to its own executor, never
/// inside the call that releases it. It is completed once: by `release`, by its cancellation or by the list's end.
struct wait_list : std::enable_shared_from_this<wait_list> {
  struct waiter : pending {
    std::shared_ptr<wait_list> list;
    std::size_t key = 0;
    waiter* before = nullptr;
    waiter* after = nullptr;
    std::atomic<bool> claimed{false};

    bool claim() noexcept { return !claimed.exchange(true, std::memory_order_acq_rel); }
    /// Posts the handler and frees the waiter. By whoever has claimed it, after it was taken off the list.
    virtual void complete(error_code error) = 0;
    virtual void destroy() noexcept = 0;
    const launch* work() const final { return list ? list->work : nullptr; }
    bool can_fail() const final { return true; }
    bool can_abandon() const final { return !claimed.load(std::memory_order_acquire); }
    bool claim_to_abandon() final { return claim(); }
    void abandon() final {
      const auto keep = std::move(list);
      keep->unlink(*this);
      destroy();
    }
  };

  wait_list(const char* kind, location at) : what{kind}, made{at} {}

  const char* what;
  location made;
  const char* origin = "made";   ///< what happened at `made`
  const launch* work = nullptr;  ///< see pending::work; it outlives who waits
  std::mutex guard;
  // Under guard:
  waiter* first = nullptr;
  waiter* last = nullptr;
  std::size_t count = 0;
  bool gone = false;     // what is waited for has been destroyed
  bool open = false;     // gate
  std::size_t turn = 0;  // sequencer

  /// Lets go of those for whom `which(waiter)` holds. Returns how many.
  template <class F>
  std::size_t release_if(F which, error_code error = {}) {
    waiter* released;
    {
      const std::lock_guard lock{guard};
      released = take_if(which);
    }
    return complete_all(released, error);
  }
  /// In two steps, where what the waiters wait for is decided under the guard: takes them off, as a chain.
  template <class F>
  waiter* take_if(F which) {
    waiter* taken = nullptr;
    waiter* tail = nullptr;
    for (auto* w = first; w;) {
      auto* next = w->after;
      if (which(*w) && w->claim()) {
        take_off(*w);
        w->after = nullptr;
        (tail ? tail->after : taken) = w;
        tail = w;
      }
      w = next;
    }
    return taken;
  }
  /// And lets the chain go, without the guard.
  static std::size_t complete_all(waiter* taken, error_code error = {}) {
    std::size_t number = 0;
    for (; taken; ++number) std::exchange(taken, taken->after)->complete(error);
    return number;
  }
  std::size_t release_all(error_code error = {}) {
    return release_if([](const waiter&) { return true; }, error);
  }

  void link(waiter& w) {  // under guard
    w.before = last;
    w.after = nullptr;
    (last ? last->after : first) = &w;
    last = &w;
    ++count;
  }
  void unlink(waiter& w) {
    const std::lock_guard lock{guard};
    take_off(w);
  }

 private:
  void take_off(waiter& w) noexcept {
    (w.before ? w.before->after : first) = w.after;
    (w.after ? w.after->before : last) = w.before;
    --count;
  }
};

template <class Handler>
struct waiter_of final : wait_list::waiter {
  explicit waiter_of(Handler&& h) : handler(std::move(h)), executor(asio::get_associated_executor(handler)) {}

  Handler handler;
  asio::associated_executor_t<Handler> executor;

  void complete(error_code error) override {
    if (const held_task held{who})
      held->scope->went_on(*this, error == error_code(asio::error::operation_aborted));
    list.reset();
    asio::post(executor, [self = std::unique_ptr<waiter_of>(this), error]() mutable {
      Handler done(std::move(self->handler));
      self.reset();
      std::move(done)(error);
    });
  }
  void destroy() noexcept override {
    if (const held_task held{who}) held->scope->remove(*this);
    Handler dropped(std::move(handler));
    delete this;
  }
};

/// The initiation of a wait. A named type, as are the conditions below: g++ 12 destroys closures twice that are temporaries
/// of an expression with `co_await`, and warns about those that live in the frame of a coroutine in a header.
template <class Ready>
struct begin_wait {
  const std::shared_ptr<wait_list>& list;
  location where;
  std::size_t key;
  Ready& ready;
  asio::cancellation_signal* on_cancel;

  template <class Handler>
  void operator()(Handler&& handler) const {
    using waiter = waiter_of<std::decay_t<Handler>>;
    auto made = std::make_unique<waiter>(std::forward<Handler>(handler));
    auto& w = *made;
    w.list = list;
    w.key = key;
    w.what = list->what;
    w.where = where;
    w.made = list->made;
    w.origin = list->origin;
    const auto cancel = [raw = &w, forward_to = on_cancel] {
      if (forward_to) return forward_to->emit(asio::cancellation_type::terminal);
      if (!raw->claim()) return;
      raw->list->unlink(*raw);
      raw->complete(asio::error::operation_aborted);
    };
    const auto error = detail::begins_to_wait(w, asio::get_associated_cancellation_slot(w.handler), cancel);
    bool wait = !error;
    if (wait) {
      const std::lock_guard lock{list->guard};
      wait = !ready(*list);
      if (wait) list->link(w);
    }
    made.release();
    if (!wait && w.claim()) w.complete(error);
  }
};

/// Waits in the list unless `ready(list)`, asked under its guard, says that there is no need.
/// `on_cancel`, when given, is what a cancellation sets off instead of ending the wait.
template <class Ready>
asio::awaitable<void> wait_in(std::shared_ptr<wait_list> list, location where, std::size_t key, Ready ready,
                              asio::cancellation_signal* on_cancel = nullptr) {
  begin_wait<Ready> begin{list, where, key, ready, on_cancel};
  auto operation =
      asio::async_initiate<const asio::use_awaitable_t<>, void(asio::error_code)>(begin, asio::use_awaitable);
  co_await std::move(operation);
}

}  // namespace awaitest::detail
