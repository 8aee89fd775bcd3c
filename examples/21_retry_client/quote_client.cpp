#include "quote_client.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <asio.hpp>
#include <asio/experimental/awaitable_operators.hpp>

namespace quotes {

using asio::redirect_error;
using asio::use_awaitable;
using asio::ip::tcp;
using std::chrono::steady_clock;
using namespace asio::experimental::awaitable_operators;

namespace {

class category_type : public std::error_category {
 public:
  const char* name() const noexcept override { return "quotes"; }
  std::string message(int value) const override {
    if (value == static_cast<int>(errc::busy)) return "the server is busy";
    if (value == static_cast<int>(errc::rejected)) return "the server rejects the request";
    if (value == static_cast<int>(errc::garbled)) return "the answer makes no sense";
    return "unknown quotes error " + std::to_string(value);
  }
};

}  // namespace

const std::error_category& category() {
  static const category_type instance;
  return instance;
}

std::error_code make_error_code(errc e) { return {static_cast<int>(e), category()}; }

bool retryable(const std::error_code& error) {
  static const std::array<std::error_code, 9> transient{
      errc::busy,
      asio::error::connection_refused,
      asio::error::connection_reset,
      asio::error::connection_aborted,
      asio::error::broken_pipe,
      asio::error::eof,
      asio::error::timed_out,
      asio::error::host_unreachable,
      asio::error::network_unreachable,
  };
  return std::find(transient.begin(), transient.end(), error) != transient.end();
}

asio::awaitable<std::string> client::price(std::string symbol) {
  const auto deadline = steady_clock::now() + policy_.deadline;
  backoff delays{policy_};
  asio::steady_timer timer{co_await asio::this_coro::executor};
  for (int number = 1;; ++number) {
    timer.expires_at(std::min(steady_clock::now() + policy_.attempt_timeout, deadline));
    // attempt() reports failures as values: one that throws would leave || waiting for the timer.
    asio::error_code wait_error;
    auto first = co_await (attempt(symbol) || timer.async_wait(redirect_error(use_awaitable, wait_error)));
    answer got{asio::error::timed_out, {}};
    if (first.index() == 0) got = std::get<0>(std::move(first));
    if (wait_error && first.index() == 1) got.error = wait_error;

    if (!got.error) co_return std::move(got.price);
    if (!retryable(got.error)) throw std::system_error(got.error, "price of " + symbol);
    if (number == policy_.max_attempts) throw gave_up(number, got.error, "no attempts left");
    const auto delay = delays.next();
    if (steady_clock::now() + delay >= deadline) throw gave_up(number, got.error, "no time left");

    if (on_retry) on_retry({number, got.error, delay});
    timer.expires_after(delay);
    co_await timer.async_wait(use_awaitable);
  }
}

asio::awaitable<client::answer> client::attempt(std::string symbol) {
  try {
    co_return co_await ask(std::move(symbol));
  } catch (const std::system_error& e) {
    co_return answer{e.code(), {}};
  }
}

asio::awaitable<client::answer> client::ask(std::string symbol) {
  tcp::socket socket{co_await asio::this_coro::executor};
  co_await socket.async_connect(server_, use_awaitable);
  const std::string request = "PRICE " + symbol + "\n";
  co_await asio::async_write(socket, asio::buffer(request), use_awaitable);
  std::string reply;
  auto buffer = asio::dynamic_buffer(reply, 256);
  const std::size_t size = co_await asio::async_read_until(socket, buffer, '\n', use_awaitable);
  reply.resize(size - 1);
  if (reply == "BUSY") co_return answer{errc::busy, {}};
  if (reply.starts_with("OK ")) co_return answer{{}, reply.substr(3)};
  if (reply.starts_with("ERR ")) co_return answer{errc::rejected, {}};
  co_return answer{errc::garbled, {}};
}

}  // namespace quotes
