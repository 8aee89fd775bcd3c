// The test on other threads: context, post back, pools, and whose an assertion is when tasks interleave.
#include <awaitest/awaitest.hpp>

#include <asio.hpp>

#include <semaphore.h>
#include <sys/time.h>

#include <atomic>
#include <csignal>
#include <future>
#include <latch>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using namespace awaitest::match;

namespace {

sem_t rung;

/// What the test under way counts: an assertion more or less shows in its report.
std::string name_here() { return std::string(awaitest::this_test::name()); }

}  // namespace

TEST_SUITE("loop: context") {
  TEST("a thread of the test's") {
    const auto test = awaitest::context::capture();
    const auto mine = name_here();
    std::thread([&] {
      const auto in = test.enter();
      CHECK(name_here() == mine);
      INFO("from a thread");
      CHECK(awaitest::this_test::seed() != 0u);
    }).join();
  }

  TEST("without it, there is no test on a thread") {
    std::thread([] {
      bool thrown = false;
      try {
        static_cast<void>(awaitest::this_test::name());
      } catch (const std::logic_error& e) {
        thrown = std::string(e.what()).find("context") != std::string::npos;
      }
      if (!thrown) std::abort();
    }).join();
    CHECK(true);
  }

  TEST("scopes nest, and leave the thread as it was") {
    const auto test = awaitest::context::capture();
    std::thread([&] {
      {
        const auto outer = test.enter();
        {
          const auto inner = test.enter();
          CHECK(true);
        }
        CHECK(name_here().ends_with("as it was"));
      }
      try {
        static_cast<void>(awaitest::this_test::name());
        std::abort();
      } catch (const std::logic_error&) {
      }
    }).join();
    CHECK(true);
  }

  TEST_ASYNC("many threads at once", repeat(20)) {
    const auto test = awaitest::context::capture();
    std::vector<std::thread> threads;
    std::latch all(8);
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&, i] {
        const auto in = test.enter();
        all.arrive_and_wait();
        for (int k = 0; k < 20; ++k) {
          INFO("thread {}, round {}", i, k);
          CAPTURE(i, k);
          CHECK(k >= 0);
        }
      });
    for (auto& thread : threads) thread.join();
    CHECK(true);
    co_return;
  }

  TEST_ASYNC("a failure on a thread is the test's", should_fail("on a thread")) {
    const auto test = awaitest::context::capture();
    std::thread([&] {
      const auto in = test.enter();
      CHECK(1 == 2);
    }).join();
    co_return;
  }

  TEST_ASYNC("in handlers and coroutines of a pool") {
    asio::thread_pool pool(2);
    const auto test = awaitest::context::capture();
    std::latch done(10);
    for (int i = 0; i < 10; ++i)
      asio::post(pool, [&, i] {
        const auto in = test.enter();
        CHECK(i < 10);
        done.count_down();
      });
    const auto sum = co_await asio::co_spawn(
        pool,
        [&]() -> asio::awaitable<int> {
          int got = 0;
          for (int i = 0; i < 20; ++i) {
            {
              const auto in = test.enter();
              INFO("in the pool {}", i);
              CHECK(name_here().ends_with("of a pool"));
              got += i;
            }
            co_await asio::post(pool, asio::use_awaitable);
          }
          co_return got;
        },
        asio::use_awaitable);
    CHECK(sum == 190);
    done.wait();
  }

  TEST_ASYNC("a coroutine that moves between the test's thread and a pool", repeat(50)) {
    static asio::thread_pool pool(1);
    const auto home = co_await asio::this_coro::executor;
    INFO("written before the move");
    for (int i = 0; i < 5; ++i) {
      co_await asio::post(pool, asio::bind_executor(home, asio::use_awaitable));
      CHECK(name_here().starts_with("loop: context/a coroutine"));
      CAPTURE(i);
      co_await asio::post(home, asio::use_awaitable);
      CHECK(i < 5);
    }
  }

  TEST_ASYNC("posts back to the test's executor", repeat(50)) {
    const auto home = co_await asio::this_coro::executor;
    const auto here = std::this_thread::get_id();
    awaitest::gate answered;
    std::thread worker([&] {
      asio::post(home, [&] {
        CHECK(std::this_thread::get_id() == here);
        answered.open();
      });
    });
    co_await answered.wait();
    worker.join();
  }

  TEST_ASYNC("what belongs to the loop's thread says so on others") {
    const auto test = awaitest::context::capture();
    std::thread([&] {
      const auto in = test.enter();
      CHECK_THROWS_WITH(awaitest::spawn([]() -> asio::awaitable<void> { co_return; }),
                        contains("this_test::executor()"));
      CHECK(awaitest::this_test::temp_dir() == awaitest::this_test::temp_dir());
      awaitest::cleanup([] { CHECK(true); });
    }).join();
    co_return;
  }

  TEST("an enter() that is left in another order is misuse", should_fail("the scope is left elsewhere")) {
    const auto test = awaitest::context::capture();
    CHECK(true);
    using scope = decltype(test.enter());
    alignas(scope) unsigned char room[sizeof(scope)];
    auto* in = ::new (static_cast<void*>(room)) scope(test.enter());
    std::thread([in] { in->~scope(); }).join();
  }
}

TEST_SUITE("loop: tasks") {
  // Children take turns in the middle of their blocks; each failure has its own context only: see
  // run/context_lines.cpp for what is printed. Here: building and leaving those lists, in every order.
  TEST_ASYNC("INFO of tasks that interleave") {
    awaitest::sequencer order;
    for (std::size_t i = 0; i < 10; ++i)
      awaitest::spawn([&order, i]() -> asio::awaitable<void> {
        INFO("outer of {}", i);
        co_await order.turn(9 - i);
        {
          CAPTURE(i);
          co_await order.turn(19 - i);
        }
        CHECK(i < 10u);
        co_await order.turn(20 + i);
      });
    co_await order.turn(30);  // the sequencer is on this frame
  }

  TEST_ASYNC("INFO outlives its test harmlessly", repeat(10)) {
    // The frame that holds it is destroyed with a later attempt, in whose task's slot there is another list.
    static std::unique_ptr<std::function<void()>> keep;
    struct line {
      awaitest::detail::info text{awaitest::location::current(), "held {}", 1};
    };
    auto held = std::make_shared<line>();
    keep = std::make_unique<std::function<void()>>([held = std::move(held)] {});
    INFO("another");
    CHECK(keep != nullptr);
    co_return;
  }

  // A thread that sleeps in sem_wait, woken by a signal handler: nobody but the kernel's timer acts here.
  TEST_ASYNC("a thread that a signal handler wakes", timeout(10s)) {
    REQUIRE(::sem_init(&rung, 0, 0) == 0);
    struct sigaction ring{};
    ring.sa_handler = [](int) { ::sem_post(&rung); };
    ring.sa_flags = SA_RESTART;
    struct sigaction before{};
    REQUIRE(::sigaction(SIGALRM, &ring, &before) == 0);
    const auto woken = std::make_shared<awaitest::gate>();
    const auto sleeper = std::make_shared<std::thread>([woken] {
      while (::sem_wait(&rung) != 0) {
      }
      woken->open();
    });
    awaitest::cleanup([sleeper, before] {
      const itimerval never{};
      ::setitimer(ITIMER_REAL, &never, nullptr);
      ::sem_post(&rung);
      sleeper->join();
      ::sigaction(SIGALRM, &before, nullptr);
    });
    itimerval soon{};
    soon.it_value.tv_usec = 100'000;
    ::setitimer(ITIMER_REAL, &soon, nullptr);
    co_await woken->wait();
    CHECK(woken->is_open());
  }
}
