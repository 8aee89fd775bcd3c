// A session whose requests have a deadline: a request that takes too long closes it.
#pragma once

#include <chrono>

#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

namespace rpc {

/// `checks`: whether the deadline's handler looks at what has become of the request. A timer that has expired cannot be cancelled any more.
template <bool checks>
class session {
 public:
  explicit session(asio::any_io_executor on) : deadline_{on} {}

  /// Answered after `takes`.
  asio::awaitable<void> request(std::chrono::milliseconds limit, std::chrono::milliseconds takes) {
    const int mine = ++number_;
    deadline_.expires_after(limit);
    deadline_.async_wait([this, mine](asio::error_code error) {
      if (error || (checks && mine == answered_)) return;
      open_ = false;
    });
    asio::steady_timer answer(co_await asio::this_coro::executor, takes);
    co_await answer.async_wait(asio::use_awaitable);
    if (!open_) co_return;
    answered_ = mine;
    deadline_.cancel();
  }
  bool was_answered() const { return answered_ == number_; }
  bool is_open() const { return open_; }

 private:
  asio::steady_timer deadline_;
  bool open_ = true;
  int number_ = 0, answered_ = 0;
};

}  // namespace rpc
