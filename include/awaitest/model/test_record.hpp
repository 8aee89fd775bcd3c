// The records that a test file leaves behind: constant-initialised, never copied, linked by address.
#pragma once

#include "asio_names.hpp"

#include AWAITEST_ASIO(awaitable.hpp)

#include "location.hpp"

namespace awaitest {

struct option_set;
struct test_parameters;
struct case_sink;

/// A TEST_SUITE block. Several blocks, in one file or many, may have one name: they are one suite.
struct suite {
  const char* name;
  const suite* parent;  ///< null at the top
  location where;
  void (*options)(option_set&);  ///< null when the block has none
};

/// A TEST or TEST_ASYNC. Its full name is the names of its suites and its own, joined by `/`.
struct test_case {
  const char* name;
  const suite* parent;  ///< null at the top
  location where;
  void (*options)(option_set&);  ///< null when the test has none
  void (*plain)();               ///< exactly one of these three is set
  asio::awaitable<void> (*async)();
  const test_parameters* parameters = nullptr;
  void (*cases)(case_sink&) = nullptr;  ///< null where the test has no values; else one test for each case
};

}  // namespace awaitest
