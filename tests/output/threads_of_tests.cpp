// Threads that a test has made, seen from other tests: those that come after it, and those of another worker.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <atomic>
#include <chrono>
#include <thread>

using namespace std::chrono_literals;
using asio::use_awaitable;
using std::chrono::steady_clock;

namespace {

/// The first test that needs it makes its thread.
asio::thread_pool& shared_pool() {
  static asio::thread_pool one{1};
  return one;
}

asio::awaitable<void> wait_on(asio::thread_pool& pool, std::chrono::nanoseconds span) {
  asio::steady_timer timer{pool, span};
  co_await timer.async_wait(use_awaitable);
}

/// A thread that works until the test of another worker is over.
struct meeting {
  std::atomic<bool> works{false}, is_over{false};
};
meeting in_virtual_time, in_real_time;

asio::awaitable<void> a_thread_works(meeting& with) {
  with.is_over = false;
  const auto executor = co_await asio::this_coro::executor;
  awaitest::gate ended;
  std::thread worker{[&] {
    with.works = true;
    while (!with.is_over) std::this_thread::yield();
    asio::post(executor, [&] { ended.open(); });
  }};
  co_await ended.wait();
  worker.join();
  with.works = false;
  CHECK(with.is_over);
}
asio::awaitable<void> an_hour_passes(meeting& with) {
  while (!with.works) std::this_thread::yield();
  const auto begun = steady_clock::now();
  for (int i = 0; i < 10; ++i) co_await awaitest::sleep_for(6min);
  CHECK(steady_clock::now() - begun == 1h);
  with.is_over = true;
}

}  // namespace

TEST_SUITE("a pool that virtual tests share with others") {
  TEST_ASYNC("its timers are due in virtual time", virtual_time()) {
    const auto begun = steady_clock::now();
    co_await awaitest::with_timeout(51ms, wait_on(shared_pool(), 50ms));
    CHECK(steady_clock::now() - begun == 50ms);
  }
  TEST_ASYNC("and in real time, where it is not stuck") {
    const auto begun = steady_clock::now();
    co_await wait_on(shared_pool(), 5ms);
    CHECK(steady_clock::now() - begun >= 5ms);
  }
  TEST_ASYNC("a test that is stuck after a timer of it", virtual_time(), timeout(24h)) {
    co_await wait_on(shared_pool(), 50ms);
    co_await awaitest::gate{}.wait();
  }
}

TEST_SUITE("a worker") {
  TEST_ASYNC("with a thread in virtual time", virtual_time()) { co_await a_thread_works(in_virtual_time); }
  TEST_ASYNC("with a thread in real time") { co_await a_thread_works(in_real_time); }
}
TEST_SUITE("another worker") {
  TEST_ASYNC("beside a thread in virtual time", virtual_time()) { co_await an_hour_passes(in_virtual_time); }
  TEST_ASYNC("beside a thread in real time", virtual_time()) { co_await an_hour_passes(in_real_time); }
}
