#include "token_bucket.hpp"

#include <algorithm>
#include <stdexcept>
#include <system_error>

#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

namespace limits {

token_bucket::token_bucket(std::int64_t rate, std::int64_t burst) : rate_{rate}, burst_{burst} {
  if (rate < 1 || burst < 1) throw std::invalid_argument("a bucket needs a rate and a burst of at least 1");
  empty_at_ = clock::now() - time_for(burst);
}

token_bucket::clock::duration token_bucket::time_for(std::int64_t tokens) const {
  return std::chrono::nanoseconds{(tokens * 1'000'000'000 + rate_ - 1) / rate_};  // never a moment too early
}

token_bucket::clock::time_point token_bucket::empty_after(std::int64_t tokens) const {
  const auto full = clock::now() - time_for(burst_);  // it holds no more than that
  return std::max(empty_at_, full) + time_for(tokens);
}

std::int64_t token_bucket::available() const {
  const std::chrono::nanoseconds filling = clock::now() - empty_after(0);
  return filling.count() * rate_ / 1'000'000'000;
}

bool token_bucket::try_take(std::int64_t tokens) {
  const auto after = empty_after(tokens);
  if (after > clock::now()) return false;
  empty_at_ = after;
  return true;
}

asio::awaitable<void> token_bucket::take(std::int64_t tokens) {
  if (tokens > burst_) throw std::invalid_argument("more tokens than the bucket ever holds");
  empty_at_ = empty_after(tokens);
  if (empty_at_ <= clock::now()) co_return;
  asio::steady_timer enough{co_await asio::this_coro::executor, empty_at_};
  std::error_code error;
  co_await enough.async_wait(asio::redirect_error(asio::use_awaitable, error));
  if (!error) co_return;
  empty_at_ -= time_for(tokens);
  throw std::system_error(error);
}

}  // namespace limits
