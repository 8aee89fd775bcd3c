// Prices are good until midnight (UTC): a cache that asks its source once a day, at the first question.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/system_timer.hpp>

namespace shop {

class price_list {
 public:
  using source = std::function<asio::awaitable<int>(std::string article)>;

  price_list(const asio::any_io_executor& executor, source ask) : midnight_{executor}, ask_{std::move(ask)} {}

  // Today's. What the source throws comes through, and nothing is kept.
  asio::awaitable<int> price(std::string article);

  // Empties the cache each midnight, until it is cancelled. Without it prices would be kept for ever.
  asio::awaitable<void> run();

  std::size_t size() const { return known_.size(); }

 private:
  asio::system_timer midnight_;
  source ask_;
  std::map<std::string, int> known_;
};

// The next one after `now`.
std::chrono::system_clock::time_point next_midnight(std::chrono::system_clock::time_point now);

}  // namespace shop
