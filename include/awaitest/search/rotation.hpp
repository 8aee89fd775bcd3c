// The ways to choose at random, in turn: each is good at different bugs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "choosers.hpp"

namespace awaitest::detail {

/// Ten runs: four are uniform, two by the priorities of chains, two hold somebody back, one is weighted by what remains, and one is PCT with
/// three priorities.
class rotation {
 public:
  /// For run number `run`. `horizon`: how many choices there are, about. Valid until the next call.
  chooser& at(std::uint64_t run, std::uint64_t seed, std::size_t horizon,
              by_remaining_steps::counts expected) {
    switch (run % 10) {
      case 1:
      case 6: priorities_.begin(seed, 0, 0); return priorities_;
      case 3:
      case 8: postponement_.begin(seed); return postponement_;
      case 4: weights_.begin(seed, std::move(expected)); return weights_;
      case 9: priorities_.begin(seed, 2, horizon); return priorities_;
      default: uniform_.begin(seed); return uniform_;
    }
  }

 private:
  uniform uniform_;
  priorities priorities_;
  random_postponement postponement_;
  by_remaining_steps weights_;
};

}  // namespace awaitest::detail
