// The value of a coroutine that somebody else awaits.
#pragma once

#include "../../model/asio_names.hpp"

#include AWAITEST_ASIO(awaitable.hpp)

#include <concepts>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace awaitest::detail {

template <class T>
struct result {
  std::unique_ptr<T> value;
  T take() {
    const auto taken = std::move(value);
    if (!taken)
      throw std::logic_error("the child's value has been joined before: it goes to the first who joins");
    return std::move(*taken);
  }
};
template <class T>
struct result<T&> {
  T* value = nullptr;
  T& take() { return *value; }
};

// Coroutines whose types are the user's are members of class templates, here and elsewhere: g++ takes the frame of a function
// template for one type in all files, also where an argument is local to its file (-Wodr, with -flto).
template <class T>
struct delivery {
  using value_type = typename asio::awaitable<T>::value_type;
  static asio::awaitable<void> start(asio::awaitable<T> work, std::shared_ptr<result<value_type>> into) {
    if constexpr (std::is_reference_v<value_type>)
      into->value = std::addressof(co_await std::move(work));
    else
      into->value = std::make_unique<T>(co_await std::move(work));
  }
};
template <class T>
asio::awaitable<void> deliver(asio::awaitable<T> work,
                              std::shared_ptr<result<typename delivery<T>::value_type>> into) {
  return delivery<T>::start(std::move(work), std::move(into));
}

template <class A>
struct awaited;
template <class T>
struct awaited<asio::awaitable<T>> {
  using type = T;
};

/// An awaitable of Asio's, on whatever executor: a forgotten `co_await` leaves one.
template <class T>
inline constexpr bool is_awaitable = false;
template <class T, class Executor>
inline constexpr bool is_awaitable<asio::awaitable<T, Executor>> = true;

/// A callable that makes an awaitable: a coroutine lambda, most of all.
template <class F>
concept makes_awaitable = requires(F& make) { typename awaited<decltype(make())>::type; };

template <class A>
inline constexpr bool has_other_executor = false;
template <class T, class Executor>
inline constexpr bool has_other_executor<asio::awaitable<T, Executor>> =
    !std::is_same_v<Executor, asio::any_io_executor>;
template <class F>
concept makes_other_awaitable = requires(F& make) { requires has_other_executor<decltype(make())>; };
/// An awaitable that no coroutine of a test can await, or a callable that makes one.
template <class A>
concept of_other_executor = has_other_executor<std::remove_cvref_t<A>> || makes_other_awaitable<A>;

/// The one sentence on it.
template <class A>
constexpr void refuse_other_executor() {
  static_assert(
      !of_other_executor<A>,
      "an awaitable of another executor type runs on an executor of that type only: give awaitest "
      "asio::co_spawn(executor, std::move(work), asio::use_awaitable), where executor is, for example, "
      "awaitest::this_test::io_context().get_executor()");
}

/// Keeps the callable, and with it the captures of a coroutine lambda, alive while its coroutine runs.
template <makes_awaitable F>
struct kept_callable {
  using made = decltype(std::declval<F&>()());
  static made start(F make) {
    if constexpr (requires(made&& one) { std::move(one).address(); })
      return made{address_of(std::move(make))};  // it is made by no coroutine
    else
      return value_of(std::move(make));
  }

 private:
  static made value_of(F make) { co_return co_await make(); }
  static asio::awaitable<void*> address_of(F make) { co_return co_await make().address(); }
};
template <makes_awaitable F>
auto run(F make) -> decltype(make()) {
  return kept_callable<F>::start(std::move(make));
}

}  // namespace awaitest::detail
