// When to try again: a policy, and the delays that follow from it. No I/O here.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace quotes {

struct retry_policy {
  using duration = std::chrono::steady_clock::duration;

  int max_attempts = 5;
  duration first_delay = std::chrono::milliseconds{100};
  duration max_delay = std::chrono::seconds{5};
  double factor = 2.0;  // each delay is that much longer than the one before
  double jitter = 0.0;  // the share of a delay, 0 to 1, that is left to chance
  duration attempt_timeout = std::chrono::seconds{2};
  duration deadline = std::chrono::seconds{30};  // for all attempts and delays together
};

// The delays between the attempts, in order.
class backoff {
 public:
  explicit backoff(const retry_policy& policy, std::uint64_t seed = std::random_device{}())
      : policy_(policy), nominal_(policy.first_delay), random_(seed) {}

  retry_policy::duration next() {
    const auto nominal = std::min(nominal_, seconds(policy_.max_delay));
    nominal_ = nominal * policy_.factor;
    const double chance = std::uniform_real_distribution<double>{0.0, 1.0}(random_);
    const auto delay = nominal * (1.0 - policy_.jitter * chance);
    return std::chrono::duration_cast<retry_policy::duration>(delay);
  }

 private:
  using seconds = std::chrono::duration<double>;

  retry_policy policy_;
  seconds nominal_;
  std::mt19937_64 random_;
};

}  // namespace quotes
