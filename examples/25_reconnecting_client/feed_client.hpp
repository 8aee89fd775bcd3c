// Reads lines from a server for ever: connects again whenever the connection is lost or says nothing for too long, after
// delays that double, with jitter so that a thousand clients do not come back at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <system_error>

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

namespace feed {

struct policy {
  using duration = std::chrono::steady_clock::duration;

  duration first_delay = std::chrono::seconds{1};
  duration max_delay = std::chrono::minutes{5};
  double jitter = 0.25;                         // a delay is shortened by up to this share
  duration silence = std::chrono::seconds{30};  // a server that says nothing for so long is taken for dead
  duration stable = std::chrono::minutes{1};  // a connection that lasted so long makes the delays short again
};

class client {
 public:
  client(asio::ip::tcp::endpoint server, policy how, std::uint64_t seed = std::random_device{}())
      : server_{server}, policy_{how}, random_{seed} {}

  std::function<void(std::string line)> on_line;
  std::function<void(const std::error_code& why, policy::duration delay)> on_lost;

  // Until it is cancelled. The client outlives the call.
  asio::awaitable<void> run();

 private:
  asio::awaitable<std::error_code> read_lines();
  policy::duration next_delay();

  asio::ip::tcp::endpoint server_;
  policy policy_;
  std::mt19937_64 random_;
  policy::duration nominal_{};  // of the next delay, without jitter
};

}  // namespace feed
