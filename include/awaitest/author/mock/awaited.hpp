// Mocks that are awaited: calls in flight, calls that the test answers, assertions about awaits.
#pragma once

#include "../../model/asio_names.hpp"

#include AWAITEST_ASIO(awaitable.hpp)

#include <cstddef>
#include <exception>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "base.hpp"

namespace awaitest::detail {

/// The call is awaited for the first time. True when there is something to wait for.
bool begin_await(call_core& call);
/// The caller gets a value; or `error`.
void end_call(call_core& call, const std::exception_ptr& error);

asio::awaitable<std::shared_ptr<call_core>> next_call(std::shared_ptr<mock_core> mock, location where);
mock_verdict has_awaits(const mock_core& mock, const std::vector<std::shared_ptr<expectation_core>>& wanted,
                        bool in_order);

template <class Kind, class R, class... Args>
class awaited_mock : public mock_base<Kind, R, Args...> {
  using base = mock_base<Kind, R, Args...>;
  template <class T>
  using wanted = typename base::template wanted<T>;

 public:
  /// Waits for the next call that the test is to answer: one that nothing expects, whose expectation has no answer, or that
  /// `pends()`; the oldest that has not been taken. From the first next_call() on, such calls wait for it. Without it a
  /// call that nothing expects waits until the test has come to rest, and is unexpected then.
  asio::awaitable<mock_call<R, Args...>> next_call(location where = location::current()) const {
    return next(base::shared_core(), where);
  }

  /// The calls that were awaited and have not ended; and the most of them at one time since the last reset().
  std::size_t in_flight() const { return count_of(base::core(), counted::in_flight); }
  std::size_t max_in_flight() const { return count_of(base::core(), counted::max_in_flight); }

  // Assertions about awaits, with the meanings of Python's AsyncMock: a call counts when it is awaited for the first time.

  std::size_t await_count() const { return count_of(base::core(), counted::awaits); }
  mock_verdict awaited() const { return base::say(await_count() != 0, true, "awaited()"); }
  mock_verdict not_awaited() const { return base::say(await_count() == 0, true, "not_awaited()"); }
  mock_verdict awaited_once() const { return base::say(await_count() == 1, true, "awaited_once()"); }
  /// The last await was with these arguments.
  mock_verdict awaited_with(wanted<Args>... arguments) const {
    return base::last_is(true, "awaited_with", std::move(arguments)...);
  }
  /// There was one await, and it was with these arguments.
  mock_verdict awaited_once_with(wanted<Args>... arguments) const {
    return base::only_is(true, "awaited_once_with", std::move(arguments)...);
  }
  /// Any of the awaits was with these arguments.
  mock_verdict any_await(wanted<Args>... arguments) const {
    return base::any_is(true, "any_await", std::move(arguments)...);
  }
  /// The awaits contain these, one after the other: each is a tuple of what is wanted of the arguments, or, for a function
  /// of one parameter, just that.
  template <class... Each>
  mock_verdict has_awaits(Each&&... each) const {
    return has(true, std::forward<Each>(each)...);
  }
  /// The awaits contain these, in whatever order; each stands for one await.
  template <class... Each>
  mock_verdict has_awaits_in_any_order(Each&&... each) const {
    return has(false, std::forward<Each>(each)...);
  }

 private:
  static asio::awaitable<mock_call<R, Args...>> next(std::shared_ptr<mock_core> core, location where) {
    auto waiting = detail::next_call(std::move(core), where);
    auto call = co_await std::move(waiting);
    co_return mock_call<R, Args...>{std::static_pointer_cast<call_record<R, Args...>>(std::move(call))};
  }
  template <class Each>
  static std::shared_ptr<expectation_core> pattern_of(Each&& each) {
    if constexpr (requires { std::tuple_size<std::remove_cvref_t<Each>>::value; } && sizeof...(Args) != 1)
      return std::apply([](auto&&... one) { return base::pattern(std::move(one)...); },
                        std::remove_cvref_t<Each>(std::forward<Each>(each)));
    else
      return base::pattern(std::forward<Each>(each));
  }
  template <class... Each>
  mock_verdict has(bool in_order, Each&&... each) const {
    std::vector<std::shared_ptr<expectation_core>> wanted_calls;
    (wanted_calls.push_back(pattern_of(std::forward<Each>(each))), ...);
    return detail::has_awaits(base::core(), wanted_calls, in_order);
  }

 protected:
  using base::base;
};

}  // namespace awaitest::detail
