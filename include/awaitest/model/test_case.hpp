// The records that a test file leaves behind: constant-initialised, never copied, linked by address.
#pragma once

#include <asio/awaitable.hpp>

#include "location.hpp"

namespace awaitest {

struct option_set;

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
  void (*plain)();               ///< exactly one of these two is set
  asio::awaitable<void> (*async)();
};

}  // namespace awaitest
