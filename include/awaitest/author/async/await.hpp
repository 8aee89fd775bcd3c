// A std::future, awaited.
#pragma once

#include "../../config.hpp"
#include "../../model/asio_names.hpp"

#include AWAITEST_CHRONO_HEADER
#include AWAITEST_ASIO(awaitable.hpp)

#include <concepts>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "../../model/location.hpp"
#include "awaitable_reference.hpp"

namespace awaitest {
namespace detail {

/// A std::future or std::shared_future, or what is made like them; without <future>, which is not light.
template <class F>
concept future_like = std::movable<F> && requires(F& f) {
  { f.valid() } -> std::convertible_to<bool>;
  f.wait();
  f.get();
  f.wait_for(std::chrono::nanoseconds{0});
};

/// A future with its type taken away.
struct awaited_future {
  virtual ~awaited_future();
  /// Blocks until it is ready.
  virtual void wait() = 0;
};

/// Until the future is ready: a thread of its own waits for it, and keeps it alive until then.
asio::awaitable<void> wait_for_future(std::shared_ptr<awaited_future> future, location where);

template <class Future>
struct future_wait final : awaited_future {
  explicit future_wait(Future&& given) : future(std::move(given)) {}
  void wait() override { future.wait(); }
  /// Also of a deferred one: get() runs it.
  bool needs_no_thread() const {
    using status = decltype(future.wait_for(std::chrono::nanoseconds{0}));
    if constexpr (requires { status::timeout; })
      return future.wait_for(std::chrono::nanoseconds{0}) != status::timeout;
    else
      return false;
  }
  Future future;
};

template <class Future>
struct future_value {
  using got = decltype(std::declval<Future&>().get());
  static constexpr bool refers =
      std::is_lvalue_reference_v<got> && !std::is_const_v<std::remove_reference_t<got>>;
  using type = std::conditional_t<refers, got, std::decay_t<got>>;
  static asio::awaitable<type> start(std::shared_ptr<future_wait<Future>> wait, location where) {
    if (!wait->needs_no_thread()) {
      auto ready = detail::wait_for_future(wait, where);
      co_await std::move(ready);
    }
    if constexpr (std::is_void_v<type>)
      wait->future.get();
    else
      co_return wait->future.get();
  }
};

}  // namespace detail

/// The value of a std::future, or a copy of that of a std::shared_future; what it threw is thrown. The future is taken over, as
/// by its get(), also where a variable is given; a shared one is copied. A deferred one is run here. An invalid one throws
/// std::invalid_argument. Work on another thread that makes it ready holds virtual time, and the verdict that the test is
/// stuck, as all work of other threads does. A cancellation, also that of `with_timeout`, ends the wait at once; the
/// thread that waits for the future goes on for as long as that is not ready.
template <class Future>
  requires detail::future_like<std::remove_cvref_t<Future>>
auto await(Future&& future, location where = location::current()) {
  using plain = std::remove_cvref_t<Future>;
  if (!future.valid())
    throw std::invalid_argument(
        "await(): the future is not valid: it was default-constructed, moved from, or its value has been "
        "taken");
  auto wait = [&] {
    if constexpr (std::copy_constructible<plain>)
      return std::make_shared<detail::future_wait<plain>>(plain(std::forward<Future>(future)));
    else
      return std::make_shared<detail::future_wait<plain>>(std::move(future));
  }();
  return detail::future_value<plain>::start(std::move(wait), where);
}

}  // namespace awaitest
