// The time for which a process is stopped is no test's.
#if defined(__linux__)

#include <awaitest/platform/process_stops.hpp>

#include <awaitest/awaitest.hpp>

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <barrier>
#include <csignal>
#include <optional>
#include <thread>

using namespace std::chrono_literals;
using awaitest::detail::process_stops;

TEST_SUITE("platform: stops of the process") {
  const process_stops::time_point begun{std::chrono::hours{1}};

  TEST("a thread that looks now and then has lost nothing") {
    process_stops stops;
    stops.begin(begun);
    CHECK_FALSE(stops.look(begun + 500ms));
    CHECK_FALSE(stops.look(begun + 2500ms));
    CHECK(stops.lost() == 0ns);
  }
  TEST("what it has missed is lost, once, whoever asks first") {
    process_stops stops;
    stops.begin(begun);
    CHECK(stops.look(begun + 7s));
    CHECK_FALSE(stops.look(begun + 7s));
    CHECK_FALSE(stops.look(begun + 6s));
    CHECK(stops.lost() == 7s);
    CHECK(stops.look(begun + 10s));
    CHECK(stops.lost() == 10s);
  }
  TEST("two threads that ask at once both know of it") {
    std::optional<process_stops> stops;
    int unknown = 0;
    std::barrier next{2};
    constexpr int rounds = 20'000;
    const auto ask = [&](bool counts) {
      for (int i = 0; i < rounds; ++i) {
        if (counts) stops.emplace().begin(begun);
        next.arrive_and_wait();
        stops->look(begun + 7s);
        if (const bool knows = stops->lost() == 7s; counts && !knows) ++unknown;
        next.arrive_and_wait();
      }
    };
    std::thread other{[&] { ask(false); }};
    ask(true);
    other.join();
    CHECK(unknown == 0);
  }
  TEST("where nobody looks, nothing is known") {
    process_stops stops;
    CHECK_FALSE(stops.look(begun));
    stops.begin(begun);
    stops.end();
    CHECK_FALSE(stops.look(begun + 7s));
    CHECK(stops.lost() == 0ns);
  }

  TEST_ASYNC("a test's timeout does not run while its process is stopped", timeout(2s)) {
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child == 0) {
      ::kill(parent, SIGSTOP);
      const timespec span{4, 0};  // what is tested: a stop that is longer than the timeout
      ::nanosleep(&span, nullptr);
      ::kill(parent, SIGCONT);
      ::_exit(0);
    }
    REQUIRE(child > 0);
    co_await awaitest::sleep_for(500ms);  // the stop begins meanwhile
    ::waitpid(child, nullptr, 0);
    co_await awaitest::sleep_for(1ms);
    CHECK(true);
  }
}

#endif
