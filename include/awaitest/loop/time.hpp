// What author/time.hpp declares.
#pragma once

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>

#include <algorithm>
#include <chrono>

#include "../author/assertions.hpp"
#include "../author/time.hpp"
#include "children.hpp"

namespace awaitest {

asio::awaitable<void> settle(location where) {
  auto& scope = detail::scope_here("settle()");
  if (!scope.settling) scope.settling = std::make_shared<detail::wait_list>("settle", where);
  const auto list = scope.settling;
  co_await detail::wait_in(list, where, 0, detail::always_waits{});
}

asio::awaitable<void> sleep_for(std::chrono::nanoseconds duration, location where) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, detail::later(std::chrono::steady_clock::now(), duration));
  const detail::visible_wait visible("sleep_for", where);
  co_await timer.async_wait(asio::use_awaitable);
}

std::chrono::steady_clock::time_point now() { return std::chrono::steady_clock::now(); }

namespace detail {

struct bounded_work final : launch {
  bounded_work(task_ref on, const asio::any_io_executor& executor) : launch{on}, timer(executor) {}
  asio::steady_timer timer;
  bool expired = false;
  void on_end() override { timer.cancel(); }
};

asio::awaitable<bool> bounded(std::chrono::nanoseconds limit, asio::awaitable<void> work, location where) {
  scope_here("with_timeout()");
  const auto executor = co_await asio::this_coro::executor;
  const auto state = std::make_shared<bounded_work>(here.current, executor);
  state->joining = std::make_shared<wait_list>("with_timeout", where);
  state->timer.expires_at(later(std::chrono::steady_clock::now(), limit));
  state->timer.async_wait([state](std::error_code error) {
    if (error || state->ended()) return;
    state->expired = true;
    state->cancel();
  });
  start(state, std::move(work));
  // A cancellation of this wait is passed on to the work, whose end then ends the wait.
  if (!state->ended()) co_await wait_in(state->joining, where, 0, has_ended{state.get()}, &state->signal);
  if (state->how == launch::end::dropped)
    throw std::logic_error(
        "what with_timeout() waited for was destroyed before it completed: a completion handler was dropped");
  if (state->error && !(state->expired && is_abort(state->error))) std::rethrow_exception(state->error);
  co_return !state->expired;
}

void throw_timed_out(std::chrono::nanoseconds limit, location where) {
  std::string text = "timed out after ";
  put_duration(text, static_cast<long long>(limit.count()), 1, 1'000'000'000);
  throw timed_out(text + ", waiting at " + where.file + ":" + std::to_string(where.line));
}

poll::poll(std::chrono::nanoseconds within) : end_{later(now(), within)} {}
bool poll::expired() const { return now() >= end_; }
asio::awaitable<void> poll::again() {
  if (pause_.count() == 0) {
    pause_ = std::chrono::milliseconds{1};
    co_await settle();
    co_return;
  }
  const auto left = std::max(std::chrono::nanoseconds{1}, std::chrono::nanoseconds{end_ - now()});
  const auto pause = std::min(pause_, left);
  pause_ = std::min<std::chrono::nanoseconds>(pause_ * 2, std::chrono::milliseconds{20});
  co_await sleep_for(pause);
}

}  // namespace detail
}  // namespace awaitest
