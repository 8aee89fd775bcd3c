// The time since a program began, as its test sees it.
#pragma once

#include <chrono>

using namespace std::chrono_literals;

class timing {
 public:
  using clock = std::chrono::steady_clock;
  using duration = clock::duration;

  duration passed() const { return clock::now() - begun_; }
  /// To the millisecond: threads have a part in it.
  bool is_about(duration wanted) const { return passed() >= wanted && passed() < wanted + 1ms; }

 private:
  clock::time_point begun_ = clock::now();
};
