#include "price_list.hpp"

#include <utility>

#include <asio/use_awaitable.hpp>

namespace shop {

std::chrono::system_clock::time_point next_midnight(std::chrono::system_clock::time_point now) {
  constexpr auto day = std::chrono::hours{24};
  auto today = now - now.time_since_epoch() % day;
  if (today > now) today -= day;  // before 1970
  return today + day;
}

asio::awaitable<int> price_list::price(std::string article) {
  if (const auto found = known_.find(article); found != known_.end()) co_return found->second;
  const auto valid_until = next_midnight(std::chrono::system_clock::now());
  const int price = co_await ask_(article);
  // An answer that took until tomorrow is yesterday's price.
  if (std::chrono::system_clock::now() < valid_until) known_.emplace(std::move(article), price);
  co_return price;
}

asio::awaitable<void> price_list::run() {
  for (;;) {
    midnight_.expires_at(next_midnight(std::chrono::system_clock::now()));
    co_await midnight_.async_wait(asio::use_awaitable);
    known_.clear();
  }
}

}  // namespace shop
