// Compiled twice, each time with a HELD of its own, for two files whose tests and types have the same names and are not the same.
// Linked with -flto, nothing is to be said about it.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <string>
#include <system_error>

using namespace std::chrono_literals;

namespace {
struct value {
  HELD held{};
};
struct fixture {
  value held;
  asio::awaitable<void> set_up() {
    held = {};
    co_return;
  }
};
struct service {
  MOCK_ASYNC(value, ask, (value));
  MOCK_ASYNC(value&, refer, (int));
};
asio::awaitable<value> make() { co_return value{}; }
}  // namespace

TEST("plain") {
  auto work = []() -> asio::awaitable<value> { co_return value{}; };
  CHECK(sizeof(work) != 0);
}
TEST_ASYNC("children", timeout(1min)) {
  [[maybe_unused]] HELD local{};
  auto child = awaitest::spawn(make());
  auto other = awaitest::spawn([]() -> asio::awaitable<value> { co_return co_await make(); });
  static_cast<void>(co_await child.join());
  static_cast<void>(co_await other.join());
  static_cast<void>(co_await awaitest::with_timeout(1min, make()));
  static_cast<void>(co_await awaitest::with_timeout(1min, [] { return make(); }));
  CHECK(true);
}
TEST_ASYNC_F("a fixture", (fixture & given)) {
  auto& same = co_await awaitest::use<fixture>();
  CHECK(&same == &given);
  CHECK_EVENTUALLY(true, 1s);
}
TEST_ASYNC_P("cases", (int n), cases{{1}, {2}}) {
  [[maybe_unused]] HELD local{};
  CHECK(n > 0);
  co_return;
}
TEST_ASYNC_T("types", (T), types<int, value>) {
  T some{};
  co_await awaitest::settle();
  static_cast<void>(some);
  CHECK(true);
}
TEST_SUITE("a suite") {
  TEST_ASYNC("mocks") {
    [[maybe_unused]] HELD local{};
    service mock;
    value held;
    mock.on_ask.allow(awaitest::match::_).returns(value{}).after(1ms);
    mock.on_ask.allow(awaitest::match::_).invokes([](value v) -> asio::awaitable<value> { co_return v; });
    mock.on_refer.allow(1).returns(held);
    static_cast<void>(co_await mock.ask(value{}));
    static_cast<void>(co_await mock.refer(1));
    awaitest::async_mock_op<void(std::error_code, value), value> op;
    op.allow(awaitest::match::_).invokes([](value v) -> asio::awaitable<value> { co_return v; });
    static_cast<void>(co_await op(value{}, asio::use_awaitable));
    auto waits = [&]() -> asio::awaitable<void> { static_cast<void>(co_await mock.ask(value{})); };
    auto job = awaitest::spawn(waits);
    static_cast<void>(co_await mock.on_ask.next_call());
    co_await job.join();
    CHECK(true);
  }
}
