// An expectation of a mock: which calls it is for, how many, and what they are answered.
#pragma once

#include "../../config.hpp"

#include AWAITEST_CHRONO_HEADER
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "../async/time_span.hpp"
#include "answer.hpp"
#include "call_order.hpp"
#include "expectation_of.hpp"

namespace awaitest {
namespace detail {

struct plain_kind : function_answers {
  static constexpr bool async = false;
};
struct async_kind : function_answers {
  static constexpr bool async = true;
};

}  // namespace detail

/// Configures an expectation: `m.on_fetch.expect(7).times(2).returns(user{7})`. A handle; the mock keeps the expectation.
/// To be used before the calls that it is for. Misuse throws std::logic_error.
template <class Kind, class R, class... Args>
class expectation {
  using core_type = detail::expectation_of<Args...>;

 public:
  explicit expectation(std::shared_ptr<core_type> core) : core_{std::move(core)} {}

  // --- how often -----------------------------------------------------------------------------------------------------
  // expect() is once, or once for each of its answers(); allow() any number of times, or up to times(n). A call beyond the most goes to an
  // older expectation that matches it; where there is none it is unexpected.

  expectation& times(std::size_t n) { return count(n, n, "times"); }
  expectation& at_least(std::size_t n) { return count(n, detail::any_number, "at_least"); }
  expectation& at_most(std::size_t n) { return count(0, n, "at_most"); }
  expectation& between(std::size_t least, std::size_t most) { return count(least, most, "between"); }

  // --- which calls ---------------------------------------------------------------------------------------------------

  /// Only calls for whose arguments the predicate holds: it is called with all of them, as they are recorded.
  template <class F>
  expectation& with(F predicate) {
    const detail::engine_lock lock;
    core_->condition = std::make_shared<typename core_type::template predicate_of<F>>(std::move(predicate));
    return *this;
  }
  /// Its place in that order; see `sequence`. May be said several times, for several orders.
  expectation& in(const sequence& order, step by = step::called) {
    detail::put_in_sequence(*core_, order.core_, by);
    return *this;
  }

  // --- what else happens -----------------------------------------------------------------------------------------------

  /// Copies the first arguments of each call, as it is called: assigned, or appended to a container of theirs. Those
  /// of no interest are `std::ignore`. What is captured into must outlive the expectation.
  template <class... To>
  expectation& capture(To&... into) {
    static_assert(sizeof...(To) <= sizeof...(Args), "the mocked function has fewer parameters");
    const detail::engine_lock lock;
    core_->captures.push_back(std::make_shared<typename core_type::template capture_of<To...>>(into...));
    return *this;
  }
  /// The answer comes that much later, in the test's clock.
  expectation& after(time_span latency)
    requires Kind::async
  {
    detail::set_latency(*core_, latency);
    return *this;
  }
  /// The answer waits until that gate is open. The gate may be destroyed before: that cancels the call.
  expectation& through(const gate& which)
    requires Kind::async
  {
    detail::add_gate(*core_, which);
    return *this;
  }
  /// Each of its calls is to end by being cancelled.
  expectation& must_be_cancelled()
    requires Kind::async
  {
    const detail::engine_lock lock;
    core_->must_be_cancelled = true;
    return *this;
  }
  /// A call whose awaitable is destroyed without ever having been awaited does not fail the test.
  expectation& may_be_dropped()
    requires Kind::async
  {
    const detail::engine_lock lock;
    core_->may_be_dropped = true;
    return *this;
  }

  // --- what is answered: one of these --------------------------------------------------------------------------------
  // Without any of them: what returns_by_default() says, or a value-initialised R; and where the test awaits next_call(),
  // what it replies.

  /// A copy for each call; one that can only be moved is given once. For a reference, the object itself, where it is a
  /// variable; a reference to const also takes what has to be converted, or a temporary, and then refers to a value of the
  /// expectation's own. Of a view to const (std::string_view, std::span<const T>, one in an optional, a pair or a tuple)
  /// the expectation keeps what it shows. Those live as long as the expectation, or the call in the mock's history. A
  /// pointer is given as it is.
  template <class... V>
    requires(sizeof...(V) != 0)
  expectation& returns(V&&... value) {
    return answer(Kind::template value<R, Args...>(std::forward<V>(value)...), "returns");
  }
  expectation& returns(detail::by_value<R> value)
    requires(!std::is_reference_v<R> && !std::is_void_v<R>)
  {
    return answer(Kind::template value<R, Args...>(std::move(value)), "returns");
  }
  /// For a function that returns nothing.
  expectation& completes() { return answer(Kind::template value<R, Args...>(), "completes"); }
  /// The caller gets this exception.
  template <class E>
  expectation& throws(E exception) {
    if constexpr (std::is_same_v<E, std::exception_ptr>)
      return answer(Kind::template failure<R, Args...>(std::move(exception)), "throws");
    else
      return answer(Kind::template failure<R, Args...>(std::make_exception_ptr(std::move(exception))),
                    "throws");
  }
  /// The caller gets a std::system_error with this code.
  template <class C>
    requires std::is_constructible_v<error_code, C>
  expectation& fails(C code) {
    return answer(Kind::template make<R, Args...>(error(code)), "fails");
  }
  /// A function, plain or a coroutine, of the parameters, or of none. Called when the call is awaited, with the recorded
  /// arguments: those that can only be moved are moved on to it, and what a parameter refers to and is not const is the
  /// caller's own object. The function lives as long as a coroutine of it runs, whatever becomes of the expectation.
  template <class F>
  expectation& invokes(F action) {
    static_assert(detail::is_action<F, Args...>,
                  "an action is a function of the mocked function's parameters, or of none");
    return answer(Kind::template action<F, R, Args...>(std::move(action)), "invokes");
  }
  /// One for each call: values, functions, `awaitest::error(code)`, `awaitest::raised(exception)`, `awaitest::pending`.
  /// A call after the last one fails the test.
  template <class... A>
  expectation& answers(A&&... one_each) {
    std::vector<std::shared_ptr<detail::answer_core>> list;
    list.reserve(sizeof...(A));
    (list.push_back(Kind::template make<R, Args...>(std::forward<A>(one_each))), ...);
    detail::set_answers(*core_, std::move(list));
    return *this;
  }
  /// No answer: until the test replies through next_call() or calls(), or the call is cancelled.
  expectation& pends()
    requires Kind::async
  {
    return answer(detail::pending_answer(), "pends");
  }

  location where() const noexcept { return core_->where; }

 private:
  expectation& count(std::size_t least, std::size_t most, const char* spelled) {
    detail::set_times(*core_, least, most, spelled);
    return *this;
  }
  expectation& answer(std::shared_ptr<detail::answer_core> one, const char* spelled) {
    detail::set_answer(*core_, std::move(one), spelled);
    return *this;
  }
  std::shared_ptr<core_type> core_;
};

}  // namespace awaitest
