// Code that was compiled without awaitest, in a static and in a shared library, is in virtual time as well.
#include <awaitest/awaitest.hpp>

#define AWAITEST_LIBRARY static_library
#include "clocks_of_a_library.hpp"
#undef AWAITEST_LIBRARY
#define AWAITEST_LIBRARY shared_library
namespace shared_library {
std::vector<long long> read_clocks();
void sleep_blocking(std::chrono::nanoseconds time);
asio::awaitable<void> sleep_on_a_timer(std::chrono::nanoseconds time);
}  // namespace shared_library

#include <vector>

using namespace std::chrono_literals;
using namespace awaitest::match;

namespace {

constexpr long long steady = 20LL * 365 * 86'400 * 1'000'000'000;
constexpr long long system_time = 946'684'800LL * 1'000'000'000;
constexpr long long hour = 3'600'000'000'000;

auto all_at(long long since_start) {
  return elements_are(steady + since_start, system_time + since_start, steady + since_start,
                      system_time + since_start, system_time + since_start, system_time + since_start);
}

}  // namespace

TEST_SUITE("virtual time of libraries", virtual_time()) {
  TEST_ASYNC("static") {
    CHECK_THAT(static_library::read_clocks(), all_at(0));
    co_await static_library::sleep_on_a_timer(1h);
    CHECK_THAT(static_library::read_clocks(), all_at(hour));
    static_library::sleep_blocking(2h);
    CHECK_THAT(static_library::read_clocks(), all_at(3 * hour));
  }
  TEST_ASYNC("shared") {
    CHECK_THAT(shared_library::read_clocks(), all_at(0));
    co_await shared_library::sleep_on_a_timer(1h);
    CHECK_THAT(shared_library::read_clocks(), all_at(hour));
    shared_library::sleep_blocking(2h);
    CHECK_THAT(shared_library::read_clocks(), all_at(3 * hour));
  }
  TEST_ASYNC("and in real time they are not", real_time()) {
    CHECK_THAT(static_library::read_clocks(), each(not_(any_of(eq(steady), eq(system_time)))));
    CHECK_THAT(shared_library::read_clocks(), each(not_(any_of(eq(steady), eq(system_time)))));
    co_return;
  }
}
