// A fixture type as the runner has it: functions, constant-initialised, one record a type.
#pragma once

#include "asio_names.hpp"

#include AWAITEST_ASIO(awaitable.hpp)

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace awaitest {

/// The life of a fixture, narrowest first: for one test, for the tests of the innermost suite around its use, for all
/// that a worker runs.
enum class scope : std::uint8_t { test, suite, run };

/// A hook of a fixture: runs it, or makes the awaitable that does. True: `out` is to be awaited.
using fixture_hook = bool (*)(void* object, asio::awaitable<void>& out);

/// One for each fixture type of a program; known by its address.
struct fixture_type {
  std::string_view name;
  scope life;
  void* (*make)();
  void (*destroy)(void* object);
  fixture_hook set_up;  ///< null when the type has none
  fixture_hook tear_down;
};

/// A set of values of a parametrised test.
struct case_values {
  std::string name;  ///< as it stands in the brackets of the test's name
  std::shared_ptr<const void> values;
};
struct case_sink {
  virtual void add(case_values one) = 0;

 protected:
  ~case_sink() = default;
};

/// The parameters of a test: references are fixtures, in the order of the parameters; values come from its cases.
struct test_parameters {
  const fixture_type* const* fixtures;
  std::size_t fixture_count;
  void (*plain)(void* const* fixtures, const void* values);  ///< exactly one of these two is set
  asio::awaitable<void> (*async)(void* const* fixtures, const void* values);
};

}  // namespace awaitest
