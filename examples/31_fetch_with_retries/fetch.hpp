// Fetches a page, as often as it takes: what is worth another attempt is tried again after a growing delay.
#pragma once

#include <chrono>
#include <string>
#include <system_error>

#include <asio/awaitable.hpp>
#include <asio/error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

namespace pages {

struct transport {
  virtual ~transport() = default;
  virtual asio::awaitable<std::string> get(std::string path) = 0;
};

inline bool worth_another_attempt(const std::error_code& error) {
  return error == asio::error::connection_reset || error == asio::error::timed_out;
}

inline asio::awaitable<std::string> fetch(transport& from, std::string path, int attempts,
                                          std::chrono::milliseconds delay) {
  for (int attempt = 1;; ++attempt, delay *= 2) {
    std::error_code error;
    try {
      co_return co_await from.get(path);
    } catch (const std::system_error& e) {
      if (attempt == attempts || !worth_another_attempt(e.code())) throw;
      error = e.code();
    }
    asio::steady_timer pause(co_await asio::this_coro::executor, delay);
    co_await pause.async_wait(asio::use_awaitable);
  }
}

}  // namespace pages
