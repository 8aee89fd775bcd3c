// Awaitables whose co_await is a reference.
#pragma once

#include "../../model/asio_names.hpp"

#include AWAITEST_ASIO(awaitable.hpp)
#include AWAITEST_ASIO(version.hpp)

#include <memory>
#include <utility>

namespace awaitest::detail {

/// The type of value of what `use<T>()` returns, asio::awaitable<reference<T>>: awaited, that is a T&.
template <class T>
struct reference;

}  // namespace awaitest::detail

AWAITEST_ASIO_BEGIN

/// An awaitable of the address, which shows what is there. Asio's coroutines await an asio::awaitable and nothing else that has
/// a reference for its value; a specialisation for a type of awaitest's is in the way of no version of Asio.
template <class T, class Executor>
class [[nodiscard]] awaitable<awaitest::detail::reference<T>, Executor> {
 public:
  using value_type = T&;
  using executor_type = Executor;

  explicit awaitable(awaitable<void*, Executor> address) noexcept : address_{std::move(address)} {}
  bool valid() const noexcept { return address_.valid(); }
  awaitable<void*, Executor> address() && { return std::move(address_); }

  bool await_ready() const noexcept { return address_.await_ready(); }
  template <class Coroutine>
  auto await_suspend(Coroutine waiting) {
    return address_.await_suspend(waiting);
  }
  T& await_resume() { return *static_cast<T*>(address_.await_resume()); }

 private:
  awaitable<void*, Executor> address_;
};

// A coroutine that returns asio::awaitable<T&>: mocks of such functions, std::future<T&>, `task<T&>::join`. Asio declares it and, up
// to 1.38, cannot hold it; a later Asio may bring its own.
#if ASIO_VERSION < 103900
namespace detail {

/// The promise of a coroutine that returns a reference: it keeps the address.
template <typename T, typename Executor>
class awaitable_frame<T&, Executor> : public awaitable_frame_base<Executor> {
 public:
  awaitable<T&, Executor> get_return_object() noexcept {
    this->coro_ = coroutine_handle<awaitable_frame>::from_promise(*this);
    return awaitable<T&, Executor>(this);
  }
  void return_value(T& value) noexcept { result_ = std::addressof(value); }
  T& get() {
    this->caller_ = nullptr;
    this->rethrow_exception();
    return *result_;
  }

 private:
  T* result_ = nullptr;
};

}  // namespace detail
#endif

AWAITEST_ASIO_END
