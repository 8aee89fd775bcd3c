// An order between calls, of one mock or of several.
#pragma once

#include <memory>

#include "../../model/location.hpp"

namespace awaitest {

namespace detail {
struct sequence_core;  // mock/core.hpp
}

/// An order for `in(sequence, ...)`. A step may be called once every earlier one has been called as often as it must be
/// (`called`); or once those calls have completed as well (`done`).
enum class step { called, done };

/// Expectations `in` it are to be met in the order in which they were put there: a call that comes too early matches none
/// of the later ones. An expectation may be in several: that makes a partial order. Any thread. Copies are one sequence.
class sequence {
 public:
  explicit sequence(location where = location::current());

 private:
  template <class, class, class...>
  friend class expectation;
  std::shared_ptr<detail::sequence_core> core_;
};

}  // namespace awaitest
