// Waits with a limit, and loops of one's own, on the thread of a virtual test: they take their time, and move the clock.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <limits>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <thread>

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;

namespace {

/// Held by a thread that has ended: nobody will ever release it.
template <class Lock>
void lock_for_good(Lock& lock) {
  std::thread([&] { lock.lock(); }).join();
}

}  // namespace

TEST_SUITE("virtual time, blocked", virtual_time()) {
  TEST("a future that nobody sets") {
    std::promise<int> promise;
    const auto future = promise.get_future();
    const auto begun = steady_clock::now();
    CHECK(future.wait_for(20ms) == std::future_status::timeout);
    CHECK(steady_clock::now() - begun == 20ms);
    CHECK(future.wait_until(begun) == std::future_status::timeout);
    CHECK(future.wait_until(system_clock::now() - 1s) == std::future_status::timeout);
    CHECK(steady_clock::now() - begun == 20ms);
    CHECK(future.wait_until(system_clock::now() + 1h) == std::future_status::timeout);
    CHECK(steady_clock::now() - begun == 1h + 20ms);
  }

  TEST("a future that a thread at work sets", repeat(200)) {
    const auto begun = steady_clock::now();
    auto future = std::async(std::launch::async, [amount = awaitest::this_test::random()() % 20'000] {
      std::atomic<std::uint64_t> sum{0};
      for (std::uint64_t i = 0; i < amount; ++i) sum.fetch_add(i, std::memory_order_relaxed);
      return 8;
    });
    CHECK(future.wait_for(1h) == std::future_status::ready);
    CHECK(future.get() == 8);
    CHECK(steady_clock::now() == begun);
  }

  TEST("locks") {
    const auto begun = steady_clock::now();
    std::timed_mutex mutex;
    lock_for_good(mutex);
    CHECK_FALSE(mutex.try_lock_for(0s));
    CHECK_FALSE(mutex.try_lock_until(begun - 1s));
    CHECK(steady_clock::now() == begun);
    CHECK_FALSE(mutex.try_lock_for(1h));
    CHECK_FALSE(mutex.try_lock_until(system_clock::now() + 1h));
    CHECK(steady_clock::now() - begun == 2h);
    std::shared_timed_mutex shared;
    lock_for_good(shared);
    CHECK_FALSE(shared.try_lock_for(1h));
    CHECK_FALSE(shared.try_lock_until(system_clock::now() + 1h));
    CHECK_FALSE(shared.try_lock_shared_for(1h));
    CHECK_FALSE(shared.try_lock_shared_until(system_clock::now() + 1h));
    CHECK(steady_clock::now() - begun == 6h);
    std::timed_mutex free;
    CHECK(free.try_lock_for(1h));
    free.unlock();
    CHECK(steady_clock::now() - begun == 6h);
  }

  TEST("a limit at the end of time, by a clock that is before its epoch", virtual_time(at("1969-12-31"))) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    const timespec end{std::numeric_limits<time_t>::max(), 0};
    CHECK(::pthread_mutex_timedlock(&mutex, &end) == 0);
    CHECK(::pthread_mutex_unlock(&mutex) == 0);
    std::mutex guard;
    std::condition_variable changed;
    std::thread notifies;
    {
      std::unique_lock lock{guard};
      notifies = std::thread([&] {
        const std::lock_guard until_it_waits{guard};
        changed.notify_one();
      });
      CHECK(::pthread_cond_timedwait(changed.native_handle(), guard.native_handle(), &end) == 0);
    }
    notifies.join();
  }

  TEST("a condition that nobody signals") {
    const auto begun = steady_clock::now();
    std::mutex guard;
    std::condition_variable never;
    std::unique_lock lock{guard};
    CHECK(never.wait_for(lock, 1h) == std::cv_status::timeout);
    CHECK(never.wait_until(lock, system_clock::now() + 1h) == std::cv_status::timeout);
    CHECK(never.wait_until(lock, begun) == std::cv_status::timeout);
    CHECK(steady_clock::now() - begun == 2h);
    CHECK(lock.owns_lock());
  }

  // Each answer is signalled without the mutex: between two looks of the wait it would be lost.
  TEST("a condition that a thread signals again and again", repeat(200)) {
    const auto begun = steady_clock::now();
    std::mutex guard;
    std::condition_variable changed;
    std::atomic<int> asked{0};
    int answered = 0;
    std::thread answers([&] {
      for (int turn = 1; turn <= 20; ++turn) {
        while (asked.load() < turn) std::this_thread::yield();
        {
          const std::lock_guard lock{guard};
          answered = turn;
        }
        changed.notify_one();
      }
    });
    for (int turn = 1; turn <= 20; ++turn) {
      std::unique_lock lock{guard};
      asked.store(turn);
      CHECK(changed.wait_for(lock, 1h, [&] { return answered == turn; }));
    }
    answers.join();
    CHECK(steady_clock::now() == begun);
  }

  TEST("semaphores") {
    const auto begun = steady_clock::now();
    std::counting_semaphore<3> semaphore{1};
    CHECK(semaphore.try_acquire_for(1h));
    CHECK(steady_clock::now() == begun);
    CHECK_FALSE(semaphore.try_acquire_for(1h));
    CHECK_FALSE(semaphore.try_acquire_until(begun));
    const auto taken = steady_clock::now() - begun;
#ifdef _LIBCPP_VERSION  // which reads the clock again and again
    CHECK(taken >= 1h);
#else
    CHECK(taken == 1h);
#endif
    sem_t posix;
    REQUIRE(::sem_init(&posix, 0, 0) == 0);
    timespec until{};
    REQUIRE(::clock_gettime(CLOCK_REALTIME, &until) == 0);
    until.tv_sec += 60;
    CHECK(::sem_timedwait(&posix, &until) == -1);
    CHECK(errno == ETIMEDOUT);
    CHECK(steady_clock::now() - begun == taken + 1min);
    ::sem_destroy(&posix);
  }

  TEST("a loop that reads the clock until it has moved") {
    const auto begun = steady_clock::now();
    for (int reading = 0; reading < 1'000'000; ++reading) static_cast<void>(system_clock::now());
    CHECK(steady_clock::now() == begun);
    while (steady_clock::now() < begun + 1h) {
    }
    CHECK(steady_clock::now() - begun < 1h + 2min);
  }

  TEST("descriptors") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const auto begun = steady_clock::now();
    pollfd one{ends[0], POLLIN, 0};
    int calls = 0;
    for (; steady_clock::now() < begun + 1min; ++calls)
      if (::poll(&one, 1, 5) != 0) break;
    CHECK(calls == 12'000);
    const timespec hour{3600, 0};
    CHECK(::ppoll(&one, 1, &hour, nullptr) == 0);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    timeval limit{3600, 0};
    CHECK(::select(ends[0] + 1, &set, nullptr, nullptr, &limit) == 0);
    CHECK_FALSE(FD_ISSET(ends[0], &set));
    CHECK(steady_clock::now() - begun == 1min + 2h);
    CHECK(::write(ends[1], "x", 1) == 1);
    CHECK(::poll(&one, 1, 5) == 1);
    CHECK(one.revents == POLLIN);
    CHECK(steady_clock::now() - begun == 1min + 2h);
    ::close(ends[0]);
    ::close(ends[1]);
  }

  TEST("a timerfd") {
    const int timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    REQUIRE(timer >= 0);
    const itimerspec twice{{60, 0}, {3600, 0}};
    REQUIRE(::timerfd_settime(timer, 0, &twice, nullptr) == 0);
    itimerspec left{};
    REQUIRE(::timerfd_gettime(timer, &left) == 0);
    CHECK(left.it_value.tv_sec == 3600);
    CHECK(left.it_interval.tv_sec == 60);
    const auto begun = steady_clock::now();
    std::uint64_t expired = 0;
    CHECK(::read(timer, &expired, sizeof expired) == -1);
    pollfd one{timer, POLLIN, 0};
    CHECK(::poll(&one, 1, -1) == 1);
    CHECK(steady_clock::now() - begun == 1h);
    CHECK(::read(timer, &expired, sizeof expired) == 8);
    CHECK(::poll(&one, 1, -1) == 1);
    CHECK(steady_clock::now() - begun == 1h + 1min);
    const itimerspec none{};
    REQUIRE(::timerfd_settime(timer, 0, &none, &left) == 0);
    CHECK(left.it_value.tv_sec == 60);
    CHECK(::poll(&one, 1, 1000) == 0);
    CHECK(::timerfd_settime(-1, 0, &none, nullptr) == -1);
    ::close(timer);
  }

  TEST("a loop of one's own, run") {
    const auto begun = steady_clock::now();
    asio::io_context own;
    asio::steady_timer late(own, 3s), early(own, 1ns);
    std::string log;
    late.async_wait([&](std::error_code) {
      CHECK(steady_clock::now() - begun == 3s);
      log += 'b';
    });
    early.async_wait([&](std::error_code) { log += 'a'; });
    own.run();
    CHECK(log == "ab");
    own.restart();
    asio::system_timer another(own, 1h);
    another.async_wait([&](std::error_code) { log += 'c'; });
    own.run_for(30min);
    CHECK(log == "ab");
    CHECK(steady_clock::now() - begun == 30min + 3s);
    own.run();
    CHECK(log == "abc");
    CHECK(steady_clock::now() - begun == 1h + 3s);
  }

  TEST("a loop of one's own, looked at now and then") {
    const auto begun = steady_clock::now();
    asio::io_context own;
    asio::steady_timer timer(own, 1h);
    bool fired = false;
    timer.async_wait([&](std::error_code) { fired = true; });
    while (!fired) {
      own.poll();
      std::this_thread::sleep_for(1min);  // of virtual time
    }
    CHECK(steady_clock::now() - begun == 1h + 1min);
  }

  TEST_ASYNC("the test's own loop, run by a handler") {
    const auto begun = steady_clock::now();
    const auto executor = co_await asio::this_coro::executor;
    auto& own = static_cast<asio::io_context&>(asio::query(executor, asio::execution::context));
    asio::steady_timer timer(own, 1s);
    bool fired = false;
    timer.async_wait([&](std::error_code) {
      CHECK(steady_clock::now() - begun == 1s);
      fired = true;
    });
    own.run_for(3s);
    CHECK(fired);
    CHECK(steady_clock::now() - begun == 3s);
    co_await awaitest::sleep_for(1h);
    CHECK(steady_clock::now() - begun == 1h + 3s);
  }
}
