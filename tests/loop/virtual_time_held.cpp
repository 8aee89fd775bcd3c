// Work on other threads, real I/O, name resolution and processes hold virtual time still. Each many times over: time that runs
// away once in a thousand runs is wrong.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>
#include <asio/experimental/concurrent_channel.hpp>

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <thread>

#include "connected.hpp"

using namespace std::chrono_literals;
using namespace awaitest::match;
using asio::ip::tcp;
using std::chrono::steady_clock;

namespace {

constexpr auto an_instant = 1ns;  // in which no work of another thread would be done if time moved meanwhile

asio::awaitable<void> pause(std::chrono::nanoseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

/// Work for other threads, from nothing at all up to a while.
void work(std::uint64_t amount) {
  std::atomic<std::uint64_t> sum{0};
  for (std::uint64_t i = 0; i < amount % 20'000; ++i) sum.fetch_add(i, std::memory_order_relaxed);
}

/// An operation that whoever holds `handler` completes: nothing that the loop can know of.
template <class Start>
asio::awaitable<int> foreign_operation(Start start) {
  auto operation = asio::async_initiate<const asio::use_awaitable_t<>, void(int)>(
      [start](auto handler) mutable {
        start([handler = std::make_shared<decltype(handler)>(std::move(handler))](int value) {
          const auto on = asio::get_associated_executor(*handler);
          asio::post(on, [handler, value] { std::move (*handler)(value); });
        });
      },
      asio::use_awaitable);
  co_return co_await std::move(operation);
}

/// A thread that is no test's: it is made before main.
class early_thread {
 public:
  early_thread()
      : thread_{[this] {
          std::unique_lock lock{guard_};
          for (;;) {
            changed_.wait(lock, [&] { return over_ || job_; });
            if (over_) return;
            const auto job = std::exchange(job_, nullptr);
            lock.unlock();
            job();
            lock.lock();
          }
        }} {}
  early_thread(const early_thread&) = delete;
  early_thread& operator=(const early_thread&) = delete;
  ~early_thread() {
    {
      const std::lock_guard lock{guard_};
      over_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  void run(std::function<void()> job) {
    const std::lock_guard lock{guard_};
    job_ = std::move(job);
    changed_.notify_one();
  }

 private:
  std::mutex guard_;
  std::condition_variable changed_;
  std::function<void()> job_;
  bool over_ = false;
  std::thread thread_;
} early;

/// A server as people write them: it closes a connection on which nothing came for a while.
asio::awaitable<int> echo_until_idle(tcp::socket socket, std::chrono::nanoseconds limit) {
  asio::steady_timer timer(socket.get_executor());
  int lines = 0;
  char buffer[64];
  for (;; ++lines) {
    timer.expires_after(limit);
    timer.async_wait([&](std::error_code error) {
      if (!error) socket.cancel();
    });
    asio::error_code error;
    const auto n = co_await socket.async_read_some(asio::buffer(buffer),
                                                   asio::redirect_error(asio::use_awaitable, error));
    timer.cancel();
    if (error) co_return lines;
    co_await asio::async_write(socket, asio::buffer(buffer, n), asio::use_awaitable);
  }
}

}  // namespace

TEST_SUITE("virtual time, held", virtual_time()) {
  TEST_ASYNC("a job on a pool", repeat(1000)) {
    static asio::thread_pool pool(2);
    const auto begun = steady_clock::now();
    const auto job = [](std::uint64_t amount) -> asio::awaitable<int> {
      work(amount);
      co_return 7;
    };
    auto there = asio::co_spawn(pool, job(awaitest::this_test::random()), asio::use_awaitable);
    const int got = co_await awaitest::with_timeout(an_instant, std::move(there));
    CHECK(got == 7);
    CHECK(steady_clock::now() == begun);
  }

  TEST_ASYNC("jobs one after the other, while time goes on between them") {
    asio::thread_pool pool(1);
    const auto begun = steady_clock::now();
    for (int i = 0; i < 1000; ++i) {
      co_await pause(1s);
      auto there = asio::post(asio::bind_executor(pool, asio::use_awaitable));
      co_await awaitest::with_timeout(an_instant, std::move(there));
      REQUIRE(steady_clock::now() - begun == (i + 1) * 1s);
    }
    CHECK(true);
  }

  TEST_ASYNC("a new thread resumes the test", repeat(1000)) {
    std::thread thread;
    const auto amount = awaitest::this_test::random()();
    auto operation = foreign_operation([&, amount](auto done) {
      thread = std::thread([done, amount] {
        work(amount);
        done(1);
      });
    });
    const int got = co_await awaitest::with_timeout(an_instant, std::move(operation));
    thread.join();
    CHECK(got == 1);
  }

  TEST_ASYNC("a promise that a thread sets, watched by another", repeat(1000)) {
    std::promise<int> promise;
    std::thread setter, watcher;
    auto operation = foreign_operation([&](auto done) {
      watcher = std::thread([done, &promise] { done(promise.get_future().get()); });
      setter = std::thread([&promise] { promise.set_value(6); });
    });
    const int got = co_await awaitest::with_timeout(an_instant, std::move(operation));
    setter.join();
    watcher.join();
    CHECK(got == 6);
  }

  TEST_ASYNC("a thread that waits for a future of the test's holds nothing", repeat(1000)) {
    std::promise<int> promise;
    int got = 0;
    std::thread waiting([&, future = promise.get_future()]() mutable { got = future.get(); });
    const auto begun = steady_clock::now();
    co_await pause(1h);
    CHECK(steady_clock::now() - begun == 1h);
    promise.set_value(3);
    waiting.join();
    CHECK(got == 3);
  }

  TEST_ASYNC("from thread to thread to thread", repeat(1000)) {
    // Destroyed in the reverse order: none while another may still wake it.
    static asio::thread_pool third(1), second(1), first(1);
    auto operation = foreign_operation([](auto done) {
      asio::post(first, [done] { asio::post(second, [done] { asio::post(third, [done] { done(3); }); }); });
    });
    const int got = co_await awaitest::with_timeout(an_instant, std::move(operation));
    CHECK(got == 3);
  }

  TEST_ASYNC("a thread that sleeps, in the test's time", repeat(100)) {
    std::thread thread;
    const auto begun = steady_clock::now();
    auto operation = foreign_operation([&](auto done) {
      thread = std::thread([done, in_test = awaitest::context::capture()] {
        const auto in = in_test.enter();
        const auto there = steady_clock::now();
        std::this_thread::sleep_for(10ms);  // of virtual time
        CHECK(steady_clock::now() - there == 10ms);
        done(4);
      });
    });
    const int got = co_await awaitest::with_timeout(11ms, std::move(operation));
    thread.join();
    CHECK(got == 4);
    CHECK(steady_clock::now() - begun == 10ms);
  }

  TEST_ASYNC("a thread that was there before has the machine's clocks, and is waited for in real time") {
    auto operation = foreign_operation([in_test = awaitest::context::capture()](auto done) {
      early.run([done, in_test] {
        const auto in = in_test.enter();
        CHECK(std::chrono::system_clock::now().time_since_epoch() > 24h * 365 * 40);
        CHECK(steady_clock::now().time_since_epoch() < 24h * 365 * 20);
        std::this_thread::sleep_for(10ms);  // its time is the machine's: what it takes is the matter here
        done(4);
      });
    });
    const auto begun = steady_clock::now();
    CHECK(co_await awaitest::with_timeout(an_instant, std::move(operation)) == 4);
    CHECK(steady_clock::now() == begun);
  }

  TEST_ASYNC("a gate that a thread opens", repeat(1000)) {
    static asio::thread_pool pool(1);
    awaitest::gate gate;
    std::promise<void> left;
    asio::post(pool, [&] {
      gate.open();
      left.set_value();
    });
    co_await awaitest::with_timeout(an_instant, gate.wait());
    left.get_future().wait();
    CHECK(gate.is_open());
  }

  TEST_ASYNC("a concurrent channel that a thread sends into", repeat(1000)) {
    static asio::thread_pool pool(1);
    asio::experimental::concurrent_channel<void(asio::error_code, int)> channel(
        co_await asio::this_coro::executor, 1);
    asio::post(pool, [&] { channel.try_send(asio::error_code{}, 5); });
    auto receive = channel.async_receive(asio::use_awaitable);
    const int got = co_await awaitest::with_timeout(an_instant, std::move(receive));
    CHECK(got == 5);
  }

  TEST_ASYNC("timers of a pool, and time that goes on once they are over", repeat(1000)) {
    static asio::thread_pool pool(2);
    const auto begun = steady_clock::now();
    const auto job = []() -> asio::awaitable<void> {
      asio::steady_timer timer(co_await asio::this_coro::executor, 200us);
      co_await timer.async_wait(asio::use_awaitable);
    };
    auto there = asio::co_spawn(pool, job(), asio::use_awaitable);
    co_await awaitest::with_timeout(201us, std::move(there));
    CHECK(steady_clock::now() - begun == 200us);
    co_await pause(1h);  // one of the pool's threads waits for its reactor
    CHECK(steady_clock::now() - begun == 1h + 200us);
  }

  TEST_ASYNC("an io_context that another thread runs") {
    asio::io_context other;
    std::thread thread([&, guard = asio::make_work_guard(other)] { other.run(); });
    const auto begun = steady_clock::now();
    for (int i = 0; i < 1000; ++i) {
      auto there = asio::co_spawn(
          other,
          [](std::uint64_t amount) -> asio::awaitable<void> {
            work(amount);
            asio::steady_timer timer(co_await asio::this_coro::executor, 10us);
            co_await timer.async_wait(asio::use_awaitable);
          }(awaitest::this_test::random()),
          asio::use_awaitable);
      co_await awaitest::with_timeout(11us, std::move(there));
      co_await pause(1s);
    }
    CHECK(steady_clock::now() - begun == 1000 * (1s + 10us));
    other.stop();
    thread.join();
  }

  TEST_ASYNC("a server on a thread of its own") {
    asio::io_context other;
    tcp::acceptor acceptor(other, {asio::ip::address_v4::loopback(), 0});
    asio::co_spawn(
        other,
        [&]() -> asio::awaitable<void> {
          for (;;) {
            auto socket = co_await acceptor.async_accept(asio::use_awaitable);
            char buffer[4];
            co_await asio::async_read(socket, asio::buffer(buffer), asio::use_awaitable);
            work(std::hash<std::thread::id>{}(std::this_thread::get_id()));
            co_await asio::async_write(socket, asio::buffer(buffer), asio::use_awaitable);
          }
        },
        asio::detached);
    std::thread thread([&] { other.run(); });
    const struct at_end {
      asio::io_context& server;
      std::thread& runs;
      ~at_end() {
        server.stop();
        runs.join();
      }
    } end{other, thread};
    const auto begun = steady_clock::now();
    for (int i = 0; i < 1000; ++i) {
      const auto ask = [&]() -> asio::awaitable<std::string> {
        tcp::socket socket(co_await asio::this_coro::executor);
        co_await socket.async_connect(acceptor.local_endpoint(), asio::use_awaitable);
        co_await asio::async_write(socket, asio::buffer("ping", 4), asio::use_awaitable);
        std::string answer(4, ' ');
        co_await asio::async_read(socket, asio::buffer(answer), asio::use_awaitable);
        co_return answer;
      };
      REQUIRE(co_await awaitest::with_timeout(an_instant, ask) == "ping");
      co_await pause(1s);
    }
    CHECK(steady_clock::now() - begun == 1000s);
  }

  TEST_ASYNC("a blocking server on a thread of its own") {
    asio::io_context unused;
    tcp::acceptor acceptor(unused, {asio::ip::address_v4::loopback(), 0});
    std::thread thread([&] {
      for (int i = 0; i < 1000; ++i) {
        auto socket = acceptor.accept();
        char byte = 0;
        asio::read(socket, asio::buffer(&byte, 1));
        asio::write(socket, asio::buffer(&byte, 1));
      }
    });
    const auto begun = steady_clock::now();
    for (int i = 0; i < 1000; ++i) {
      tcp::socket socket(co_await asio::this_coro::executor);
      co_await socket.async_connect(acceptor.local_endpoint(), asio::use_awaitable);
      co_await pause(1s);
      char byte = 'a';
      co_await asio::async_write(socket, asio::buffer(&byte, 1), asio::use_awaitable);
      auto read = asio::async_read(socket, asio::buffer(&byte, 1), asio::use_awaitable);
      co_await awaitest::with_timeout(an_instant, std::move(read));
    }
    thread.join();
    CHECK(steady_clock::now() - begun == 1000s);
  }

  TEST_ASYNC("name resolution", repeat(1000)) {
    tcp::resolver resolver(co_await asio::this_coro::executor);
    const auto begun = steady_clock::now();
    auto resolve = resolver.async_resolve("127.0.0.1", "80", asio::use_awaitable);
    const auto found = co_await awaitest::with_timeout(an_instant, std::move(resolve));
    CHECK(found.size() == 1u);
    CHECK(steady_clock::now() == begun);
    co_await pause(1h);  // the resolver's thread sleeps
    CHECK(steady_clock::now() - begun == 1h);
  }

  TEST_ASYNC("what has been written arrives before time moves", repeat(1000)) {
    auto [client, server] = co_await connected();
    const auto begun = steady_clock::now();
    char got = 0;
    auto read = server.async_read_some(asio::buffer(&got, 1), asio::use_awaitable);
    co_await asio::async_write(client, asio::buffer("x", 1), asio::use_awaitable);
    co_await awaitest::with_timeout(an_instant, std::move(read));
    CHECK(got == 'x');
    client.close();
    auto end = server.async_read_some(asio::buffer(&got, 1), asio::use_awaitable);
    CHECK_ERROR(co_await awaitest::with_timeout(an_instant, std::move(end)), asio::error::eof);
    CHECK(steady_clock::now() == begun);
  }

  TEST_ASYNC("idle timeouts of real connections") {
    auto [client, socket] = co_await connected();
    const auto begun = steady_clock::now();
    auto server = awaitest::spawn(echo_until_idle(std::move(socket), 30s));
    char buffer[4];
    for (int i = 0; i < 4; ++i) {
      co_await pause(25s);
      co_await asio::async_write(client, asio::buffer("ping", 4), asio::use_awaitable);
      co_await asio::async_read(client, asio::buffer(buffer), asio::use_awaitable);
      CHECK(std::string(buffer, 4) == "ping");
    }
    CHECK(co_await server.join() == 4);
    CHECK(steady_clock::now() - begun == 130s);
  }

  TEST_ASYNC("many connections, each with its timeout") {
    std::vector<tcp::socket> clients;
    std::vector<awaitest::task<int>> servers;
    for (int i = 0; i < 50; ++i) {
      auto [client, socket] = co_await connected();
      clients.push_back(std::move(client));
      servers.push_back(awaitest::spawn(echo_until_idle(std::move(socket), (i + 1) * 1min)));
    }
    const auto begun = steady_clock::now();
    for (int i = 0; i < 50; ++i) {
      CHECK(co_await servers[static_cast<std::size_t>(i)].join() == 0);
      CHECK(steady_clock::now() - begun == (i + 1) * 1min);
    }
  }

  TEST_ASYNC("an eventfd that a thread writes to", repeat(1000)) {
    static asio::thread_pool pool(1);
    asio::posix::stream_descriptor events(co_await asio::this_coro::executor, ::eventfd(0, EFD_NONBLOCK));
    asio::post(pool, [fd = events.native_handle(), amount = awaitest::this_test::random()()] {
      work(amount);
      const std::uint64_t one = 1;
      if (::write(fd, &one, sizeof one) != sizeof one) std::abort();
    });
    std::uint64_t got = 0;
    auto read = asio::async_read(events, asio::buffer(&got, sizeof got), asio::use_awaitable);
    co_await awaitest::with_timeout(an_instant, std::move(read));
    CHECK(got == 1u);
  }

  TEST_ASYNC("a signal", repeat(1000)) {
    asio::signal_set signals(co_await asio::this_coro::executor, SIGUSR2);
    auto wait = signals.async_wait(asio::use_awaitable);
    ::raise(SIGUSR2);
    CHECK(co_await awaitest::with_timeout(an_instant, std::move(wait)) == SIGUSR2);
  }

  TEST_ASYNC("a wait for a condition on the loop's thread lasts as long as the other thread needs",
             repeat(1000)) {
    static asio::thread_pool pool(1);
    std::mutex guard;
    std::condition_variable changed;
    bool ready = false;
    asio::post(pool, [&, amount = awaitest::this_test::random()()] {
      work(amount);
      const std::lock_guard lock{guard};
      ready = true;
      changed.notify_one();
    });
    const auto begun = steady_clock::now();
    {
      std::unique_lock lock{guard};
      CHECK(changed.wait_for(lock, 1h, [&] { return ready; }));
      ready = false;
    }
    CHECK(steady_clock::now() == begun);
    asio::post(pool, [&] {
      const std::lock_guard lock{guard};
      ready = true;
      changed.notify_one();
    });
    {
      std::unique_lock lock{guard};
      CHECK(changed.wait_until(lock, std::chrono::system_clock::now() + 1h, [&] { return ready; }));
    }
    CHECK(steady_clock::now() == begun);
    co_return;
  }

  TEST_ASYNC("one that runs out takes its time, by both clocks") {
    std::mutex guard;
    std::condition_variable never;
    std::unique_lock lock{guard};
    const auto begun = steady_clock::now();
    CHECK(never.wait_for(lock, 3ms) == std::cv_status::timeout);
    CHECK(steady_clock::now() - begun == 3ms);
    CHECK(never.wait_until(lock, steady_clock::now() - 1s) == std::cv_status::timeout);
    CHECK(steady_clock::now() - begun == 3ms);
    co_return;
  }

  TEST_ASYNC("a future on the loop's thread") {
    auto value = std::async(std::launch::async, [] { return 8; });
    CHECK(value.wait_for(1h) == std::future_status::ready);
    CHECK(value.get() == 8);
    std::promise<int> unset;
    CHECK(unset.get_future().wait_for(0s) == std::future_status::timeout);
    co_return;
  }
}
