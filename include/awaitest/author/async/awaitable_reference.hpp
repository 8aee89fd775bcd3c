// asio::awaitable<T&>, which Asio (1.22 to 1.38) declares but cannot hold: what `use<T>()` returns.
#pragma once

#include <asio/awaitable.hpp>

#include <memory>

#include "asio_namespace.hpp"

AWAITEST_ASIO_BEGIN
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
AWAITEST_ASIO_END
