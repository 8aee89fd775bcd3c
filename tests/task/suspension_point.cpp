// The seam where a task begins to wait: who is told, and that a wait can be made to fail there.
#include <awaitest/awaitest.hpp>
#include <awaitest/task/suspension_point.hpp>

#include <asio.hpp>

#include <chrono>
#include <string>
#include <system_error>
#include <utility>

using namespace std::chrono_literals;
using namespace awaitest::match;
using awaitest::detail::pending;
using awaitest::detail::task_ref;

namespace {

/// Writes down the suspensions of the running task while it lives: "gate" begins, "." ends, "turn" is a wait for the turn.
class recorded final : public awaitest::detail::suspension_observer {
 public:
  recorded() { mine_->suspensions = this; }
  ~recorded() override { mine_->suspensions = nullptr; }

  std::error_code begins(task_ref who, const pending& wait) override {
    if (who.slot != task_) return {};
    add(wait.what);
    return std::exchange(error, {});
  }
  void waits_for_turn(task_ref who) override {
    if (who.slot == task_) add("turn");
  }
  void ends(task_ref who) override { told += who.slot == task_ ? "." : ""; }

  std::string told;
  std::error_code error;  ///< for the next wait

 private:
  void add(const char* what) {
    told += told.empty() ? "" : " ";
    told += what;
  }

  awaitest::detail::task* task_ = awaitest::detail::here.running;
  awaitest::detail::test_scope* mine_ = task_->scope;
};

const std::error_code reset = asio::error::connection_reset;

asio::awaitable<void> open_later(awaitest::gate& which) {
  which.open();
  co_return;
}

}  // namespace

TEST_SUITE("task: suspension point") {
  TEST_ASYNC("a wait for another task begins and ends") {
    awaitest::gate ready;
    recorded all;
    auto child = awaitest::spawn(open_later(ready));
    co_await ready.wait();
    CHECK(all.told == "gate.");
  }

  TEST_ASYNC("what is there already costs a turn") {
    awaitest::gate ready;
    ready.open();
    recorded all;
    co_await ready.wait();
    CHECK(all.told == "");
    co_await asio::post(asio::use_awaitable);
    CHECK(all.told == "turn");
  }

  TEST_ASYNC("sleeps and timers", virtual_time()) {
    recorded all;
    co_await awaitest::sleep_for(1s);
    CHECK(all.told == "sleep_for.");
    all.told.clear();
    asio::steady_timer own(co_await asio::this_coro::executor, 1s);
    co_await own.async_wait(asio::use_awaitable);
#ifdef ASIO_CUSTOM_HANDLER_TRACKING
    CHECK(all.told == "async_wait.");
#else
    CHECK(all.told == ".");  // that it begins can only be known with awaitest::tracking
#endif
  }

  TEST_ASYNC("mocks", virtual_time()) {
    awaitest::async_mock<int()> call("call");
    call.expect().returns(3).after(1s);
    awaitest::async_mock_op<void(std::error_code, int)> operation("operation");
    operation.expect().returns(4).after(1s);
    recorded all;
    CHECK(co_await call() == 3);
    CHECK_THAT(all.told, contains("the latency of call()"));
    all.told.clear();
    CHECK(co_await operation(asio::use_awaitable) == 4);
    CHECK_THAT(all.told, starts_with("operation()"));
  }

  TEST_ASYNC("an error that is delivered ends the wait before it has begun") {
    awaitest::gate never;
    recorded all;
    all.error = reset;
    CHECK_THROWS_AS(co_await never.wait(), std::system_error);
    CHECK(all.told == "gate turn");
    all.told.clear();
    never.open();
    co_await never.wait();
    CHECK(all.told == "");
  }

  TEST_ASYNC("a mocked operation completes with it") {
    awaitest::async_mock_op<void(std::error_code, int)> operation("operation");
    operation.expect().pends();
    recorded all;
    all.error = reset;
    CHECK_THROWS_AS(co_await operation(asio::use_awaitable), std::system_error);
    CHECK(operation.call_count() == 1u);
  }

  TEST_ASYNC("a mocked call throws it") {
    awaitest::async_mock<int()> call("call");
    call.expect().pends();
    recorded all;
    all.error = reset;
    CHECK_THROWS_AS(co_await call(), std::system_error);
  }

  TEST_ASYNC("what cannot fail takes no error", virtual_time()) {
    recorded all;
    all.error = reset;
    const auto start = std::chrono::steady_clock::now();
    co_await awaitest::sleep_for(1s);
    CHECK(std::chrono::steady_clock::now() - start == 1s);
  }

  TEST_ASYNC("the wait of a cancelled child ends") {
    awaitest::gate never;
    recorded all;
    auto child = awaitest::spawn(never.wait());
    co_await awaitest::settle();
    all.told.clear();
    child.cancel();
    CHECK_THROWS_AS(co_await child.join(), std::system_error);
    CHECK_THAT(all.told, contains("join"));
  }
}
