// An order is placed when the goods are in stock and the payment is accepted: both are asked at the same time.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/experimental/parallel_group.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#if __has_include(<asio/deferred.hpp>)
#include <asio/deferred.hpp>
#else  // before Asio 1.23 it is an experiment
#include <asio/experimental/deferred.hpp>
#endif

namespace shop {

#if __has_include(<asio/deferred.hpp>)
using asio::deferred;
#else
using asio::experimental::deferred;
#endif

struct stock {
  virtual ~stock() = default;
  virtual asio::awaitable<int> reserve(std::string article, int number) = 0;  // how many it was
  virtual asio::awaitable<void> release(std::string article, int number) = 0;
};
struct payments {
  virtual ~payments() = default;
  virtual asio::awaitable<std::string> charge(std::string customer, int cents) = 0;  // a receipt
};

struct placed {
  int number;
  std::string receipt;
};

// What is refused first cancels the other one, and is what the caller gets; the goods are released then.
inline asio::awaitable<placed> place_order(stock& goods, payments& money, std::string customer,
                                           std::string article, int cents) {
  const auto executor = co_await asio::this_coro::executor;
  auto reserving = asio::co_spawn(executor, goods.reserve(article, 1), deferred);
  auto charging = asio::co_spawn(executor, money.charge(customer, cents), deferred);
  auto both = asio::experimental::make_parallel_group(std::move(reserving), std::move(charging));
  auto [order, no_goods, number, no_money, receipt] =
      co_await both.async_wait(asio::experimental::wait_for_one_error(), asio::use_awaitable);
  if (!no_goods && !no_money) co_return placed{number, receipt};
  auto releasing = goods.release(article, 1);
  co_await std::move(releasing);
  const bool goods_first = no_goods && (order[0] == 0 || !no_money);
  std::rethrow_exception(goods_first ? no_goods : no_money);
}

}  // namespace shop
