// A test that somebody else wakes is not stuck: another thread, the kernel, a signal, a process. Each many
// times over, because a verdict that is wrong once in a thousand runs is wrong.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>
#include <asio/experimental/concurrent_channel.hpp>

#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <future>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;
using asio::ip::tcp;
using asio::ip::udp;

namespace {

/// A thread that runs what it is given, and otherwise sleeps on a condition variable: asleep for ever, it
/// seems.
class hand {
 public:
  ~hand() {
    give(nullptr);
    thread_.join();
  }
  void give(std::function<void()> work) {
    const std::lock_guard lock{guard_};
    work_ = std::move(work);
    given_ = true;
    changed_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock{guard_};
    for (;;) {
      changed_.wait(lock, [this] { return given_; });
      given_ = false;
      const auto work = std::move(work_);
      if (!work) return;
      lock.unlock();
      work();
      lock.lock();
    }
  }
  std::mutex guard_;
  std::condition_variable changed_;
  std::function<void()> work_;
  bool given_ = false;
  std::thread thread_{[this] { run(); }};
};

hand& helper() {
  static hand one;
  return one;
}

/// An operation that whoever holds `handler` completes: nothing that the loop can know of.
template <class Start>
auto foreign_operation(Start start) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(int)>(
      [start](auto handler) mutable {
        start([handler = std::make_shared<decltype(handler)>(std::move(handler))](int value) {
          const auto on = asio::get_associated_executor(*handler);
          asio::post(on, [handler, value] { std::move (*handler)(value); });
        });
      },
      asio::use_awaitable);
}

}  // namespace

TEST_SUITE("never wrong") {
  TEST_ASYNC("a new thread completes the operation", repeat(1000)) {
    std::thread thread;
    auto operation = foreign_operation([&](auto done) { thread = std::thread([done] { done(1); }); });
    const int got = co_await std::move(operation);
    thread.join();
    CHECK(got == 1);
  }

  TEST_ASYNC("a sleeping thread completes it", repeat(1000)) {
    auto operation = foreign_operation([](auto done) { helper().give([done] { done(2); }); });
    const int got = co_await std::move(operation);
    CHECK(got == 2);
  }

  TEST_ASYNC("from thread to thread to thread", repeat(1000)) {
    static hand second, third;
    auto operation = foreign_operation([](auto done) {
      helper().give([done] { second.give([done] { third.give([done] { done(3); }); }); });
    });
    const int got = co_await std::move(operation);
    CHECK(got == 3);
  }

  TEST_ASYNC("a thread that is slow about it", repeat(1000)) {
    std::thread thread;
    auto operation = foreign_operation([&](auto done) {
      thread = std::thread([done] {
        std::mutex guard;
        std::condition_variable never;
        std::unique_lock lock{guard};
        never.wait_for(lock, 3ms);  // what takes the time is the matter here, not an order
        done(4);
      });
    });
    const int got = co_await std::move(operation);
    thread.join();
    CHECK(got == 4);
  }

  TEST_ASYNC("a thread pool, there and back") {
    asio::thread_pool pool(2);
    int rounds = 0;
    for (; rounds < 1000; ++rounds) {
      const auto there = co_await asio::co_spawn(
          pool, []() -> asio::awaitable<std::thread::id> { co_return std::this_thread::get_id(); },
          asio::use_awaitable);
      REQUIRE(there != std::this_thread::get_id());
    }
    CHECK(rounds == 1000);
  }

  TEST_ASYNC("timers on a thread pool", repeat(1000)) {
    static asio::thread_pool pool(2);
    co_await asio::co_spawn(
        pool,
        []() -> asio::awaitable<void> {
          asio::steady_timer timer(co_await asio::this_coro::executor, 200us);
          co_await timer.async_wait(asio::use_awaitable);
        },
        asio::use_awaitable);
    CHECK(true);
  }

  TEST_ASYNC("a promise that a thread sets, watched by another", repeat(1000)) {
    std::promise<int> promise;
    std::thread setter, watcher;
    auto operation = foreign_operation([&](auto done) {
      watcher = std::thread([done, &promise] { done(promise.get_future().get()); });
      setter = std::thread([&promise] { promise.set_value(6); });
    });
    const int got = co_await std::move(operation);
    setter.join();
    watcher.join();
    CHECK(got == 6);
  }

  TEST_ASYNC("a gate that a thread opens", repeat(1000)) {
    awaitest::gate gate;
    std::promise<void> left;
    helper().give([&] {
      gate.open();
      left.set_value();
    });
    co_await gate.wait();
    left.get_future().wait();
    CHECK(gate.is_open());
  }

  TEST_ASYNC("a timer that stands for a condition, which a thread signals", repeat(1000)) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer changed(executor, std::chrono::steady_clock::time_point::max());
    std::promise<void> left;
    helper().give([&] {
      asio::post(executor, [&] { changed.cancel(); });
      left.set_value();
    });
    CHECK_ERROR(co_await changed.async_wait(asio::use_awaitable), asio::error::operation_aborted);
    left.get_future().wait();
  }

  TEST_ASYNC("a concurrent channel that a thread sends into", repeat(1000)) {
    asio::experimental::concurrent_channel<void(asio::error_code, int)> channel(
        co_await asio::this_coro::executor, 1);
    std::promise<void> left;
    helper().give([&] {
      channel.try_send(asio::error_code{}, 7);
      left.set_value();
    });
    const int got = co_await channel.async_receive(asio::use_awaitable);
    left.get_future().wait();
    CHECK(got == 7);
  }

  TEST_ASYNC("another io_context on another thread", repeat(1000)) {
    asio::io_context own;
    auto guard = asio::make_work_guard(own);
    std::thread thread([&] { own.run(); });
    co_await asio::co_spawn(own, []() -> asio::awaitable<void> { co_return; }, asio::use_awaitable);
    guard.reset();
    thread.join();
    CHECK(own.stopped());
  }

  TEST_ASYNC("a timer", repeat(1000)) {
    asio::steady_timer timer(co_await asio::this_coro::executor, 20us);
    co_await timer.async_wait(asio::use_awaitable);
    CHECK(timer.expiry() <= std::chrono::steady_clock::now());
  }

  TEST_ASYNC("a signal raised here", repeat(1000)) {
    asio::signal_set signals(co_await asio::this_coro::executor, SIGUSR1);
    std::raise(SIGUSR1);
    CHECK(co_await signals.async_wait(asio::use_awaitable) == SIGUSR1);
  }

  TEST_ASYNC("a signal from a thread", repeat(1000)) {
    asio::signal_set signals(co_await asio::this_coro::executor, SIGUSR2);
    helper().give([] { ::kill(::getpid(), SIGUSR2); });
    CHECK(co_await signals.async_wait(asio::use_awaitable) == SIGUSR2);
  }

  TEST_ASYNC("the end of a child process", repeat(1000)) {
    asio::signal_set ended(co_await asio::this_coro::executor, SIGCHLD);
    const char* const arguments[] = {"true", nullptr};
    pid_t child = 0;
    REQUIRE(::posix_spawnp(&child, "true", nullptr, nullptr, const_cast<char* const*>(arguments), environ) ==
            0);
    co_await ended.async_wait(asio::use_awaitable);
    int status = -1;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }

  TEST_ASYNC("the kernel: an eventfd", repeat(1000)) {
    const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    asio::posix::stream_descriptor event(co_await asio::this_coro::executor, fd);
    helper().give([fd] { ::eventfd_write(fd, 5); });
    std::uint64_t count = 0;
    co_await asio::async_read(event, asio::buffer(&count, sizeof count), asio::use_awaitable);
    CHECK(count == 5u);
  }

  TEST_ASYNC("the kernel: tcp on loopback") {
    tcp::acceptor acceptor(co_await asio::this_coro::executor, {asio::ip::address_v4::loopback(), 0});
    for (int i = 0; i < 1000; ++i) {
      tcp::socket client(acceptor.get_executor());
      const auto connecting =
          awaitest::spawn(client.async_connect(acceptor.local_endpoint(), asio::use_awaitable));
      auto server = co_await acceptor.async_accept(asio::use_awaitable);
      co_await connecting.join();
      co_await asio::async_write(server, asio::buffer(&i, sizeof i), asio::use_awaitable);
      int got = -1;
      co_await asio::async_read(client, asio::buffer(&got, sizeof got), asio::use_awaitable);
      REQUIRE(got == i);
    }
  }

  TEST_ASYNC("a blocking client on another thread", repeat(1000)) {
    tcp::acceptor acceptor(co_await asio::this_coro::executor, {asio::ip::address_v4::loopback(), 0});
    std::thread client([where = acceptor.local_endpoint()] {
      asio::io_context own;
      tcp::socket socket(own);
      socket.connect(where);
      asio::write(socket, asio::buffer("x", 1));
    });
    auto server = co_await acceptor.async_accept(asio::use_awaitable);
    char got = 0;
    co_await asio::async_read(server, asio::buffer(&got, 1), asio::use_awaitable);
    client.join();
    CHECK(got == 'x');
  }

  TEST_ASYNC("the resolver", repeat(1000)) {
    tcp::resolver resolver(co_await asio::this_coro::executor);
    const auto found = co_await resolver.async_resolve("127.0.0.1", "1", asio::use_awaitable);
    CHECK_FALSE(found.empty());
  }
}
