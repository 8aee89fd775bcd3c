// A call of a mock: its record, and the handle through which a test looks at it and answers it.
#pragma once

#include "../../model/asio_names.hpp"

#include AWAITEST_ASIO(awaitable.hpp)

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../../model/location.hpp"
#include "../../model/mocked.hpp"
#include "../current/current.hpp"
#include "argument.hpp"
#include "completion_values.hpp"
#include "lasting.hpp"

namespace awaitest {

/// Thrown to the caller by a call that nothing expected, or whose answers were used up. The test has failed already.
class unexpected_call : public std::logic_error, public detail::already_told {
 public:
  using std::logic_error::logic_error;
};

namespace detail {

struct mock_core;         // mock/core.hpp
struct expectation_core;  // author/mock/expectation.hpp
struct answer_core;       // author/mock/answer.hpp
struct wait_list;

/// The part of a record that knows no types. All of it but `mock` and the arguments is the engine's, under its lock.
struct call_core : std::enable_shared_from_this<call_core> {
  virtual ~call_core();
  virtual void put_arguments(std::string& out) const = 0;

  std::shared_ptr<mock_core> mock;
  std::shared_ptr<expectation_core> matched;
  std::shared_ptr<answer_core> answer;  ///< null: the reply, or the default value
  std::shared_ptr<wait_list> waiting;   ///< the caller, where it waits for the test's reply
  std::exception_ptr error;             ///< what the caller gets, or has got, instead of a value
  std::string caller;                   ///< the task; empty for the body
  std::string text;                     ///< its name in the report of a stuck test, once it waits
  std::size_t number = 0;               ///< from 1, in the order of the calls
  std::uint64_t serial = 0;             ///< the same, and never begun again
  std::int64_t called_at = 0;  ///< nanoseconds since the test began, as the next two; -1 outside of a test
  std::int64_t awaited_at = -1;
  std::int64_t ended_at = -1;
  call_state state = call_state::called;
  enum class decision : std::uint8_t {
    made,       ///< there is an answer, a reply or an error
    by_test,    ///< waits for the test's reply
    undecided,  ///< nothing expects it: the test may take it until it has come to rest
  } decision = decision::made;
  std::atomic<bool> returned = false;  ///< to the caller, which may free what it has passed
  bool has_default = false;            ///< a value without any answer
  bool taken = false;                  ///< by next_call()
  bool unexpected = false;             ///< nothing expected it, or no answer was left
  bool replied = false;
};

template <class R>
struct reply_slot {
  std::optional<typename lasting<R>::type> value;
  template <class V>
  void put(V&& given) {
    value.emplace(detail::keep_lasting<R>(std::forward<V>(given)));
  }
  R take() {
    if constexpr (lasting<R>::views)
      return lasting<R>::show(*value);
    else
      return std::move(*value);
  }
};
template <class R>
struct reply_slot<R&> {
  referred<R> value;
  R& take() { return *value.object; }
};
template <>
struct reply_slot<void> {
  void take() {}
};

template <class R, class... Args>
struct call_record final : call_core {
  template <class... G>
  explicit call_record(G&&... given)
      : call_record(std::index_sequence_for<Args...>{}, std::forward_as_tuple(std::forward<G>(given)...)) {}
  template <std::size_t... N, class Given>
  call_record(std::index_sequence<N...>, [[maybe_unused]] Given given)
      : arguments(detail::make_argument<Args, N>(given)...) {
    has_default = std::is_void_v<R> || std::is_default_constructible_v<R>;
  }
  void put_arguments([[maybe_unused]] std::string& out) const override {
    std::apply(
        [&out](const auto&... each) {
          [[maybe_unused]] const char* separator = "";
          ((out += std::exchange(separator, ", "), each.put(out)), ...);
        },
        arguments);
  }
  std::tuple<argument<Args>...> arguments;
  reply_slot<R> reply;
};

/// The way a function takes an R that may be written as a braced list; never called where R is no value.
struct no_value {};
template <class R>
using by_value = std::conditional_t<std::is_void_v<R> || std::is_reference_v<R>, no_value, R>;

/// Lets the caller go on with the reply that was put into the record. Throws std::logic_error when the call has an answer.
void begin_reply(call_core& call);
void end_reply(call_core& call, std::exception_ptr error);
call_state state_of(const call_core& call);

}  // namespace detail

/// A call, as a test sees it. A handle: cheap to copy, valid as long as it is kept, whatever becomes of the mock.
template <class R, class... Args>
class mock_call {
  using record = detail::call_record<R, Args...>;

 public:
  explicit mock_call(std::shared_ptr<record> call) : call_{std::move(call)} {}

  /// The N-th argument, as it was recorded at the call; a move-only one that was moved on to an action is empty.
  template <std::size_t N>
  const auto& arg() const {
    static_assert(N < sizeof...(Args), "the mocked function has fewer parameters");
    return std::get<N>(call_->arguments).get();
  }
  call_state state() const { return detail::state_of(*call_); }
  /// From 1, in the order in which the mock was called.
  std::size_t number() const { return call_->number; }

  /// Answers the call: its caller is resumed through its own executor, never inside this function. Before the call is
  /// awaited it may be answered, too. A call that has an answer, has ended or was cancelled throws std::logic_error.
  /// The values construct an R; for an operation they are those of its signature, or those after the error.
  /// The object that a reference or a view refers to is kept with the record, unless it is a variable that a reference can refer to.
  void reply(detail::by_value<R> value) const
    requires(!std::is_void_v<R> && !std::is_reference_v<R>)
  {
    give(std::move(value));
  }
  template <class... V>
    requires(sizeof...(V) != 0 && !std::is_void_v<R>)
  void reply(V&&... values) const {
    if constexpr (std::is_reference_v<R>) {
      using referred = detail::referred<std::remove_reference_t<R>>;
      auto kept = (referred::of(std::forward<V>(values)), ...);
      detail::begin_reply(*call_);
      call_->reply.value = std::move(kept);
      detail::end_reply(*call_, nullptr);
    } else {
      give(std::forward<V>(values)...);
    }
  }
  void reply() const
    requires(std::is_void_v<R> || std::is_same_v<R, std::tuple<>>)
  {
    detail::begin_reply(*call_);
    if constexpr (!std::is_void_v<R>) call_->reply.put(R());
    detail::end_reply(*call_, nullptr);
  }
  /// The caller gets a std::system_error with that code.
  void fail(error_code code) const { raise(std::make_exception_ptr(asio::system_error(code))); }
  /// The caller gets that exception.
  template <class E>
  void raise(E exception) const {
    detail::begin_reply(*call_);
    if constexpr (std::is_same_v<E, std::exception_ptr>)
      detail::end_reply(*call_, std::move(exception));
    else
      detail::end_reply(*call_, std::make_exception_ptr(std::move(exception)));
  }

 private:
  template <class... V>
  void give(V&&... values) const {
    detail::begin_reply(*call_);
    if constexpr (sizeof...(V) == 1 && (std::is_constructible_v<R, V&&> && ...))
      (call_->reply.put(std::forward<V>(values)), ...);
    else if constexpr (std::is_constructible_v<R, V&&...>)
      call_->reply.put(R(std::forward<V>(values)...));
    else
      call_->reply.put(detail::values_of<R>::make(std::forward<V>(values)...));
    detail::end_reply(*call_, nullptr);
  }

  std::shared_ptr<record> call_;
};

}  // namespace awaitest
