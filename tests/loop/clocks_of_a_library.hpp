// Compiled without awaitest: what its users' libraries are.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include <chrono>
#include <vector>

namespace AWAITEST_LIBRARY {

/// Nanoseconds since their epochs: steady_clock, system_clock, CLOCK_MONOTONIC, CLOCK_REALTIME, gettimeofday, time.
std::vector<long long> read_clocks();
void sleep_blocking(std::chrono::nanoseconds time);
asio::awaitable<void> sleep_on_a_timer(std::chrono::nanoseconds time);

}  // namespace AWAITEST_LIBRARY
