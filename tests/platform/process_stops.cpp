// The time for which a process is stopped is no test's.
#if defined(__linux__)

#include <awaitest/platform/process_stops.hpp>

#include <awaitest/awaitest.hpp>

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <csignal>

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
