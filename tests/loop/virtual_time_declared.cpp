// Threads that wake nobody, and work that cannot be seen, declared by a test.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

using namespace std::chrono_literals;
using asio::use_awaitable;
using std::chrono::steady_clock;

namespace {

/// Wakes itself again and again, as a log flusher does.
class flusher {
 public:
  template <class Begin>
  explicit flusher(Begin begin)
      : thread_{[this, begin] {
          begin();
          begun_.store(true);
          std::unique_lock lock{guard_};
          while (!over_) changed_.wait_for(lock, 1ms);
        }} {
    while (!begun_.load()) std::this_thread::yield();
  }
  flusher(const flusher&) = delete;
  flusher& operator=(const flusher&) = delete;
  ~flusher() {
    {
      const std::lock_guard lock{guard_};
      over_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

 private:
  std::mutex guard_;
  std::condition_variable changed_;
  bool over_ = false;
  std::atomic<bool> begun_{false};
  std::thread thread_;
};

}  // namespace

TEST_SUITE("harmless threads") {
  TEST_ASYNC("one that says so holds no virtual time", virtual_time(), repeat(50)) {
    const flusher beside{[] { awaitest::harmless_thread(); }};
    const auto begun = steady_clock::now();
    co_await awaitest::sleep_for(1h);
    CHECK(steady_clock::now() - begun == 1h);
  }

  TEST_ASYNC("nor does one of a name", virtual_time(), repeat(50)) {
    awaitest::harmless_thread("a name of more than fifteen bytes");
    const flusher beside{[] { ::pthread_setname_np(::pthread_self(), "a name of more "); }};
    const auto begun = steady_clock::now();
    co_await awaitest::sleep_for(1h);
    CHECK(steady_clock::now() - begun == 1h);
  }

  TEST("a thread has a name") { CHECK_THROWS_AS(awaitest::harmless_thread(""), std::invalid_argument); }
}

TEST_SUITE("hold_time", virtual_time()) {
  TEST_ASYNC("time stands still while a hold lives, on whatever thread it ends", repeat(200)) {
    const auto begun = steady_clock::now();
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer answer{executor, steady_clock::time_point::max()};
    std::thread outside([hold = awaitest::hold_time(), executor, &answer]() mutable {
      awaitest::harmless_thread();
      for (int turn = 0; turn < 20; ++turn) std::this_thread::yield();
      asio::post(executor, [&answer] { answer.cancel(); });
      hold.release();
      hold.release();
    });
    asio::error_code error;
    co_await awaitest::with_timeout(1s, answer.async_wait(asio::redirect_error(use_awaitable, error)));
    CHECK(error == asio::error::operation_aborted);
    CHECK(steady_clock::now() == begun);
    outside.join();
  }

  TEST_ASYNC("two holds, moved and assigned") {
    const auto begun = steady_clock::now();
    auto first = awaitest::hold_time();
    auto second = awaitest::hold_time();
    auto moved = std::move(first);
    moved = std::move(second);
    moved.release();
    co_await awaitest::sleep_for(1s);
    CHECK(steady_clock::now() - begun == 1s);
  }
}

TEST("hold_time() where no test is running") {
  bool refused = false;
  std::thread([&] {
    try {
      const auto hold = awaitest::hold_time();
    } catch (const std::logic_error&) {
      refused = true;
    }
  }).join();
  CHECK(refused);
}

TEST_ASYNC("what a hold stands for may still wake a test that seems stuck", repeat(50)) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer answer{executor, steady_clock::time_point::max()};
  std::thread outside([hold = awaitest::hold_time(), executor, &answer] {
    awaitest::harmless_thread();
    for (int turn = 0; turn < 20; ++turn) std::this_thread::yield();
    asio::post(executor, [&answer] { answer.cancel(); });
  });
  asio::error_code error;
  co_await answer.async_wait(asio::redirect_error(use_awaitable, error));
  CHECK(error == asio::error::operation_aborted);
  outside.join();
}
