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

#include "../async/sync.hpp"
#include "../current/current.hpp"
#include "answer.hpp"
#include "call.hpp"
#include "call_order.hpp"

namespace awaitest {
namespace detail {

enum class expected : std::uint8_t { must_happen, may_happen, must_not_happen };
inline constexpr std::size_t any_number = ~std::size_t{0};

/// The part of an expectation that knows no types. The engine's, under its lock, once the mock knows of it.
struct expectation_core : std::enable_shared_from_this<expectation_core> {
  virtual ~expectation_core();
  virtual bool matches(const call_core& call) const = 0;
  /// The arguments as they were written, as nearly as can be.
  virtual void describe(std::string& out) const = 0;
  /// Line by line, which arguments do not match and why.
  virtual void mismatch(const call_core& call, std::string& out) const = 0;
  virtual void capture(const call_core& call) const = 0;

  expected mode = expected::must_happen;
  location where;
  task_ref owner;  ///< the task that set it
  std::size_t least = 1;
  std::size_t most = 1;
  bool counted = false;  ///< by times(), at_least() or at_most()
  std::size_t calls = 0;
  std::size_t completed = 0;
  std::vector<std::shared_ptr<answer_core>> answers;
  bool listed = false;  ///< one answer for each call, and then none
  bool must_be_cancelled = false;
  bool may_be_dropped = false;
  std::int64_t latency = 0;  ///< nanoseconds
  std::vector<std::shared_ptr<wait_list>> gates;
  struct place {
    std::shared_ptr<sequence_core> in;
    std::size_t number;
    bool by_completion;
  };
  std::vector<place> places;
};

template <class... Args>
struct expectation_of final : expectation_core {
  using record = std::tuple<argument<Args>...>;
  template <class R>
  using full = call_record<R, Args...>;

  struct predicate {
    virtual ~predicate() = default;
    virtual bool holds(const record& arguments) const = 0;
  };
  template <class F>
  struct predicate_of final : predicate {
    explicit predicate_of(F&& given) : function(std::move(given)) {}
    bool holds(const record& arguments) const override {
      return std::apply([this](const auto&... each) { return static_cast<bool>(function(each.get()...)); },
                        arguments);
    }
    F function;
  };
  template <class... To>
  struct capture_of final : predicate {
    explicit capture_of(To&... to) : into(to...) {}
    bool holds(const record& arguments) const override {
      put(arguments, std::index_sequence_for<To...>{});
      return true;
    }
    template <std::size_t... I>
    void put(const record& arguments, std::index_sequence<I...>) const {
      (put_one(std::get<I>(into), std::get<I>(arguments).get()), ...);
    }
    template <class T, class V>
    static void put_one(T& to, const V& value) {
      if constexpr (std::is_same_v<std::remove_cv_t<T>, std::remove_cv_t<decltype(std::ignore)>>)
        return;
      else if constexpr (requires { to.push_back(value); } && !std::is_assignable_v<T&, const V&>)
        to.push_back(value);
      else
        to = value;
    }
    std::tuple<To&...> into;
  };

  // Both directions of one cast: a mock's expectations only ever see that mock's records.
  const record& arguments_of(const call_core& call) const { return *arguments(call); }

  bool matches(const call_core& call) const override {
    const auto& given = arguments_of(call);
    return all_match(given, std::index_sequence_for<Args...>{}) && (!condition || condition->holds(given));
  }
  void describe(std::string& out) const override { describe_all(out, std::index_sequence_for<Args...>{}); }
  void mismatch(const call_core& call, std::string& out) const override {
    const auto& given = arguments_of(call);
    mismatch_all(given, call.returned, out, std::index_sequence_for<Args...>{});
    if (condition && out.empty() && !((argument<Args>::borrowed || ...) && call.returned) &&
        !condition->holds(given))
      out += "\nwith(...): the predicate does not hold";
  }
  void capture(const call_core& call) const override {
    for (const auto& one : captures) one->holds(arguments_of(call));
  }

  template <std::size_t... I>
  bool all_match(const record& given, std::index_sequence<I...>) const {
    if (wanted.empty()) return true;
    return (std::get<I>(wanted.front()).matches(std::get<I>(given).get()) && ...);
  }
  template <std::size_t... I>
  void describe_all(std::string& out, std::index_sequence<I...>) const {
    [[maybe_unused]] const char* separator = "";
    if (wanted.empty())
      out += sizeof...(I) ? "any arguments" : "";
    else
      ((out += std::exchange(separator, ", "), put_expected(out, std::get<I>(wanted.front()).describe())),
       ...);
  }
  template <std::size_t... I>
  void mismatch_all(const record& given, [[maybe_unused]] bool returned, std::string& out,
                    std::index_sequence<I...>) const {
    if (wanted.empty()) return;
    [[maybe_unused]] const auto one = [&out, returned](std::size_t at, const auto& expected,
                                                       const auto& argument) {
      if ((argument.borrowed && returned) || expected.matches(argument.get())) return;
      std::string got;
      argument.put(got);
      detail::put_mismatch(out, at, expected.describe(), printable{&got, &print_as_written},
                           expected.explain(argument.get()));
    };
    (one(I, std::get<I>(wanted.front()), std::get<I>(given)), ...);
  }

  const record* (*get)(const call_core&) = nullptr;
  const record* arguments(const call_core& call) const { return get(call); }
  std::vector<std::tuple<expected_argument<typename argument<Args>::type>...>> wanted;  // one, or none: any
  std::shared_ptr<predicate> condition;
  std::vector<std::shared_ptr<predicate>> captures;
};

template <class R, class... Args>
const std::tuple<argument<Args>...>* arguments_of(const call_core& call) {
  return &static_cast<const call_record<R, Args...>&>(call).arguments;
}

/// Locks the engine while an expectation that a mock knows of is changed. Any thread.
class engine_lock {
 public:
  engine_lock();
  engine_lock(const engine_lock&) = delete;
  engine_lock& operator=(const engine_lock&) = delete;
  ~engine_lock();
};
void set_times(expectation_core& of, std::size_t least, std::size_t most, const char* spelled);
void set_answer(expectation_core& of, std::shared_ptr<answer_core> answer, const char* spelled);
void set_answers(expectation_core& of, std::vector<std::shared_ptr<answer_core>> answers);
void put_in_sequence(expectation_core& of, std::shared_ptr<sequence_core> in, step by);
void set_latency(expectation_core& of, std::chrono::nanoseconds latency);

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
  expectation& after(std::chrono::nanoseconds latency)
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
  /// Of a function that returns nothing.
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
    requires std::is_constructible_v<std::error_code, C>
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
