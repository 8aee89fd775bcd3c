#include "feed_client.hpp"

#include <algorithm>
#include <utility>

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/read_until.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

namespace feed {

using asio::use_awaitable;
using std::chrono::steady_clock;

asio::awaitable<void> client::run() {
  asio::steady_timer pause{co_await asio::this_coro::executor};
  nominal_ = policy_.first_delay;
  for (;;) {
    const auto begun = steady_clock::now();
    const auto why = co_await read_lines();
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
      throw std::system_error(asio::error::operation_aborted);
    if (steady_clock::now() - begun >= policy_.stable) nominal_ = policy_.first_delay;
    const auto delay = next_delay();
    if (on_lost) on_lost(why, delay);
    pause.expires_after(delay);
    co_await pause.async_wait(use_awaitable);
  }
}

policy::duration client::next_delay() {
  const double chance = std::uniform_real_distribution<double>{0.0, 1.0}(random_);
  const std::chrono::duration<double> delay =
      std::chrono::duration<double>{nominal_} * (1.0 - policy_.jitter * chance);
  nominal_ = std::min(nominal_ * 2, policy_.max_delay);
  return std::chrono::duration_cast<policy::duration>(delay);
}

asio::awaitable<std::error_code> client::read_lines() {
  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::socket socket{executor};
  asio::steady_timer silence{executor};
  bool silent = false;
  std::string text;
  std::error_code error;
  for (bool connected = false; !error;) {
    silence.expires_after(policy_.silence);
    silence.async_wait([&](const std::error_code& aborted) {
      if (aborted) return;
      silent = true;
      socket.cancel();
    });
    std::size_t size = 0;
    if (connected)
      size = co_await asio::async_read_until(socket, asio::dynamic_buffer(text), '\n',
                                             asio::redirect_error(use_awaitable, error));
    else
      co_await socket.async_connect(server_, asio::redirect_error(use_awaitable, error));
    silence.cancel();
    if (connected && !error) {
      if (on_line) on_line(text.substr(0, size - 1));
      text.erase(0, size);
    }
    connected = true;
  }
  co_return silent ? std::error_code{asio::error::timed_out} : error;
}

}  // namespace feed
