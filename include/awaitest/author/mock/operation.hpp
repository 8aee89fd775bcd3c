// Mocks of initiating functions: the ones that take a completion token, as Asio's own do.
#pragma once

#include "../../model/asio_names.hpp"

#include AWAITEST_ASIO(associated_allocator.hpp)
#include AWAITEST_ASIO(associated_cancellation_slot.hpp)
#include AWAITEST_ASIO(associated_executor.hpp)
#include AWAITEST_ASIO(async_result.hpp)
#include AWAITEST_ASIO(buffer.hpp)
#include AWAITEST_ASIO(post.hpp)

#include <memory>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../async/spawn.hpp"
#include "awaited.hpp"
#include "completion_values.hpp"

namespace awaitest {
namespace detail {

/// Keeps the completion handler until the call is answered: on the heap, known to the test and to the engine, and
/// destroyed with the test at the latest.
struct operation_core {
  virtual void destroy() noexcept = 0;
  std::shared_ptr<call_core> call;
  /// Posts the handler with the call's outcome, or with that error. Once; from any thread.
  virtual void complete(error_code error) = 0;
  /// Runs an answer that is a coroutine, and keeps its value for `complete`. No member function: a cancellation may
  /// have destroyed the operation before it begins.
  asio::awaitable<void> (*run)(std::shared_ptr<call_core> call) = nullptr;

 protected:
  virtual ~operation_core();
};
struct destroy_operation {
  void operator()(operation_core* which) const noexcept { which->destroy(); }
};
using operation_ptr = std::unique_ptr<operation_core, destroy_operation>;
/// Takes charge of an operation that was begun, whose answer is there (`wait` is false) or is to come.
void begin_operation(operation_ptr operation, bool wait);
void cancel_operation(const std::shared_ptr<call_core>& call);
/// The executor of handlers that have none: the running test's; a system executor where no test is running.
asio::any_io_executor default_executor();

template <class R, class T>
struct adapted_values {
  static asio::awaitable<R> start(asio::awaitable<T> work) {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(work);
      co_return R();
    } else {
      auto result = co_await std::move(work);
      co_return values_of<R>::make(std::move(result));
    }
  }
};

/// The answers of an operation are the values of its signature. Errors travel in them.
struct operation_kind {
  static constexpr bool async = true;

  template <class R, class... Args, class A>
  static std::shared_ptr<answer_core> make(A&& given) {
    using type = std::decay_t<A>;
    if constexpr (std::is_same_v<type, error>)
      return failure<R, Args...>(std::make_exception_ptr(asio::system_error(given.code)));
    else if constexpr (std::is_same_v<type, raised>)
      return failure<R, Args...>(given.exception);
    else if constexpr (std::is_same_v<type, pending_t>)
      return pending_answer();
    else if constexpr (std::is_same_v<type, completed_t>)
      return value<R, Args...>();
    else if constexpr (is_action<type, Args...>)
      return action<type, R, Args...>(type(std::forward<A>(given)));
    else
      return value<R, Args...>(std::forward<A>(given));
  }
  template <class R, class... Args, class... V>
  static std::shared_ptr<answer_core> value(V&&... given) {
    return std::make_shared<value_answer<R, Args...>>(values_of<R>::make(std::forward<V>(given)...));
  }
  template <class R, class... Args>
  static std::shared_ptr<answer_core> failure(const std::exception_ptr& what) {
    static_assert(
        values_of<R>::has_error,
        "the operation's completion signature has no std::error_code or std::exception_ptr in front");
    return error_answer(what);
  }
  /// An action returns the tuple of the values, or the one value that is not the error, or nothing; or an awaitable of that.
  template <class F, class R, class... Args>
  static std::shared_ptr<answer_core> action(F&& given) {
    auto adapted = [inner = std::move(given)](auto&&... passed) mutable
      requires(std::is_invocable_v<F&, decltype(passed)...>)
    {
      using result = std::invoke_result_t<F&, decltype(passed)...>;
      if constexpr (requires { typename awaited<result>::type; })
        return adapted_values<R, typename awaited<result>::type>::start(
            inner(std::forward<decltype(passed)>(passed)...));
      else if constexpr (std::is_void_v<result>) {
        inner(std::forward<decltype(passed)>(passed)...);
        return R();
      } else
        return values_of<R>::make(inner(std::forward<decltype(passed)>(passed)...));
    };
    return std::make_shared<action_answer<decltype(adapted), R, Args...>>(std::move(adapted));
  }
};

/// Posted: the handler and its values, in memory of the handler's allocator.
template <class Handler, class Values>
struct completion_call {
  using allocator_type = asio::associated_allocator_t<Handler>;
  allocator_type get_allocator() const noexcept { return asio::get_associated_allocator(handler); }
  void operator()() {
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) slot.clear();
    std::apply(std::move(handler), std::move(values));
  }
  Handler handler;
  Values values;
};

template <class Handler, class R, class... Args>
struct operation_of final : operation_core {
  using executor_type = asio::associated_executor_t<Handler, asio::any_io_executor>;
  using working = std::decay_t<decltype(asio::prefer(std::declval<executor_type>(),
                                                     asio::execution::outstanding_work.tracked))>;
  using record = call_record<R, Args...>;
  using allocator = typename std::allocator_traits<
      asio::associated_allocator_t<Handler>>::template rebind_alloc<operation_of>;

  /// In memory of the handler's allocator.
  static operation_of* make(Handler&& handler, const asio::any_io_executor& otherwise) {
    allocator from(asio::get_associated_allocator(handler));
    auto* const memory = from.allocate(1);
    return new (memory) operation_of(std::move(handler), otherwise);
  }
  void destroy() noexcept override {
    allocator to(asio::get_associated_allocator(handler));
    this->~operation_of();
    to.deallocate(this, 1);
  }

  operation_of(Handler&& h, const asio::any_io_executor& otherwise)
      : handler(std::move(h)),
        executor(asio::prefer(asio::get_associated_executor(handler, otherwise),
                              asio::execution::outstanding_work.tracked)) {
    run = &run_answer;
  }

  record& mine() const { return static_cast<record&>(*call); }
  void complete(error_code error) override { finish(outcome(error)); }
  void finish(R values) {
    const auto on = executor;
    asio::post(on, completion_call<Handler, R>{std::move(handler), std::move(values)});
  }
  R outcome(error_code instead) const {
    std::exception_ptr error = call->error;
    if (instead) {
      error = std::make_exception_ptr(asio::system_error(instead));
    } else if (!error) {
      try {
        R values = take_value(mine(), call->answer.get());
        detail::end_call(*call, nullptr);
        return values;
      } catch (...) {
        error = std::current_exception();
      }
    }
    detail::end_call(*call, error);
    return values_of<R>::with_error(error);
  }
  static asio::awaitable<void> run_answer(std::shared_ptr<call_core> which) {
    const auto answer = which->answer;
    auto work = static_cast<answer_of<R, Args...>&>(*answer).start(static_cast<record&>(*which));
    auto values = co_await std::move(work);
    static_cast<record&>(*which).reply.put(std::move(values));
    which->replied = true;
  }

  Handler handler;
  working executor;
};

/// Asio's composed reads and writes begin an operation on no bytes where there is nothing left to do: a socket completes it at
/// once, and so does a mock. It is no call.
template <class Given>
bool is_no_operation(const Given& given) {
  if constexpr (requires { given.is_empty_buffer(); })
    return given.is_empty_buffer();
  else
    return false;
}

/// The initiation: async_initiate calls it with the handler.
template <class R, class... Args>
struct begin_call {
  std::shared_ptr<mock_handle> mock;

  template <class Handler, class... Given>
  void operator()(Handler&& handler, Given... given) const {
    using operation = operation_of<std::decay_t<Handler>, R, Args...>;
    const bool nothing = (detail::is_no_operation(given) || ...);
    auto call = std::make_shared<call_record<R, Args...>>(given.take()...);
    auto* const made =
        operation::make(std::decay_t<Handler>(std::forward<Handler>(handler)), default_executor());
    operation_ptr owned{made};
    if (nothing) return made->finish(R());
    detail::make_call(mock->core, call);
    call->returned = true;
    made->call = call;
    const bool delayed = detail::begin_await(*call);
    const bool wait = delayed || (call->answer && call->answer->is_coroutine);
    auto slot = asio::get_associated_cancellation_slot(made->handler);
    if (wait && slot.is_connected())
      slot.assign([call](asio::cancellation_type type) {
        if (type != asio::cancellation_type::none) detail::cancel_operation(call);
      });
    begin_operation(std::move(owned), wait);
  }
};

/// A mocked parameter that is a buffer takes any sequence of buffers, and the mock sees the first that is not empty, as an
/// operation that transfers some bytes may.
template <class A>
struct operation_argument {
  template <class G>
    requires std::is_convertible_v<G, A>
  operation_argument(G&& given) : value(std::forward<G>(given)) {}
  A take() { return static_cast<A&&>(value); }
  A value;
};
template <class Buffer>
struct buffer_argument {
  template <class G>
  buffer_argument(const G& given) {
    for (auto at = asio::buffer_sequence_begin(given); at != asio::buffer_sequence_end(given); ++at) {
      value = Buffer(*at);
      if (value.size() != 0) break;
    }
  }
  Buffer take() const { return value; }
  bool is_empty_buffer() const { return value.size() == 0; }
  Buffer value;
};
template <>
struct operation_argument<asio::mutable_buffer> : buffer_argument<asio::mutable_buffer> {
  using buffer_argument::buffer_argument;
};
template <>
struct operation_argument<asio::const_buffer> : buffer_argument<asio::const_buffer> {
  using buffer_argument::buffer_argument;
};

}  // namespace detail

/// An initiating function whose completion signature is that one and whose other parameters are Args: `read_some(buffer,
/// token)` for any completion token. A call counts when the operation is initiated. Handlers are called by a post to
/// their associated executor (without one: the test's), their allocator and cancellation slot (terminal, partial and
/// total) honoured. Errors, an unexpected call among them (asio::error::fault), travel in the signature's error_code or
/// exception_ptr. An operation on an empty buffer completes without being a call, as one of a socket does.
template <class Signature, class... Args>
class async_mock_op : public detail::awaited_mock<detail::operation_kind,
                                                  typename detail::completion<Signature>::values, Args...> {
  using values = typename detail::completion<Signature>::values;
  using base = detail::awaited_mock<detail::operation_kind, values, Args...>;

 public:
  explicit async_mock_op(std::string_view name = "async_mock_op", location where = location::current())
      : base{name, {}, detail::mock_kind::operation, where} {}

  template <class CompletionToken>
  auto operator()(detail::operation_argument<Args>... arguments, CompletionToken&& token) const {
    return asio::async_initiate<CompletionToken, Signature>(
        detail::begin_call<values, Args...>{base::shared_handle()}, token, std::move(arguments)...);
  }
};

}  // namespace awaitest
