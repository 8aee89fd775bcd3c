// Forcing an order: gate, barrier, sequencer. All three may be used from any thread; who waits is resumed through its own
// executor, never inside the call that lets it go. Each is named, with the waiting line, in the report of a stuck test.
#pragma once

#include "../../model/asio_names.hpp"

#include AWAITEST_ASIO(awaitable.hpp)

#include <cstddef>
#include <memory>

#include "../../model/location.hpp"

namespace awaitest {

class gate;

namespace detail {
struct wait_list;         // task/wait_list.hpp
struct expectation_core;  // author/mock/expectation.hpp
void add_gate(expectation_core& of, const gate& which);
}  // namespace detail

/// Closed at first; waiting ends when it is open. Destroying it, or cancelling the wait, ends the wait with
/// `asio::error::operation_aborted`.
class gate {
 public:
  explicit gate(location where = location::current());
  gate(const gate&) = delete;
  gate& operator=(const gate&) = delete;
  ~gate();

  /// Returns at once while the gate is open.
  asio::awaitable<void> wait(location where = location::current());
  /// Lets everyone go who waits, and everyone who comes until it is closed again.
  void open();
  void close();
  bool is_open() const;

 private:
  friend void detail::add_gate(detail::expectation_core& of, const gate& which);
  // Each wait has its share of the state: it may begin, and end, after the gate is gone.
  static asio::awaitable<void> wait(std::shared_ptr<detail::wait_list> state, location where);
  std::shared_ptr<detail::wait_list> state_;
};

/// Waits until `n` have arrived, then lets all of them go and starts afresh.
class barrier {
 public:
  /// Throws std::invalid_argument for 0.
  explicit barrier(std::size_t n, location where = location::current());
  barrier(const barrier&) = delete;
  barrier& operator=(const barrier&) = delete;
  ~barrier();

  /// Cancelled while waiting, it has not arrived.
  asio::awaitable<void> arrive(location where = location::current());
  /// The number of those that wait.
  std::size_t waiting() const;

 private:
  static asio::awaitable<void> arrive(std::shared_ptr<detail::wait_list> state, std::size_t count,
                                      location where);
  std::size_t count_;
  std::shared_ptr<detail::wait_list> state_;
};

/// Turns 0, 1, 2, ... in that order, whoever asks first: turn n begins when turn n-1 was taken and its taker has
/// come to its next suspension.
class sequencer {
 public:
  explicit sequencer(location where = location::current());
  sequencer(const sequencer&) = delete;
  sequencer& operator=(const sequencer&) = delete;
  ~sequencer();

  /// A turn that is over already throws std::logic_error.
  asio::awaitable<void> turn(std::size_t n, location where = location::current());
  /// The turn that is to be taken next.
  std::size_t next() const;

 private:
  static asio::awaitable<void> turn(std::shared_ptr<detail::wait_list> state, std::size_t n, location where);
  std::shared_ptr<detail::wait_list> state_;
};

}  // namespace awaitest
