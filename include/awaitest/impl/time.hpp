// The definitions to author/async/time.hpp.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(steady_timer.hpp)
#include AWAITEST_ASIO(this_coro.hpp)

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "../author/async/time.hpp"
#include "../author/check/assertions.hpp"
#include "../loop/launch.hpp"
#include "../loop/scope_here.hpp"
#include "../loop/sleep.hpp"
#include "../model/text.hpp"
#include "../platform/thrown_frames.hpp"

namespace awaitest {

namespace detail {

/// While it lives somebody waits for that instant of a clock that is moved by hand.
class advance_target {
 public:
  advance_target(virtual_clock& clock, virtual_clock::time_point when) : clock_{clock}, when_{when} {
    clock_.add_target(when_);
  }
  advance_target(const advance_target&) = delete;
  advance_target& operator=(const advance_target&) = delete;
  ~advance_target() { clock_.remove_target(when_); }

 private:
  virtual_clock& clock_;
  virtual_clock::time_point when_;
};

}  // namespace detail

asio::awaitable<void> settle(location where) {
  auto& scope = detail::scope_here("settle()");
  if (!scope.settling) scope.settling = std::make_shared<detail::wait_list>("settle", where);
  const auto list = scope.settling;
  co_await detail::wait_in(list, where, 0, detail::always_waits{});
}

asio::awaitable<void> sleep_for(time_span duration, location where) {
  return detail::sleep_in("sleep_for", duration, where);
}

std::chrono::steady_clock::time_point now() { return std::chrono::steady_clock::now(); }

clock::time_point clock::now() noexcept {
  if (const auto* virtually = detail::time_here)
    return time_point{std::chrono::nanoseconds{virtually->steady()}};
  return time_point{std::chrono::steady_clock::now().time_since_epoch()};
}

asio::awaitable<void> this_test::advance(time_span by, location where) {
  const std::chrono::nanoseconds time{by};
  auto& scope = detail::scope_here("this_test::advance()");
  auto* const moved = scope.home().time();
  if (!moved || !scope.moves_time_by_hand())
    throw std::logic_error(
        "this_test::advance() moves the clock of a test with virtual_time(manual), in its body and children: "
        "give the "
        "test that option");
  if (time < std::chrono::nanoseconds{}) {
    std::string text;
    detail::put_duration(text, static_cast<long long>(time.count()), 1, 1'000'000'000);
    throw std::invalid_argument("this_test::advance(" + text + "): time does not go back");
  }
  const auto target = detail::later(moved->now(), time);
  const detail::advance_target wanted{*moved, target};
  const auto list = scope.home().advancing();
  co_await detail::wait_in(list, where, static_cast<std::size_t>(target.time_since_epoch().count()),
                           detail::always_waits{});
}

namespace detail {

struct bounded_work final : launch {
  bounded_work(task_ref on, const asio::any_io_executor& executor) : launch{on}, timer(executor) {}
  asio::steady_timer timer;
  bool expired = false;
  waiting_coroutines waited;  // when it expired
  void on_end() override { timer.cancel(); }
};

/// The coroutines for which a limit has just passed on this thread: the exception that tells of it is made before any other coroutine
/// goes on.
inline constinit thread_local waiting_coroutines expired_work{};

asio::awaitable<bool> bounded(std::chrono::nanoseconds limit, asio::awaitable<void> work, location where) {
  scope_here("with_timeout()");
  const auto executor = co_await asio::this_coro::executor;
  const auto state = std::make_shared<bounded_work>(here.current, executor);
  state->joining = std::make_shared<wait_list>("with_timeout", where);
  state->joining->work = state.get();
  state->timer.expires_at(later(std::chrono::steady_clock::now(), limit));
  own_wait{state->timer}([state](error_code error) {
    if (error || state->ended()) return;
    state->expired = true;
    state->waited = waiting_coroutines{state->root.waiting()};
    state->cancel();
  });
  detail::start(state, std::move(work));
  // A cancellation of this wait is passed on to the work, whose end then ends the wait.
  if (!state->ended())
    co_await detail::wait_in(state->joining, where, 0, has_ended{state.get()}, &state->signal);
  if (state->how == launch::end::dropped)
    throw std::logic_error(
        "what with_timeout() waited for was destroyed before it completed: a completion handler was dropped");
  if (state->error && !(state->expired && is_abort(state->error))) std::rethrow_exception(state->error);
  if (state->expired) expired_work = state->waited;
  co_return !state->expired;
}

void throw_timed_out(std::chrono::nanoseconds limit, location where) {
  std::string text = "timed out after ";
  if (time_here && limit.count() >= 0)
    text += span_words(limit.count());
  else
    detail::put_duration(text, static_cast<long long>(limit.count()), 1, 1'000'000'000);
  thrown_frames::work_of_next = std::exchange(expired_work, {});
  throw timed_out(text + ", waiting at " + where.file + ":" + std::to_string(where.line));
}

poll::poll(location where, time_span within)
    : where_{where}, begun_{now()}, end_{detail::later(begun_, within)} {}
bool poll::expired() const { return now() >= end_; }
asio::awaitable<void> poll::again() {
  if (pause_.count() == 0) {
    pause_ = std::chrono::milliseconds{1};
    co_await settle(where_);
    co_return;
  }
  const auto left = std::max(std::chrono::nanoseconds{1}, std::chrono::nanoseconds{end_ - now()});
  const auto pause = std::min(pause_, left);
  // A day of virtual time is to cost hundreds of looks, not millions.
  const auto passed = time_here ? std::chrono::nanoseconds{now() - begun_} / 64 : std::chrono::nanoseconds{};
  pause_ = std::min<std::chrono::nanoseconds>(
      pause_ * 2, std::max<std::chrono::nanoseconds>(passed, std::chrono::milliseconds{20}));
  co_await awaitest::sleep_for(pause, where_);
}

}  // namespace detail
}  // namespace awaitest
