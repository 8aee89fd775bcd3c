// Two mocked dependencies, answered by the test in the order that it wants to see.
#include <awaitest/awaitest.hpp>

#include "orders.hpp"

using namespace awaitest::match;

namespace {

struct mock_stock : shop::stock {
  MOCK_ASYNC(int, reserve, (std::string article, int number), (override));
  MOCK_ASYNC(void, release, (std::string article, int number), (override));
};
struct mock_payments : shop::payments {
  MOCK_ASYNC(std::string, charge, (std::string customer, int cents), (override));
};

}  // namespace

TEST_SUITE("orders") {
  TEST_ASYNC("both are asked at once, and may answer in the reversed order") {
    mock_stock stock;
    mock_payments payments;
    auto order = awaitest::spawn(shop::place_order(stock, payments, "ada", "lamp", 1999));
    auto reserve = co_await stock.on_reserve.next_call();
    auto charge = co_await payments.on_charge.next_call();
    CHECK(reserve.arg<0>() == "lamp");
    CHECK(charge.arg<1>() == 1999);

    charge.reply("receipt 7");
    co_await awaitest::settle();
    CHECK_FALSE(order.done());  // not without the goods
    reserve.reply(1);
    const auto placed = co_await order.join();
    CHECK(placed.number == 1);
    CHECK(placed.receipt == "receipt 7");
  }

  TEST_ASYNC("a refused payment releases the goods, and the reservation under way is cancelled") {
    mock_stock stock;
    mock_payments payments;
    stock.on_reserve.expect("lamp", 1).pends().must_be_cancelled();
    payments.on_charge.expect("eve", ge(0)).fails(asio::error::access_denied);
    stock.on_release.expect("lamp", 1).completes();
    CHECK_ERROR(co_await shop::place_order(stock, payments, "eve", "lamp", 1999), asio::error::access_denied);
  }
}
