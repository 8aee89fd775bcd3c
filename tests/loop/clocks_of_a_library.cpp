#include "clocks_of_a_library.hpp"

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <sys/time.h>
#include <time.h>

#include <thread>

namespace AWAITEST_LIBRARY {

std::vector<long long> read_clocks() {
  const auto count = [](auto time) {
    return static_cast<long long>(std::chrono::nanoseconds(time.time_since_epoch()).count());
  };
  const auto of_libc = [](clockid_t id) {
    timespec now{};
    ::clock_gettime(id, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
  };
  timeval day{};
  ::gettimeofday(&day, nullptr);
  return {count(std::chrono::steady_clock::now()),
          count(std::chrono::system_clock::now()),
          of_libc(CLOCK_MONOTONIC),
          of_libc(CLOCK_REALTIME),
          day.tv_sec * 1'000'000'000LL + day.tv_usec * 1'000LL,
          ::time(nullptr) * 1'000'000'000LL};
}

void sleep_blocking(std::chrono::nanoseconds time) {
  std::this_thread::sleep_for(time);  // what is tested: it moves the virtual clock, and takes no real time
}

asio::awaitable<void> sleep_on_a_timer(std::chrono::nanoseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace AWAITEST_LIBRARY
