// The parts of every kind of mock: expectations, the calls, counts and assertions about them.
#pragma once

#include "../../model/asio_names.hpp"

#include AWAITEST_ASIO(awaitable.hpp)

#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "expectation.hpp"

namespace awaitest {

/// The answer of an assertion about a mock's calls: `CHECK(m.on_fetch.awaited_once_with(7))` prints the history where it
/// does not hold.
class [[nodiscard]] mock_verdict {
 public:
  mock_verdict(bool holds, std::string history) : holds_{holds}, history_{std::move(history)} {}
  operator bool() const noexcept { return holds_; }
  void awaitest_print(std::string& out) const { out += history_; }

 private:
  bool holds_;
  std::string history_;
};

/// The effect of `reset()` on the answers.
enum class reset_of { history, everything };

namespace detail {

enum class mock_kind : std::uint8_t { plain, async, operation };

std::shared_ptr<mock_core> make_mock(std::string_view name, std::string_view of, mock_kind kind,
                                     location where);
void destroy_mock(const std::shared_ptr<mock_core>& mock);

void add_expectation(const std::shared_ptr<mock_core>& mock, std::shared_ptr<expectation_core> one,
                     expected mode, location where);
/// A call is made: matched, counted and ordered, and its answer decided. What fails the test is reported.
void make_call(const std::shared_ptr<mock_core>& mock, std::shared_ptr<call_core> call);

enum class counted { calls, awaits, in_flight, max_in_flight };
std::size_t count_of(const mock_core& mock, counted what);
/// Numbered by the order of the calls, or of the first awaits.
std::vector<std::shared_ptr<call_core>> calls_of(const mock_core& mock, bool awaited_only);
[[noreturn]] void no_call(const mock_core& mock);
void expect_no_call(mock_core& mock, location where);
bool verify_and_clear(mock_core& mock);
void reset(mock_core& mock, reset_of what);
void set_recording(mock_core& mock, bool on);
void set_default(mock_core& mock, std::shared_ptr<answer_core> answer);
/// The words of an assertion about the mock: its question, then the history.
/// `awaits`: it is about awaits, not calls.
mock_verdict verdict_on(const mock_core& mock, bool holds, bool awaits, const char* asked,
                        const expectation_core* arguments);

/// The place where a function was called. Not an aggregate: a braced argument of the author's is never taken for it.
struct call_site {
  call_site(location at = location::current()) noexcept : where{at} {}
  location where;
};

/// Verifies at its destruction. Copies of a mock share one.
struct mock_handle {
  explicit mock_handle(std::shared_ptr<mock_core> mock) : core{std::move(mock)} {}
  mock_handle(const mock_handle&) = delete;
  mock_handle& operator=(const mock_handle&) = delete;
  ~mock_handle() { detail::destroy_mock(core); }
  std::shared_ptr<mock_core> core;
};

/// A mock verifies itself: when the test ends, when it is destroyed, and by verify_and_clear(). Unmet expectations, calls
/// that nothing expected, that were never awaited or had no answer left fail the test of the task that set the expectation
/// or made the call. Thread-safe. A copy is another handle to the same mock. One that outlives the test (in a fixture of a
/// wider scope) loses the test's expectations and its history at the test's end.
template <class Kind, class R, class... Args>
class mock_base {
  using expectation_type = expectation<Kind, R, Args...>;
  using core_type = expectation_of<Args...>;
  using record_type = call_record<R, Args...>;

 public:
  using call_type = mock_call<R, Args...>;
  template <class T>
  using wanted = expected_argument<typename argument<T>::type>;

  // --- expectations: the newest that matches is the one that a call is for -------------------------------------------

  /// Must happen: once, unless the times are said. Each argument is a matcher, or a value that is to be equal.
  expectation_type expect(wanted<Args>... arguments, location where = location::current())
    requires(sizeof...(Args) != 0)
  {
    return add(expected::must_happen, where, std::move(arguments)...);
  }
  /// The same whatever the arguments are.
  expectation_type expect(call_site site = location::current()) {
    return add_any(expected::must_happen, site.where);
  }
  /// May happen, any number of times.
  expectation_type allow(wanted<Args>... arguments, location where = location::current())
    requires(sizeof...(Args) != 0)
  {
    return add(expected::may_happen, where, std::move(arguments)...);
  }
  expectation_type allow(call_site site = location::current()) {
    return add_any(expected::may_happen, site.where);
  }
  /// Must not happen.
  expectation_type forbid(wanted<Args>... arguments, location where = location::current())
    requires(sizeof...(Args) != 0)
  {
    return add(expected::must_not_happen, where, std::move(arguments)...);
  }
  expectation_type forbid(call_site site = location::current()) {
    return add_any(expected::must_not_happen, site.where);
  }
  /// The answer to calls whose expectation has none. Without it: a value-initialised R.
  template <class... V>
  void returns_by_default(V&&... value) {
    set_default(core(), Kind::template value<R, Args...>(std::forward<V>(value)...));
  }

  // --- the calls -----------------------------------------------------------------------------------------------------

  std::size_t call_count() const { return count_of(core(), counted::calls); }
  /// All calls since the beginning or the last reset(), in their order.
  std::vector<call_type> calls() const { return typed(calls_of(core(), false)); }
  /// Throws std::out_of_range when there is none.
  call_type last_call() const {
    auto all = calls_of(core(), false);
    if (all.empty()) no_call(core());
    return call_type{std::static_pointer_cast<record_type>(std::move(all.back()))};
  }
  mock_verdict called() const { return say(call_count() != 0, false, "called()"); }
  mock_verdict not_called() const { return say(call_count() == 0, false, "not_called()"); }
  mock_verdict called_once() const { return say(call_count() == 1, false, "called_once()"); }
  /// The last call was with these arguments.
  mock_verdict called_with(wanted<Args>... arguments) const {
    return last_is(false, "called_with", std::move(arguments)...);
  }
  mock_verdict called_once_with(wanted<Args>... arguments) const {
    return only_is(false, "called_once_with", std::move(arguments)...);
  }
  mock_verdict any_call(wanted<Args>... arguments) const {
    return any_is(false, "any_call", std::move(arguments)...);
  }

  // --- on demand -----------------------------------------------------------------------------------------------------

  /// Fails the test when a call was made since the beginning, or the last reset(), that next_call() has not taken.
  /// After `co_await settle()` it says that nobody is going to call before time moves or the test does something.
  void expect_no_call(location where = location::current()) { detail::expect_no_call(core(), where); }
  /// Verifies at once, reports what fails, and forgets all expectations. True when all were met.
  bool verify_and_clear() { return detail::verify_and_clear(core()); }
  /// Forgets the history and the counts. The expectations and their answers stay, and count from 0, unless everything is
  /// to go; nothing is verified.
  void reset(reset_of what = reset_of::history) { detail::reset(core(), what); }
  /// Whether calls are kept (they are): without, there are counts only, for a mock that is called a million times.
  void record(bool on) { set_recording(core(), on); }

 protected:
  mock_base(std::string_view name, std::string_view of, mock_kind kind, location where)
      : handle_{std::make_shared<mock_handle>(make_mock(name, of, kind, where))} {}

  mock_core& core() const noexcept { return *handle_->core; }
  const std::shared_ptr<mock_core>& shared_core() const noexcept { return handle_->core; }
  const std::shared_ptr<mock_handle>& shared_handle() const noexcept { return handle_; }

  template <class... G>
  std::shared_ptr<record_type> make(G&&... given) const {
    auto call = std::make_shared<record_type>(std::forward<G>(given)...);
    detail::make_call(handle_->core, call);
    call->returned = true;
    return call;
  }
  static std::vector<call_type> typed(std::vector<std::shared_ptr<call_core>> all) {
    std::vector<call_type> found;
    found.reserve(all.size());
    for (auto& one : all) found.push_back(call_type{std::static_pointer_cast<record_type>(std::move(one))});
    return found;
  }

  mock_verdict say(bool holds, bool awaits, const char* asked) const {
    return verdict_on(core(), holds, awaits, asked, nullptr);
  }
  mock_verdict last_is(bool awaits, const char* asked, wanted<Args>... arguments) const {
    const auto all = calls_of(core(), awaits);
    const auto like = pattern(std::move(arguments)...);
    return detail::verdict_on(core(), !all.empty() && like->matches(*all.back()), awaits, asked, like.get());
  }
  mock_verdict only_is(bool awaits, const char* asked, wanted<Args>... arguments) const {
    const auto all = calls_of(core(), awaits);
    const auto like = pattern(std::move(arguments)...);
    return detail::verdict_on(core(), all.size() == 1 && like->matches(*all.back()), awaits, asked,
                              like.get());
  }
  mock_verdict any_is(bool awaits, const char* asked, wanted<Args>... arguments) const {
    const auto like = pattern(std::move(arguments)...);
    bool any = false;
    for (const auto& one : calls_of(core(), awaits)) any = any || like->matches(*one);
    return detail::verdict_on(core(), any, awaits, asked, like.get());
  }

  static std::shared_ptr<core_type> pattern(wanted<Args>... arguments) {
    auto made = std::make_shared<core_type>();
    made->get = &arguments_of<R, Args...>;
    made->wanted.emplace_back(std::move(arguments)...);
    return made;
  }

 private:
  expectation_type add(expected mode, location where, wanted<Args>... arguments) {
    auto made = pattern(std::move(arguments)...);
    detail::add_expectation(handle_->core, made, mode, where);
    return expectation_type{std::move(made)};
  }
  expectation_type add_any(expected mode, location where) {
    auto made = std::make_shared<core_type>();
    made->get = &arguments_of<R, Args...>;
    detail::add_expectation(handle_->core, made, mode, where);
    return expectation_type{std::move(made)};
  }

  std::shared_ptr<mock_handle> handle_;
};

}  // namespace detail
}  // namespace awaitest
