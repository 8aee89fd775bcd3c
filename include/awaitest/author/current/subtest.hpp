// SUBTEST: a part of a test's body that has a name, and whose failure does not end the test.
#pragma once

#include <fmt/core.h>

#include <string_view>

#include "info.hpp"

namespace awaitest::detail {

/// Alive while the block of a SUBTEST runs. False: the block is left out, having ended an earlier run of the body.
class subtest : private info {
 public:
  subtest(location where, std::string_view name);
  template <class First, class... T>
  subtest(location where, fmt::format_string<First, T...> format, First&& first, T&&... values)
      : subtest{formatted{}, where, detail::text_of_format(format), fmt::make_format_args(first, values...)} {
  }
  explicit operator bool() const noexcept { return runs_; }

 private:
  struct formatted {};
  subtest(formatted, location where, fmt::string_view format, fmt::format_args values);
  bool runs_;
};

}  // namespace awaitest::detail

/// `SUBTEST("name") { ... }` or `SUBTEST("row {}", i) { ... }`, formatted by fmt: a part of the test with a name, which its failures and all
/// reports tell. What pytest-subtests means by it: a failed CHECK goes on, and what ends the block (a failed REQUIRE, an exception, a SKIP)
/// ends the block alone. To go on behind it the test is run again from its beginning, with fresh fixtures and a timeout anew, without the
/// blocks that have ended so: a block cannot be left in C++ without leaving the body. So it is only after such a failure that code runs
/// twice; a failure that has been told is not told again. Where a block's name is another one each time, or a hundred have ended so, the rest
/// cannot be run, and the test fails. Names may repeat: the second "row" of a test is "row #2". Blocks may be nested
/// ("outer/inner"), awaited in, and entered by children and threads of the test.
#define AWAITEST_SUBTEST(...) AWAITEST_SUBTEST_(AWAITEST_JOIN(awaitest_subtest_, __COUNTER__), __VA_ARGS__)
#define AWAITEST_SUBTEST_(name, ...) \
  if (const ::awaitest::detail::subtest name{AWAITEST_HERE, __VA_ARGS__}; static_cast<bool>(name))
