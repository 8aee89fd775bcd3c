// Code that insists on an io_context, brings its own, or runs on a thread pool.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <future>
#include <thread>

using namespace std::chrono_literals;
using asio::ip::tcp;

namespace {

/// As much of the world's Asio code is written: it wants the context, not an executor.
class old_service {
 public:
  explicit old_service(asio::io_context& context) : context_{context}, timer_{context}, acceptor_{context} {
    const tcp::endpoint any{asio::ip::address_v4::loopback(), 0};
    acceptor_.open(any.protocol());
    acceptor_.bind(any);
    acceptor_.listen();
  }
  void accept(std::function<void()> then) {
    acceptor_.async_accept([then](std::error_code error, tcp::socket) {
      if (!error) then();
    });
  }
  void later(std::function<void()> then) {
    timer_.expires_after(1ms);
    timer_.async_wait([then](std::error_code) { then(); });
  }
  void soon(std::function<void()> then) { asio::post(context_, then); }
  tcp::endpoint where() const { return acceptor_.local_endpoint(); }

 private:
  asio::io_context& context_;
  asio::steady_timer timer_;
  tcp::acceptor acceptor_;
};

}  // namespace

TEST_SUITE("loop: contexts") {
  TEST_ASYNC("a service on the loop's io_context") {
    old_service service(awaitest::this_test::io_context());
    std::string order;
    awaitest::gate all;
    service.accept([&] {
      CHECK(awaitest::this_test::name() == "loop: contexts/a service on the loop's io_context");
      order += 'a';
      all.open();
    });
    service.later([&] { order += 'l'; });
    service.soon([&] { order += 's'; });
    co_await awaitest::settle();
    CHECK_THAT(order, awaitest::match::starts_with("s"));
    CHECK_EVENTUALLY(order == "sl", 5s);
    tcp::socket client(co_await asio::this_coro::executor);
    co_await client.async_connect(service.where(), asio::use_awaitable);
    co_await all.wait();
    CHECK(order == "sla");
  }

  TEST("handlers on the io_context's own executor belong to a plain test") {
    auto& context = awaitest::this_test::io_context();
    asio::post(context, [] { CHECK(awaitest::this_test::name().ends_with("to a plain test")); });
    asio::co_spawn(
        context,
        []() -> asio::awaitable<void> {
          asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
          co_await timer.async_wait(asio::use_awaitable);
          CHECK(awaitest::this_test::name().ends_with("to a plain test"));
        },
        asio::detached);
  }

  TEST_ASYNC("a co_spawn on the io_context is awaited from the test") {
    const int got = co_await asio::co_spawn(
        awaitest::this_test::io_context(),
        []() -> asio::awaitable<int> {
          asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
          co_await timer.async_wait(asio::use_awaitable);
          co_return 5;
        },
        asio::use_awaitable);
    CHECK(got == 5);
  }

  TEST_ASYNC("stop() by the code under test does not end the run") {
    asio::post(awaitest::this_test::io_context(), [] { awaitest::this_test::io_context().stop(); });
    co_await awaitest::sleep_for(2ms);
    awaitest::this_test::io_context().stop();
    co_await awaitest::sleep_for(2ms);
    CHECK(true);
  }

  TEST("an io_context of the test's own, run in place") {
    asio::io_context own;
    int sum = 0;
    asio::co_spawn(
        own,
        [&]() -> asio::awaitable<void> {
          for (int i = 1; i <= 3; ++i) {
            asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
            co_await timer.async_wait(asio::use_awaitable);
            sum += i;
            CHECK(awaitest::this_test::name().ends_with("run in place"));
          }
        },
        [](std::exception_ptr error) { CHECK(error == nullptr); });
    CHECK(own.run() > 0u);
    CHECK(sum == 6);
  }

  TEST("an io_context on another thread, with use_future") {
    asio::io_context own;
    auto guard = asio::make_work_guard(own);
    std::thread thread([&] { own.run(); });
    auto future = asio::co_spawn(
        own,
        []() -> asio::awaitable<std::string> {
          asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
          co_await timer.async_wait(asio::use_awaitable);
          co_return "from there";
        },
        asio::use_future);
    CHECK(future.get() == "from there");
    guard.reset();
    thread.join();
  }

  TEST("use_future of the test's coroutine, from another thread") {
    // The thread blocks in get(); the test's loop runs the coroutine, once the plain body has returned.
    const auto answered = std::make_shared<awaitest::gate>();
    const auto thread = std::make_shared<std::thread>(
        [on = awaitest::this_test::executor(), test = awaitest::context::capture(), answered] {
          auto answer = asio::co_spawn(
              on,
              []() -> asio::awaitable<int> {
                co_await awaitest::sleep_for(1ms);
                co_return 9;
              },
              asio::use_future);
          const auto in = test.enter();
          CHECK(answer.get() == 9);
          answered->open();
        });
    awaitest::spawn([answered, thread]() -> asio::awaitable<void> {
      co_await answered->wait();
      thread->join();
    });
  }

  TEST_ASYNC("a thread pool: there and back") {
    asio::thread_pool pool(2);
    const auto home = co_await asio::this_coro::executor;
    const auto here = std::this_thread::get_id();
    const auto there = co_await asio::co_spawn(
        pool, []() -> asio::awaitable<std::thread::id> { co_return std::this_thread::get_id(); },
        asio::use_awaitable);
    CHECK(there != here);
    CHECK(std::this_thread::get_id() == here);
    co_await asio::post(pool, asio::bind_executor(home, asio::use_awaitable));
    CHECK(std::this_thread::get_id() == here);
  }

  TEST_ASYNC("a strand on a thread pool serialises, and the test waits for it") {
    asio::thread_pool pool(2);
    auto strand = asio::make_strand(pool);
    int inside = 0, most = 0, count = 0;
    const auto home = co_await asio::this_coro::executor;
    for (int i = 0; i < 200; ++i)
      asio::post(strand, [&] {
        most = std::max(most, ++inside);
        ++count;
        --inside;
      });
    co_await asio::co_spawn(strand, []() -> asio::awaitable<void> { co_return; }, asio::use_awaitable);
    CHECK(most == 1);
    CHECK(count == 200);
  }
}
