// Bugs of asynchronous programs as they happened in public, each with its fixed twin. The bug passes first-in first-out.
#pragma once

#include <awaitest/awaitest.hpp>

#include <asio.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/experimental/channel.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// `body<false>` has the bug, which 1000 schedules find; `body<true>` has not, and passes in 10 000.
#define RACE(name, body)                                                                      \
  TEST_ASYNC(name ": first-in first-out", virtual_time()) { co_await body<false>(); }         \
  TEST_ASYNC(name ": the bug", explore(), should_fail("the bug")) { co_await body<false>(); } \
  TEST_ASYNC(name ": without it", explore(10'000)) { co_await body<true>(); }

namespace races {

using namespace std::chrono_literals;
using asio::error_code;
using asio::use_awaitable;

/// A step of something else: whoever is ready may go on.
inline asio::awaitable<void> turn() { co_await asio::post(use_awaitable); }
inline asio::awaitable<void> turns(int number) {
  for (int i = 0; i < number; ++i) co_await turn();
}
inline asio::awaitable<void> after(std::chrono::microseconds span) {
  asio::steady_timer timer(co_await asio::this_coro::executor, span);
  co_await timer.async_wait(use_awaitable);
}
template <class... Work>
asio::awaitable<void> together(Work... work) {
  std::vector<awaitest::task<void>> all;
  (all.push_back(awaitest::spawn(std::move(work))), ...);
  for (auto& one : all) co_await one.join();
}

}  // namespace races
