// Waits for a timer that a report tells in awaitest's own words.
#pragma once

#include "../model/asio_names.hpp"

#include AWAITEST_ASIO(steady_timer.hpp)
#include AWAITEST_ASIO(this_coro.hpp)
#include AWAITEST_ASIO(use_awaitable.hpp)

#include <chrono>
#include <string>
#include <utility>

#include "../platform/real_clock.hpp"
#include "../task/own_operation.hpp"
#include "../task/suspension_point.hpp"

namespace awaitest::detail {

/// The initiation of a wait that is told in other words.
struct own_wait {
  asio::steady_timer& alarm;
  template <class Handler>
  void operator()(Handler&& handler) const {
    const own_operation ours;
    alarm.async_wait(std::forward<Handler>(handler));
  }
};

/// `what` is how a report calls the wait.
inline asio::awaitable<void> sleep_in(std::string what, std::chrono::nanoseconds duration, location where) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer alarm(executor, later(std::chrono::steady_clock::now(), duration));
  const visible_wait visible(what.c_str(), where);
  own_wait wait{alarm};
  auto operation =
      asio::async_initiate<const asio::use_awaitable_t<>, void(asio::error_code)>(wait, asio::use_awaitable);
  co_await std::move(operation);
}

}  // namespace awaitest::detail
