// The options as an author writes them inside a test's or a suite's macro.
#pragma once

#include "../config.hpp"

#include AWAITEST_CHRONO_HEADER
#include <string_view>

#include "../model/options.hpp"
#include "fixture.hpp"

namespace awaitest {

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
  static constexpr option timeout(std::chrono::nanoseconds limit) {
    return {option::kind::timeout, limit.count()};
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
  /// The fixture is set up before the body, without the body's naming it.
  template <class T>
  static constexpr option uses() {
    return {option::kind::uses, 0, {}, &detail::fixture_of<T>};
  }
  /// The test has a loop of its own: an io_context that no other test or fixture uses.
  static constexpr option isolated() { return {option::kind::isolated}; }
};

}  // namespace awaitest
