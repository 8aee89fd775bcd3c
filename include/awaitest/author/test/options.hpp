// The options as an author writes them inside a test's or a suite's macro.
#pragma once

#include "../../config.hpp"

#include AWAITEST_CHRONO_HEADER
#include <initializer_list>
#include <string_view>
#include <type_traits>

#include "../../model/options.hpp"
#include "../async/time_span.hpp"
#include "fixture.hpp"
#include "iso_time.hpp"

namespace awaitest {

/// For `virtual_time(at(...))` and `virtual_time(manual)`.
struct start_time {
  std::int64_t nanoseconds;  ///< since the Unix epoch
};
struct manual_time {};
/// For `explore(exhaustive)`.
struct exhaustive_search {};
/// For `explore(reorder::posts)`.
struct posts_reordered {};

namespace detail {

/// An option as it stands in a macro's argument list, where some write what is none.
struct given_option {
  constexpr given_option(const option& one) : value{one} {}
  template <class None = void>
  given_option(option (*)()) {  // also of several functions of one name
    static_assert(!std::is_void_v<None>, "an option is a call: serial(), not serial");
  }
  template <class T>
    requires(!std::is_convertible_v<const T&, option> && !std::is_convertible_v<const T&, option (*)()>)
  given_option(const T&) {
    no_option<T>();
  }

  template <class T>
  static constexpr void no_option() {
    constexpr bool function = std::is_function_v<std::remove_pointer_t<T>>;
    constexpr bool text = std::is_convertible_v<const T&, std::string_view>;
    static_assert(!function, "an option is a call: skip(\"why\"), not skip");
    static_assert(!text, "a text is no option: a label is tag(\"net\"), a reason skip(\"why\")");
    static_assert(function || text,
                  "this is no option: those are tag(\"net\"), timeout(2s), serial() and their like");
  }

  option value;
};
void add_options(option_set& to, std::initializer_list<given_option> given);  // impl/options.hpp

}  // namespace detail

/// The scope in which a macro's options are looked up: as members of a base class these names hide whatever else the
/// file calls `tag` or `timeout`, and nothing outside of the macro's argument list sees them.
struct option_names {
  /// Labels to select by: `--tag net`, a CTest LABEL. Up to four at once.
  static constexpr option tag(std::string_view a, std::string_view b = {}, std::string_view c = {},
                              std::string_view d = {}) {
    return {option::kind::tag, 0, {a, b, c, d}};
  }
  /// The longest that the body and its children may take, in the test's clock. Zero: no limit. After it, they are
  /// cancelled, the test fails, and the run goes on.
  static constexpr option timeout(time_span limit) {
    return {option::kind::timeout, std::chrono::nanoseconds{limit}.count()};
  }
  /// Nothing else runs at the same time, in this process.
  static constexpr option serial() { return {option::kind::serial}; }
  /// Two tests that name one resource never overlap in this process, nor under CTest. Up to four at once.
  static constexpr option resource(std::string_view a, std::string_view b = {}, std::string_view c = {},
                                   std::string_view d = {}) {
    return {option::kind::resource, 0, {a, b, c, d}};
  }
  /// Not run; reported as skipped.
  static constexpr option skip(std::string_view why = "skip()") { return {option::kind::skip, 0, {why}}; }
  /// Skipped when the condition, evaluated when tests are selected, holds.
  static constexpr option skip_if(bool condition, std::string_view why = "skip_if()") {
    return condition ? skip(why) : option{};
  }
  /// A function, which is a condition that always holds: as a pointer.
  template <class F>
    requires(std::is_invocable_v<F&> && !requires { std::remove_reference_t<F>::value; })
  static constexpr option skip_if(F&&, std::string_view = {}) {
    static_assert(!std::is_invocable_v<F&>, "skip_if takes a condition, not a function: call it");
    return {};
  }
  /// Expected to fail: a failure is reported as expected, and passing is one.
  static constexpr option should_fail(std::string_view why = "should_fail()") {
    return {option::kind::should_fail, 0, {why}};
  }
  /// Up to so many more attempts after a failure; one that passes is enough, and is reported as flaky.
  static constexpr option retries(int more) { return {option::kind::retries, more}; }
  /// Run so many times; every time must pass.
  static constexpr option repeat(int times) { return {option::kind::repeat, times}; }
  /// Coroutines and operations that outlive the test are cancelled without failing it.
  static constexpr option allow_leaks() { return {option::kind::allow_leaks}; }
  /// Nobody outside of this process connects or sends: a test of which nothing goes on but waits for its own listeners and sockets is
  /// stuck, and told at once, where the timeout would have decided. For a suite, of all its tests.
  static constexpr option closed_world() { return {option::kind::closed_world}; }
  /// The fixture is set up before the body, without the body's naming it.
  template <class T>
  static constexpr option uses() {
    return {option::kind::uses, 0, {}, &detail::fixture_of<T>};
  }
  /// The test has a loop of its own: an io_context that no other test or fixture uses.
  static constexpr option isolated() { return {option::kind::isolated}; }
  /// The clocks that the test sees stand still while anything is ready, and jump to the next timer when nothing is: an
  /// hour of unmodified code takes as long as its work. Time starts at 2000-01-01T00:00:00Z. The test's timeout is virtual;
  /// --timeout is also a limit in real time. Where clocks cannot be replaced the test is skipped.
  static constexpr option virtual_time() { return {option::kind::virtual_time, default_start}; }
  /// It starts there: `virtual_time(at("2030-03-01T00:00:00Z"))`.
  static constexpr option virtual_time(start_time start) {
    return {option::kind::virtual_time, start.nanoseconds};
  }
  /// In the body and its children time only moves by `this_test::advance`: `virtual_time(manual)`.
  static constexpr option virtual_time(manual_time) {
    return {option::kind::virtual_time, default_start, {"manual"}};
  }
  static constexpr option virtual_time(start_time start, manual_time) {
    return {option::kind::virtual_time, start.nanoseconds, {"manual"}};
  }
  /// An instant in ISO 8601: a date, or a date and a time with `Z` or an offset. A mistake does not compile.
  static consteval start_time at(const char* text) { return {detail::parse_instant(text)}; }
  static constexpr manual_time manual{};
  /// The test runs in so many orders of its handlers that Asio allows, in virtual time: first-in first-out, then with few changes, then in
  /// ways that are good at different bugs, by the run's seed. A failure is shortened to the changes that matter, and told with a token
  /// that replays it. Each schedule has fresh fixtures of scope test, and mocks of its own; static variables are the program's. What other
  /// threads and real sockets do is not ordered.
  static constexpr option explore(int schedules = 1000) { return {option::kind::explore, schedules}; }
  /// Every order that there is, depth first; at most 100 000.
  static constexpr option explore(exhaustive_search) {
    return {option::kind::explore, 100'000, {"exhaustive"}};
  }
  static constexpr exhaustive_search exhaustive{};
  /// Handlers that one task posts for one executor may change places, too, which Asio does not allow: for code that is not to rely on it.
  static constexpr option explore(posts_reordered, int schedules = 1000) {
    return {option::kind::explore, schedules, {"", "posts"}};
  }
  struct reorder {
    static constexpr posts_reordered posts{};
  };
  /// One order, by the token of a failure that explore() has found: kept as a regression test.
  static constexpr option replay(std::string_view token) { return {option::kind::replay, 0, {token}}; }
  /// The clocks are those of the machine, whatever the suite or --virtual-time say.
  static constexpr option real_time() { return {option::kind::real_time}; }
};

}  // namespace awaitest
