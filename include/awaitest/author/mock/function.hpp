// Mocks of functions: awaited ones, and plain ones beside them.
#pragma once

#include "../../model/asio_names.hpp"

#include AWAITEST_ASIO(awaitable.hpp)

#include <memory>
#include <string_view>
#include <utility>

#include "../async/awaitable_reference.hpp"
#include "awaited.hpp"

namespace awaitest {
namespace detail {

/// Until the call's answer is decided, its latency over, its gates open.
asio::awaitable<void> wait_for_answer(std::shared_ptr<call_core> call);
/// The coroutine was destroyed: while it waited, or without ever having been awaited.
void abandon_call(call_core& call);

/// In the frame of the coroutine that answers: whatever becomes of it, the record learns of it.
template <class Record>
class call_token {
 public:
  explicit call_token(std::shared_ptr<Record> call) noexcept : call_{std::move(call)} {}
  call_token(call_token&&) noexcept = default;
  call_token& operator=(call_token&&) = delete;
  ~call_token() {
    if (call_) detail::abandon_call(*call_);
  }
  const std::shared_ptr<Record>& call() const noexcept { return call_; }

 private:
  std::shared_ptr<Record> call_;
};

// The answer is kept here while it runs: an action may destroy its mock, or outlive it.
template <class R, class... Args>
struct mock_answering {
  static asio::awaitable<R> start(call_token<call_record<R, Args...>> token) {
    auto& call = *token.call();
    try {
      if (detail::begin_await(call)) {
        auto waiting = detail::wait_for_answer(token.call());
        co_await std::move(waiting);
      }
      const auto answer = call.answer;
      if (call.error) std::rethrow_exception(call.error);
      if constexpr (std::is_void_v<R>) {
        if (answer && answer->is_coroutine) {
          auto work = static_cast<answer_of<R, Args...>&>(*answer).start(call);
          co_await std::move(work);
        } else {
          take_value(call, answer.get());
        }
        detail::end_call(call, nullptr);
        co_return;
      } else {
        if (answer && answer->is_coroutine) {
          auto work = static_cast<answer_of<R, Args...>&>(*answer).start(call);
          if constexpr (std::is_reference_v<R>) {
            R value = co_await std::move(work);
            detail::end_call(call, nullptr);
            co_return value;
          } else {
            auto value = co_await std::move(work);
            detail::end_call(call, nullptr);
            co_return std::move(value);
          }
        }
        if constexpr (std::is_reference_v<R>) {
          R value = take_value(call, answer.get());
          detail::end_call(call, nullptr);
          co_return value;
        } else {
          auto value = take_value(call, answer.get());
          detail::end_call(call, nullptr);
          co_return std::move(value);
        }
      }
    } catch (...) {
      detail::end_call(call, std::current_exception());
      throw;
    }
  }
};

}  // namespace detail

/// An asynchronous function of that signature: `co_await resolve("x")`. To be called, given to code that takes a callable
/// (a copy is a handle to the same mock), or made a member of a class. A call is matched, counted and ordered when it is
/// called, and answered when it is awaited; an awaitable that nobody awaits fails the test.
template <class Signature>
class async_mock;

template <class R, class... Args>
class async_mock<R(Args...)> : public detail::awaited_mock<detail::async_kind, R, Args...> {
  using base = detail::awaited_mock<detail::async_kind, R, Args...>;

 public:
  explicit async_mock(std::string_view name = "async_mock", location where = location::current(),
                      std::string_view of = {})
      : base{name, of, detail::mock_kind::async, where} {}

  asio::awaitable<R> operator()(Args... arguments) const {
    return detail::mock_answering<R, Args...>::start(
        detail::call_token<detail::call_record<R, Args...>>{base::make(std::forward<Args>(arguments)...)});
  }
  /// The same, for methods that are `noexcept`: what fails is thrown where the call is awaited.
  asio::awaitable<R> call_noexcept(Args... arguments) const noexcept {
    return (*this)(std::forward<Args>(arguments)...);
  }
};

/// A plain function of that signature, with the same expectations; a call that nothing expects throws `unexpected_call`;
/// in a destructor that an exception has called it returns a value-initialised R.
template <class Signature>
class mock;

template <class R, class... Args>
class mock<R(Args...)> : public detail::mock_base<detail::plain_kind, R, Args...> {
  using base = detail::mock_base<detail::plain_kind, R, Args...>;

 public:
  explicit mock(std::string_view name = "mock", location where = location::current(),
                std::string_view of = {})
      : base{name, of, detail::mock_kind::plain, where} {}

  R operator()(Args... arguments) const {
    const auto call = base::make(std::forward<Args>(arguments)...);
    detail::begin_await(*call);
    const auto answer = call->answer;
    if constexpr (std::is_void_v<R> || std::is_default_constructible_v<R>) {
      if (call->unexpected && detail::unwinding()) {
        detail::end_call(*call, call->error);
        return R();
      }
    }
    try {
      if (call->error) std::rethrow_exception(call->error);
      if constexpr (std::is_void_v<R>) {
        detail::take_value(*call, answer.get());
        detail::end_call(*call, nullptr);
      } else {
        decltype(auto) value = detail::take_value(*call, answer.get());
        detail::end_call(*call, nullptr);
        return static_cast<R>(std::forward<R>(value));
      }
    } catch (...) {
      detail::end_call(*call, std::current_exception());
      throw;
    }
  }

  /// For functions that are `noexcept`: what would be thrown has failed the test already, and a value-initialised R is
  /// returned. An exception that an action or throws() gives ends the program, as it would in the real one.
  R call_noexcept(Args... arguments) const noexcept {
    try {
      return (*this)(std::forward<Args>(arguments)...);
    } catch (const unexpected_call&) {
      if constexpr (std::is_void_v<R>)
        return;
      else if constexpr (std::is_default_constructible_v<R>)
        return R();
      else
        throw;
    }
  }
};

}  // namespace awaitest
