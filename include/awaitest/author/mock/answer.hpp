// Answers of a mock: values, errors, actions.
#pragma once

#include "../../model/asio_names.hpp"

#include AWAITEST_ASIO(awaitable.hpp)

#include <concepts>
#include <exception>
#include <memory>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../async/result.hpp"
#include "call.hpp"
#include "lasting.hpp"

namespace awaitest {

/// An error in a list of answers: `answers(user{1}, awaitest::error(asio::error::eof))`.
struct error {
  template <class C>
    requires std::is_constructible_v<error_code, C>
  explicit error(C what) : code(what) {}
  error_code code;
};
/// An exception in a list of answers: `answers(user{1}, awaitest::raised(not_found{}))`.
struct raised {
  template <class E>
  explicit raised(E what) : exception{std::make_exception_ptr(std::move(what))} {}
  std::exception_ptr exception;
};
/// In a list of answers: the call waits for the test's reply, its cancellation, or the test's end.
inline constexpr struct pending_t {
} pending{};
/// In a list of answers of a function that returns nothing: it completes.
inline constexpr struct completed_t {
} completed{};

namespace detail {

/// Both throw, where the engine never comes. An empty awaitable in their place would be awaited, as far as analysers know.
[[noreturn]] void no_answer();
[[noreturn]] void no_coroutine();

/// The part of an answer that knows no types.
struct answer_core {
  virtual ~answer_core();
  std::exception_ptr error;  ///< instead of a value
  bool pends = false;        ///< neither
  bool once = false;         ///< its value can only be moved
  bool is_coroutine = false;
};

template <class R, class... Args>
struct answer_of : answer_core {
  virtual R now(call_record<R, Args...>& call) = 0;
  /// Only where `is_coroutine` is true. The caller keeps this object and the record alive as long as the coroutine runs.
  virtual asio::awaitable<R> start(call_record<R, Args...>& call) = 0;
};

template <class R, class... Args>
struct value_answer final : answer_of<R, Args...> {
  template <class V>
  explicit value_answer(V&& given) : value(detail::keep_lasting<R>(std::forward<V>(given))) {
    this->once = !std::is_copy_constructible_v<R>;
  }
  R now(call_record<R, Args...>&) override {
    if constexpr (std::is_copy_constructible_v<R>)
      return lasting<R>::show(value);
    else
      return std::move(value);  // it is given once: the engine sees to that
  }
  asio::awaitable<R> start(call_record<R, Args...>&) override { no_coroutine(); }
  typename lasting<R>::type value;
};
template <class R, class... Args>
struct value_answer<R&, Args...> final : answer_of<R&, Args...> {
  template <class V>
  explicit value_answer(V&& given) : value(referred<R>::of(std::forward<V>(given))) {}
  R& now(call_record<R&, Args...>&) override { return *value.object; }
  asio::awaitable<R&> start(call_record<R&, Args...>&) override { no_coroutine(); }
  referred<R> value;
};
template <class... Args>
struct value_answer<void, Args...> final : answer_of<void, Args...> {
  void now(call_record<void, Args...>&) override {}
  asio::awaitable<void> start(call_record<void, Args...>&) override { no_coroutine(); }
};

/// The recorded arguments as an action takes them: as they are, moved out of the record, or not at all.
template <class F, class... Args>
inline constexpr bool takes_records =
    std::is_invocable_v<F&, decltype(std::declval<argument<Args>&>().pass())...>;

template <class Argument>
decltype(auto) pass_on(Argument& each) {
  if constexpr (requires { each.pass_on(); })
    return each.pass_on();
  else
    return each.pass();
}

template <class F, class... Args>
inline constexpr bool passes_on =
    std::is_invocable_v<F&, decltype(pass_on(std::declval<argument<Args>&>()))...>;

template <class F, class... Args>
  requires(takes_records<F, Args...> || passes_on<F, Args...> || std::is_invocable_v<F&>)
decltype(auto) call_action(F& action, [[maybe_unused]] std::tuple<argument<Args>...>& arguments) {
  return std::apply(
      [&action](auto&... each) -> decltype(auto) {
        if constexpr (takes_records<F, Args...>)
          return action(each.pass()...);
        else if constexpr (passes_on<F, Args...>)
          return action(pass_on(each)...);
        else
          return action();
      },
      arguments);
}

template <class F, class... Args>
inline constexpr bool is_action = requires(F& f, std::tuple<argument<Args>...>& a) { call_action(f, a); };

template <class Result>
struct answered_by {
  using type = Result;
};
template <class T>
struct answered_by<asio::awaitable<T>> {
  using type = T;
};

template <class F, class R, class... Args>
struct action_answer final : answer_of<R, Args...> {
  using result = decltype(call_action(std::declval<F&>(), std::declval<std::tuple<argument<Args>...>&>()));
  static constexpr bool coroutine = requires { typename awaited<result>::type; };
  static_assert(
      outlives<R, typename answered_by<result>::type>(),
      "the mocked function returns a reference or a view, and this action a value that dies before the "
      "caller sees it: let the action return a reference or a view too, or give the value to returns()");

  explicit action_answer(F&& given) : action(std::move(given)) { this->is_coroutine = coroutine; }

  R now([[maybe_unused]] call_record<R, Args...>& call) override {
    if constexpr (coroutine)
      throw std::logic_error("a coroutine was given as the action of a plain function");
    else if constexpr (std::is_void_v<R>)
      static_cast<void>(call_action(action, call.arguments));
    else
      return static_cast<R>(call_action(action, call.arguments));
  }
  asio::awaitable<R> start([[maybe_unused]] call_record<R, Args...>& call) override {
    if constexpr (!coroutine)
      no_coroutine();
    else if constexpr (std::is_same_v<result, asio::awaitable<R>>)
      return call_action(action, call.arguments);
    else
      return convert(call_action(action, call.arguments));
  }
  F action;

 private:
  template <class T>
  static asio::awaitable<R> convert(asio::awaitable<T> work) {
    if constexpr (std::is_void_v<R>)
      static_cast<void>(co_await std::move(work));
    else
      co_return static_cast<R>(co_await std::move(work));
  }
};

template <class R, class... Args>
R take_value(call_record<R, Args...>& call, answer_core* answer) {
  if (call.replied) return call.reply.take();
  if (answer) return static_cast<answer_of<R, Args...>&>(*answer).now(call);
  if constexpr (std::is_void_v<R>)
    return;
  else if constexpr (std::is_default_constructible_v<R>)
    return R();
  else
    no_answer();  // not reached: the engine has failed the call
}

std::shared_ptr<answer_core> error_answer(std::exception_ptr error);
std::shared_ptr<answer_core> pending_answer();

/// Makes the answers of functions, plain or asynchronous. The initiating functions have their own.
struct function_answers {
  template <class R, class... Args, class A>
  static std::shared_ptr<answer_core> make(A&& given) {
    using type = std::decay_t<A>;
    if constexpr (std::is_same_v<type, error>)
      return error_answer(std::make_exception_ptr(asio::system_error(given.code)));
    else if constexpr (std::is_same_v<type, raised>)
      return error_answer(given.exception);
    else if constexpr (std::is_same_v<type, pending_t>)
      return pending_answer();
    else if constexpr (std::is_same_v<type, completed_t>)
      return value<R, Args...>();
    else if constexpr (is_action<type, Args...> && !std::is_same_v<type, std::remove_cvref_t<R>>)
      return std::make_shared<action_answer<type, R, Args...>>(type(std::forward<A>(given)));
    else
      return value<R, Args...>(std::forward<A>(given));
  }
  template <class R, class... Args, class... V>
  static std::shared_ptr<answer_core> value(V&&... given) {
    static_assert(sizeof...(V) == (std::is_void_v<R> ? 0 : 1),
                  "a function that returns nothing completes(), another one returns(value)");
    if constexpr (sizeof...(V) == (std::is_void_v<R> ? 0 : 1)) {
      static_assert((std::is_constructible_v<R, V&&> && ...),
                    "an answer is a value of the function's type, a function of its parameters or of none, "
                    "awaitest::error(code), awaitest::raised(exception) or awaitest::pending");
      return std::make_shared<value_answer<R, Args...>>(std::forward<V>(given)...);
    }
  }
  template <class F, class R, class... Args>
  static std::shared_ptr<answer_core> action(F&& given) {
    return std::make_shared<action_answer<F, R, Args...>>(std::move(given));
  }
  template <class R, class... Args>
  static std::shared_ptr<answer_core> failure(std::exception_ptr what) {
    return error_answer(std::move(what));
  }
};

}  // namespace detail
}  // namespace awaitest
