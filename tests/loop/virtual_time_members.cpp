// Threads that a virtual test has made take part in its time: they see its clock, and their timers and waits are instants of it.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using asio::use_awaitable;
using std::chrono::steady_clock;
using std::chrono::system_clock;

namespace {

asio::awaitable<void> wait_on(asio::any_io_executor where, std::chrono::nanoseconds span) {
  asio::steady_timer timer{where, span};
  co_await timer.async_wait(use_awaitable);
}

}  // namespace

TEST_SUITE("virtual time of threads", virtual_time()) {
  TEST_ASYNC("a timer on a pool", repeat(200)) {
    const auto begun = steady_clock::now();
    asio::thread_pool pool{1};
    asio::steady_timer timer{pool, 50ms};
    co_await timer.async_wait(use_awaitable);
    CHECK(steady_clock::now() - begun == 50ms);
    asio::system_timer by_the_calendar{pool, 1h};
    co_await by_the_calendar.async_wait(use_awaitable);
    CHECK(steady_clock::now() - begun == 1h + 50ms);
  }

  TEST_ASYNC("on a strand of a pool, of several threads", repeat(100)) {
    const auto begun = steady_clock::now();
    asio::thread_pool pool{3};
    co_await wait_on(asio::make_strand(pool), 1h);
    CHECK(steady_clock::now() - begun == 1h);
    co_await wait_on(pool.get_executor(), 1us);  // the finest that Asio sets a timerfd to
    CHECK(steady_clock::now() - begun == 1h + 1us);
  }

  TEST_ASYNC("a service's own io_context on its thread", repeat(100)) {
    const auto begun = steady_clock::now();
    asio::io_context io;
    auto work = asio::make_work_guard(io);
    std::thread service([&] { io.run(); });
    std::string order;
    std::mutex guard;
    const auto note = [&](char what) {
      const std::lock_guard lock{guard};
      order += what;
    };
    asio::steady_timer there{io, 2s}, later{io, 4s};
    there.async_wait([&](std::error_code) { note('b'); });
    later.async_wait([&](std::error_code) { note('d'); });
    co_await awaitest::sleep_for(1s);
    note('a');
    co_await awaitest::sleep_for(2s);
    note('c');
    co_await awaitest::sleep_for(2s);
    note('e');
    CHECK(order == "abcde");
    CHECK(steady_clock::now() - begun == 5s);
    work.reset();
    service.join();
  }

  TEST_ASYNC("a timer that a pool's thread sets on the test's loop", repeat(100)) {
    const auto begun = steady_clock::now();
    asio::thread_pool pool{1};
    asio::steady_timer timer{co_await asio::this_coro::executor};
    timer.expires_at(begun + 2h);
    std::promise<void> set;
    auto is_set = set.get_future();
    asio::post(pool, [&] {
      timer.expires_at(steady_clock::now() + 1h);
      set.set_value();
    });
    is_set.wait();
    co_await timer.async_wait(use_awaitable);
    CHECK(steady_clock::now() - begun == 1h);
  }

  TEST("a thread that sleeps, joined", repeat(20)) {
    const auto begun = steady_clock::now();
    auto seen = begun;
    std::thread sleeper([&] {
      std::this_thread::sleep_for(1h);                          // of virtual time, as what follows
      std::this_thread::sleep_until(system_clock::now() + 1h);  // likewise
      seen = steady_clock::now();
    });
    sleeper.join();
    CHECK(seen - begun == 2h);
    CHECK(steady_clock::now() - begun == 2h);
  }

  TEST_ASYNC("waits of a thread, each to its instant", repeat(20)) {
    const auto begun = steady_clock::now();
    std::vector<steady_clock::duration> times;
    std::timed_mutex held;
    held.lock();
    std::thread waits([&] {
      const auto note = [&] { times.push_back(steady_clock::now() - begun); };
      std::mutex guard;
      std::condition_variable never;
      {
        std::unique_lock lock{guard};
        never.wait_for(lock, 1h);
        note();
        never.wait_until(lock, system_clock::now() + 1h);
        note();
      }
      std::promise<void> unset;
      unset.get_future().wait_for(1h);
      note();
      static_cast<void>(held.try_lock_for(1h));
      note();
      int ends[2];
      if (::pipe(ends) != 0) return;
      pollfd one{ends[0], POLLIN, 0};
      if (::poll(&one, 1, 3'600'000) == 0) note();
      ::close(ends[0]);
      ::close(ends[1]);
    });
    co_await awaitest::sleep_for(24h);
    waits.join();
    held.unlock();
    CHECK(times == std::vector<steady_clock::duration>{1h, 2h, 3h, 4h, 5h});
    CHECK(steady_clock::now() - begun == 24h);
  }

  TEST_ASYNC("a wait of a thread that another ends takes no time", repeat(200)) {
    const auto begun = steady_clock::now();
    std::mutex guard;
    std::condition_variable changed;
    bool ready = false;
    std::atomic<bool> got{false};
    std::thread waits([&] {
      std::unique_lock lock{guard};
      got = changed.wait_for(lock, 1h, [&] { return ready; });
    });
    {
      const std::lock_guard lock{guard};
      ready = true;
    }
    changed.notify_one();
    waits.join();
    CHECK(got);
    CHECK(steady_clock::now() == begun);
    co_return;
  }

  TEST_ASYNC("a log flusher beside a day") {
    std::mutex guard;
    std::condition_variable changed;
    bool over = false;
    int flushed = 0;
    std::thread flusher([&] {
      std::unique_lock lock{guard};
      while (!over)
        if (changed.wait_for(lock, 60s) == std::cv_status::timeout) ++flushed;
    });
    const auto begun = steady_clock::now();
    co_await awaitest::sleep_for(24h - 1s);
    CHECK(steady_clock::now() - begun == 24h - 1s);
    {
      const std::lock_guard lock{guard};
      over = true;
      CHECK(flushed == 24 * 60 - 1);
    }
    changed.notify_one();
    flusher.join();
  }

  TEST_ASYNC("timers of a thread that a handler joins", repeat(100)) {
    const auto begun = steady_clock::now();
    asio::io_context io;
    asio::steady_timer timer{io, 2s};
    bool is_due = false;
    timer.async_wait([&](asio::error_code error) { is_due = !error; });
    std::thread{[&] { io.run(); }}.join();
    CHECK(is_due);
    CHECK(steady_clock::now() - begun == 2s);

    asio::thread_pool pool{1};
    asio::steady_timer on_pool{pool, 1h};
    on_pool.async_wait([&](asio::error_code error) { is_due = is_due && !error; });
    pool.join();
    CHECK(is_due);
    CHECK(steady_clock::now() - begun == 1h + 2s);
    co_return;
  }

  TEST_ASYNC("an answer of a thread that takes its time, within a limit", repeat(100)) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer answer{executor, steady_clock::time_point::max()};
    const auto begun = steady_clock::now();
    std::thread service([&] {
      std::this_thread::sleep_for(3s);  // of virtual time
      asio::post(executor, [&] { answer.cancel(); });
    });
    asio::error_code error;
    co_await awaitest::with_timeout(5s, answer.async_wait(asio::redirect_error(use_awaitable, error)));
    CHECK(error == asio::error::operation_aborted);
    CHECK(steady_clock::now() - begun == 3s);
    service.join();
  }
}

TEST_ASYNC("a thread that outlives its test never sees steady_clock go back", virtual_time(), repeat(3)) {
  static std::thread left;
  static std::atomic<bool> goes_back{false}, end{false};
  static int attempts = 0;
  const int attempt = attempts++ % 3;
  if (attempt == 0) {
    end = false;
    left = std::thread([] {
      for (auto before = steady_clock::now(); !end;) {
        const auto now = steady_clock::now();
        if (now < before) goes_back = true;
        before = now;
        std::this_thread::sleep_for(1min);  // of virtual time
      }
    });
  }
  const auto begun = steady_clock::now();
  co_await awaitest::sleep_for(1h);
  CHECK(steady_clock::now() - begun == 1h);
  if (attempt < 2) co_return;
  end = true;
  left.join();
  CHECK_FALSE(goes_back);
}
