// Wake-ups that nobody gets.
#include <deque>

#include "races.hpp"

using namespace races;

namespace {

// A timer as a condition: a notification before the wait is lost (asio#891).
template <bool fixed>
struct event {
  explicit event(asio::any_io_executor on) : bell{on, asio::steady_timer::time_point::max()} {}
  asio::steady_timer bell;
  bool set = false;
  asio::awaitable<void> wait() {
    if (fixed && set) co_return;
    error_code ignored;
    co_await bell.async_wait(asio::redirect_error(use_awaitable, ignored));
  }
  void notify() {
    set = true;
    bell.cancel();
  }
};
template <bool fixed>
asio::awaitable<void> notified_too_early() {
  event<fixed> done{co_await asio::this_coro::executor};
  auto worker = awaitest::spawn(
      [](event<fixed>& to) -> asio::awaitable<void> {
        co_await turns(3);
        to.notify();
      }(done),
      "worker");
  co_await turn();
  co_await done.wait();
  co_await worker.join();
  CHECK(done.set);
}

// A pool of one slot: a waiter that has been woken and is cancelled at the same time swallows the wake-up (boostorg/mysql#509).
template <bool fixed>
struct pool {
  int free = 1;
  std::deque<std::shared_ptr<asio::steady_timer>> waiters;
  asio::awaitable<void> take() {
    if (free == 0) {
      auto mine = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor,
                                                       asio::steady_timer::time_point::max());
      bool given = false;
      waiters.push_back(mine);
      gifts.push_back(&given);
      try {
        error_code ignored;
        co_await mine->async_wait(asio::redirect_error(use_awaitable, ignored));
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none)
          throw asio::system_error(asio::error::operation_aborted);
      } catch (...) {
        if (given) {
          if (fixed) give_back();
        } else {
          forget(mine.get());
        }
        throw;
      }
      co_return;
    }
    --free;
  }
  void give_back() {
    if (waiters.empty()) {
      ++free;
      return;
    }
    *gifts.front() = true;
    waiters.front()->cancel();
    waiters.pop_front();
    gifts.pop_front();
  }
  void forget(const asio::steady_timer* which) {
    for (std::size_t i = 0; i < waiters.size(); ++i)
      if (waiters[i].get() == which) {
        waiters.erase(waiters.begin() + static_cast<std::ptrdiff_t>(i));
        gifts.erase(gifts.begin() + static_cast<std::ptrdiff_t>(i));
        return;
      }
  }
  std::deque<bool*> gifts;
};
template <bool fixed>
asio::awaitable<void> woken_and_cancelled() {
  pool<fixed> one;
  co_await one.take();
  auto waiter = awaitest::spawn(
      [](pool<fixed>& from) -> asio::awaitable<void> {
        co_await from.take();
        from.give_back();
      }(one),
      "waiter");
  auto owner = awaitest::spawn(
      [](pool<fixed>& to) -> asio::awaitable<void> {
        co_await after(1500us);
        to.give_back();
      }(one),
      "owner");
  co_await after(1ms);
  waiter.cancel();
  try {
    co_await waiter.join();
  } catch (const asio::system_error&) {
  }
  co_await owner.join();
  CHECK(one.free == 1);
}

// Closing does not wake whoever waits for room (asio#1318).
template <bool fixed>
struct bounded_queue {
  std::deque<int> items;
  bool closed = false;
  awaitest::gate room;
  asio::awaitable<bool> push(int value) {
    while (!closed && items.size() == 1) {
      room.close();
      co_await room.wait();
    }
    if (closed) co_return false;
    items.push_back(value);
    co_return true;
  }
  void pop() {
    items.pop_front();
    room.open();
  }
  void close() {
    closed = true;
    if (fixed) room.open();
  }
};
template <bool fixed>
asio::awaitable<void> closed_while_full() {
  bounded_queue<fixed> queue;
  auto sender = awaitest::spawn(
      [](bounded_queue<fixed>& to) -> asio::awaitable<void> {
        co_await to.push(1);
        co_await turns(4);
        co_await to.push(2);
      }(queue),
      "sender");
  co_await turns(2);
  if (!queue.items.empty()) queue.pop();
  co_await turns(4);
  queue.close();
  co_await sender.join();
  CHECK(queue.closed);
}

}  // namespace

TEST_SUITE("races: waiting") {
  RACE("notified too early", notified_too_early)
  RACE("woken and cancelled", woken_and_cancelled)
  RACE("closed while full", closed_while_full)
}
