// Deadlines that come at the same time as what they are for.
#include <map>
#include <optional>

#include "races.hpp"

using namespace races;

namespace {

// A timer that has expired cannot be cancelled: its handler comes all the same, and starts again (asio#878).
template <bool fixed>
struct heartbeat {
  explicit heartbeat(asio::any_io_executor on) : timer{on} {}
  asio::steady_timer timer;
  bool stopped = false;
  int beats = 0, after_stop = 0;
  void start() {
    timer.expires_after(10ms);
    timer.async_wait([this](error_code error) {
      if (error || (fixed && stopped)) return;
      ++beats;
      if (stopped) ++after_stop;
      if (beats < 5) start();
    });
  }
  void stop() {
    stopped = true;
    timer.cancel();
  }
};
template <bool fixed>
asio::awaitable<void> expired_before_the_cancellation() {
  heartbeat<fixed> heart{co_await asio::this_coro::executor};
  heart.start();
  co_await after(10ms);
  co_await after(10ms);
  heart.stop();
  co_await after(100ms);
  co_await awaitest::settle();
  CHECK(heart.after_stop == 0);
}

// The timeout of a request that has just been completed closes the connection (Icinga2#10139).
template <bool fixed>
struct connection {
  explicit connection(asio::any_io_executor on) : deadline{on} {}
  asio::steady_timer deadline;
  bool open = true, done = false;
  asio::awaitable<void> request() {
    deadline.expires_after(10ms);
    done = false;
    deadline.async_wait([this](error_code error) {
      if (error || (fixed && done)) return;
      open = false;
    });
    co_await after(10ms);
    done = true;
    deadline.cancel();
  }
};
template <bool fixed>
asio::awaitable<void> timeout_just_after_completion() {
  connection<fixed> one{co_await asio::this_coro::executor};
  co_await one.request();
  const bool was_open = one.open;
  // The handler of a timer that has expired is not to meet a connection that is gone.
  co_await awaitest::settle();
  CHECK(one.open == was_open);
}

// A reply that comes after its timeout answers the next request (aiohttp#7864).
template <bool fixed>
struct protocol {
  std::map<int, int> replies;
  std::optional<int> last;
  int next_id = 0;
  asio::awaitable<std::optional<int>> ask(std::chrono::milliseconds server_takes) {
    const int id = ++next_id;
    if (!fixed) last.reset();
    awaitest::spawn_background(answers(id, server_takes));
    co_await turn();
    co_await after(10ms);
    if (fixed) co_return replies.contains(id) ? std::optional{replies.at(id)} : std::nullopt;
    co_return last;
  }
  asio::awaitable<void> answers(int id, std::chrono::milliseconds takes) {
    co_await after(takes);
    replies[id] = id;
    last = id;
  }
};
template <bool fixed>
asio::awaitable<void> late_reply() {
  protocol<fixed> one;
  const auto first = co_await one.ask(10ms);
  CHECK((!first || *first == 1));
  const auto second = co_await one.ask(20ms);
  CHECK((!second || *second == 2));
}

// A deadline that was set again is seen by the handler of the one before (boostorg/beast#214).
template <bool fixed>
struct session {
  explicit session(asio::any_io_executor on) : deadline{on} {}
  asio::steady_timer deadline;
  int generation = 0;
  bool closed = false;
  void expires_after(std::chrono::milliseconds span) {
    deadline.expires_after(span);
    deadline.async_wait([this, mine = ++generation](error_code error) {
      if (error || (fixed && mine != generation)) return;
      closed = true;
    });
  }
};
template <bool fixed>
asio::awaitable<void> stale_deadline() {
  session<fixed> one{co_await asio::this_coro::executor};
  one.expires_after(10ms);
  co_await after(10ms);
  const bool too_late = one.closed;
  one.expires_after(50ms);
  co_await awaitest::settle();
  CHECK(one.closed == too_late);
}

// `receive || timer` loses what has been received when both are ready (asio#1041).
template <bool fixed>
asio::awaitable<void> receive_or_timer() {
  using namespace asio::experimental::awaitable_operators;
  const auto mine = co_await asio::this_coro::executor;
  asio::experimental::channel<void(error_code, int)> numbers{mine, 8};
  auto sender = awaitest::spawn(
      [](auto& to) -> asio::awaitable<void> {
        for (int i = 0; i < 3; ++i) {
          co_await after(11ms);
          co_await to.async_send(error_code{}, i, use_awaitable);
        }
      }(numbers),
      "sender");
  int got = 0;
  for (int looks = 0; looks < 6 && got < 3; ++looks) {
    asio::steady_timer timer(mine, 11500us);
    if constexpr (fixed) {
      co_await timer.async_wait(use_awaitable);
      while (numbers.try_receive([&](error_code, int) { ++got; })) continue;
    } else {
      const auto what = co_await (numbers.async_receive(use_awaitable) || timer.async_wait(use_awaitable));
      if (what.index() == 0) ++got;
    }
  }
  co_await sender.join();
  while (numbers.try_receive([&](error_code, int) { ++got; })) continue;
  CHECK(got == 3);
}

}  // namespace

TEST_SUITE("races: timers") {
  RACE("expired before the cancellation", expired_before_the_cancellation)
  RACE("timeout just after completion", timeout_just_after_completion)
  RACE("late reply", late_reply)
  RACE("stale deadline", stale_deadline)
  RACE("receive or timer", receive_or_timer)
}
