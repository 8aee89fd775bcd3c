// A pool of connections; whoever comes when all are taken waits in line.
#pragma once

#include <deque>
#include <memory>

#include <asio/awaitable.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

namespace db {

/// `careful`: how it has to be. The other pool was written first, and lost a connection now and then.
template <bool careful>
class pool {
 public:
  explicit pool(int size) : free_{size} {}

  asio::awaitable<void> take() {
    if (free_ > 0) {
      --free_;
      co_return;
    }
    const auto mine = std::make_shared<waiter>(co_await asio::this_coro::executor);
    line_.push_back(mine);
    asio::error_code error;
    try {
      co_await mine->bell.async_wait(asio::redirect_error(asio::use_awaitable, error));
      const auto state = co_await asio::this_coro::cancellation_state;
      if (state.cancelled() != asio::cancellation_type::none)
        throw asio::system_error(asio::error::operation_aborted);
    } catch (...) {
      std::erase(line_, mine);
      // A waiter may have been given a connection before it heard of its own cancellation.
      if (careful && mine->has_got_one) give_back();
      throw;
    }
  }
  void give_back() {
    if (line_.empty()) {
      ++free_;
      return;
    }
    line_.front()->has_got_one = true;
    line_.front()->bell.cancel();
    line_.pop_front();
  }
  int free() const { return free_; }

 private:
  struct waiter {
    explicit waiter(asio::any_io_executor on) : bell{on, asio::steady_timer::time_point::max()} {}
    asio::steady_timer bell;  // as a condition that can be awaited
    bool has_got_one = false;
  };

  int free_;
  std::deque<std::shared_ptr<waiter>> line_;
};

}  // namespace db
