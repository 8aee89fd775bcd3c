// Lets through so many a second, and for a moment more: a bucket that fills at a rate and holds a burst.
#pragma once

#include <chrono>
#include <cstdint>

#include <asio/awaitable.hpp>

namespace limits {

class token_bucket {
 public:
  // `rate` tokens a second, at most `burst` at once; full at first. Both are at least 1.
  token_bucket(std::int64_t rate, std::int64_t burst);

  // Takes so many if they are there.
  bool try_take(std::int64_t tokens = 1);

  // Takes them now, and waits until they are there: first come, first served, and a large wish is not starved by
  // small ones behind it. A wait that is cancelled gives them back. Throws std::invalid_argument for more than `burst`.
  asio::awaitable<void> take(std::int64_t tokens = 1);

  // How many are there now; less than none when some are owed to those who wait.
  std::int64_t available() const;

 private:
  using clock = std::chrono::steady_clock;

  clock::duration time_for(std::int64_t tokens) const;
  clock::time_point empty_after(std::int64_t tokens) const;

  std::int64_t rate_;
  std::int64_t burst_;
  clock::time_point empty_at_;  // when it was, or will be, empty; it fills from then on
};

}  // namespace limits
