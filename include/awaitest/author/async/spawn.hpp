// Children of the test, and what is done at its end.
#pragma once

#include "../../model/asio_names.hpp"

#include AWAITEST_ASIO(awaitable.hpp)

#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../../model/location.hpp"
#include "../current/current.hpp"
#include "result.hpp"

namespace awaitest {

template <class T>
class task;

namespace detail {

struct child_state;  // loop/launch.hpp

/// Starts a child at the next turn of the loop. Outside of a test it throws std::logic_error.
std::shared_ptr<child_state> spawn(asio::awaitable<void> work, std::string_view name, location where,
                                   bool background);

asio::awaitable<void> join(std::shared_ptr<child_state> child, location where);
void cancel(child_state& child);
bool done(const child_state& child);

class task_base {
 public:
  /// Asks the child to end: terminal cancellation, delivered from the loop. A child that ends for that reason has not failed.
  void cancel() const { detail::cancel(*state_); }
  /// Whether it has ended, in whatever way.
  bool done() const { return detail::done(*state_); }

 protected:
  explicit task_base(std::shared_ptr<child_state> child) : state_{std::move(child)} {}
  std::shared_ptr<child_state> state_;
};

/// `cleanup` with its type taken away: one call, and an awaitable where it has one.
struct cleanup_action {
  virtual ~cleanup_action();
  /// Runs it. True when `out` was set and is to be awaited; the action lives until it has ended.
  virtual bool run(asio::awaitable<void>& out) = 0;
};
void add_cleanup(std::unique_ptr<cleanup_action> action, location where);

template <class F>
struct cleanup_call final : cleanup_action {
  explicit cleanup_call(F&& action) : call(std::move(action)) {}
  bool run([[maybe_unused]] asio::awaitable<void>& out) override {
    if constexpr (makes_awaitable<F>) {
      out = call();
      return true;
    } else {
      call();
      return false;
    }
  }
  F call;
};

}  // namespace detail

/// A running child. Dropping the handle changes nothing: the test awaits its children.
template <class T>
class task : public detail::task_base {
 public:
  task(std::shared_ptr<detail::child_state> child, std::shared_ptr<detail::result<T>> value)
      : task_base{std::move(child)}, value_{std::move(value)} {}

  /// Waits for its end; its value, or what it threw, goes to the first who joins. A child whose exception was joined
  /// does not fail the test by itself. When the joining coroutine is cancelled, the child goes on.
  asio::awaitable<T> join(location where = location::current()) const { return wait(state_, value_, where); }

 private:
  static asio::awaitable<T> wait(std::shared_ptr<detail::child_state> state,
                                 std::shared_ptr<detail::result<T>> value, location where) {
    co_await detail::join(std::move(state), where);
    co_return value->take();
  }
  std::shared_ptr<detail::result<T>> value_;
};

template <>
class task<void> : public detail::task_base {
 public:
  explicit task(std::shared_ptr<detail::child_state> child) : task_base{std::move(child)} {}
  asio::awaitable<void> join(location where = location::current()) const {
    return detail::join(state_, where);
  }
};

/// Starts a child of the test, in the order of the calls, at the next turn of the loop. The test awaits it before it
/// ends, and fails when the child fails and nobody joined it. The name and place are what a report calls it by.
template <class T>
task<typename asio::awaitable<T>::value_type> spawn(asio::awaitable<T> work, std::string_view name = {},
                                                    location where = location::current()) {
  using value_type = typename asio::awaitable<T>::value_type;
  if constexpr (std::is_void_v<T>) {
    return task<void>{detail::spawn(std::move(work), name, where, false)};
  } else {
    auto value = std::make_shared<detail::result<value_type>>();
    auto filled = detail::deliver(std::move(work), value);
    return task<value_type>{detail::spawn(std::move(filled), name, where, false), std::move(value)};
  }
}
/// The same for a callable that makes the awaitable. The callable, with the captures of a coroutine lambda, is kept
/// alive as long as the child runs: `spawn([&]() -> asio::awaitable<void> { ... })`, not `spawn([&] { ... }())`.
template <detail::makes_awaitable F>
auto spawn(F make, std::string_view name = {}, location where = location::current()) {
  return spawn(detail::run(std::move(make)), name, where);
}

template <detail::of_other_executor A>
void spawn(A&&, std::string_view = {}, location = location::current()) {
  detail::refuse_other_executor<A>();
}

/// A child that is cancelled and drained after the body, the other children having ended: a server, a heartbeat.
inline task<void> spawn_background(asio::awaitable<void> work, std::string_view name = {},
                                   location where = location::current()) {
  return task<void>{detail::spawn(std::move(work), name, where, true)};
}
template <detail::makes_awaitable F>
task<void> spawn_background(F make, std::string_view name = {}, location where = location::current()) {
  return spawn_background(detail::run(std::move(make)), name, where);
}

template <detail::of_other_executor A>
void spawn_background(A&&, std::string_view = {}, location = location::current()) {
  detail::refuse_other_executor<A>();
}

/// Called after the body and its children, last in first out, whatever happened; also when they failed or timed out.
/// A callable that returns an awaitable is awaited. What it throws fails the test and hides nothing else.
template <class F>
void cleanup(F action, location where = location::current()) {
  detail::refuse_other_executor<F>();
  detail::add_cleanup(std::make_unique<detail::cleanup_call<F>>(std::move(action)), where);
}

}  // namespace awaitest
