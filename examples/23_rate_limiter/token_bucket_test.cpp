// Hours of a rate limiter in milliseconds: the limiter's own steady_timer and steady_clock are in virtual time.
#include "token_bucket.hpp"

#include <awaitest/awaitest.hpp>

#include <stdexcept>
#include <vector>

#include <asio.hpp>

using namespace std::chrono_literals;
using namespace awaitest::match;
using std::chrono::steady_clock;

namespace {

// When each of `count` calls was let through, from now on.
asio::awaitable<std::vector<std::chrono::nanoseconds>> times_of(limits::token_bucket& bucket, int count) {
  const auto begun = steady_clock::now();
  std::vector<std::chrono::nanoseconds> times;
  for (int i = 0; i < count; ++i) {
    co_await bucket.take();
    times.emplace_back(steady_clock::now() - begun);
  }
  co_return times;
}

}  // namespace

TEST_SUITE("token bucket", virtual_time(), tag("limits")) {
  TEST_ASYNC("a burst at once, then the rate, to the nanosecond") {
    limits::token_bucket bucket{10, 3};
    const auto times = co_await times_of(bucket, 6);
    CHECK_THAT(times, elements_are(0s, 0s, 0s, 100ms, 200ms, 300ms));
  }

  TEST_ASYNC("it fills while nobody asks, and not beyond its burst") {
    limits::token_bucket bucket{1, 5};
    CHECK(bucket.try_take(5));
    CHECK_FALSE(bucket.try_take());
    co_await awaitest::sleep_for(1s - 1ns);
    CHECK_FALSE(bucket.try_take());
    co_await awaitest::sleep_for(1ns);
    CHECK(bucket.try_take());
    co_await awaitest::sleep_for(24h);
    CHECK(bucket.available() == 5);
    CHECK(bucket.try_take(5));
    CHECK_FALSE(bucket.try_take());
  }

  TEST_ASYNC("a whole day at three requests a second is 259 200 of them, and its burst") {
    limits::token_bucket bucket{3, 30};
    const auto end = steady_clock::now() + 24h;
    int served = 0;
    while (steady_clock::now() < end) {
      co_await bucket.take(10);
      served += 10;
    }
    CHECK(served == 3 * 24 * 3600 + 30);
  }

  TEST_ASYNC("first come, first served: a large wish is not starved") {
    limits::token_bucket bucket{1, 10};
    CHECK(bucket.try_take(10));
    std::vector<int> served;
    const auto wish = [&](int tokens) -> asio::awaitable<void> {
      co_await bucket.take(tokens);
      served.push_back(tokens);
    };
    const auto begun = steady_clock::now();
    const auto large = awaitest::spawn([&] { return wish(8); });
    const auto small = awaitest::spawn([&] { return wish(1); });
    co_await large.join();
    CHECK(steady_clock::now() - begun == 8s);
    CHECK_FALSE(bucket.try_take());
    co_await small.join();
    CHECK(steady_clock::now() - begun == 9s);
    CHECK_THAT(served, elements_are(8, 1));
  }

  TEST_ASYNC("a wait that is cancelled gives its tokens back") {
    limits::token_bucket bucket{1, 10};
    CHECK(bucket.try_take(10));
    CHECK_THROWS_AS(co_await awaitest::with_timeout(5s, bucket.take(10)), awaitest::timed_out);
    CHECK(bucket.available() == 5);
  }

  TEST_ASYNC("a wish that can never be granted is an error at once") {
    limits::token_bucket bucket{1, 10};
    CHECK_THROWS_AS(co_await bucket.take(11), std::invalid_argument);
  }
}
