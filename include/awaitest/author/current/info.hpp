// INFO and CAPTURE: what to print when an assertion fails while they are alive.
#pragma once

#include <fmt/core.h>

#include <cstddef>
#include <initializer_list>
#include <string>

#include "../check/print.hpp"
#include "current.hpp"

namespace awaitest::detail {

/// The text of a checked format: fmt 10 and later have a member for it, and newer ones deprecate the conversion.
template <class Format>
fmt::string_view text_of_format(const Format& format) {
  if constexpr (requires { format.get(); })
    return format.get();
  else
    return format;
}

/// One line of context. It belongs to the task that made it, whichever thread destroys it and whatever runs between.
class info {
 public:
  template <class... T>
  info(location where, fmt::format_string<T...> format, T&&... values)
      : info{formatted{}, where, detail::text_of_format(format), fmt::make_format_args(values...)} {}
  struct captured {};
  template <class... T>
  info(captured, location where, const char* names, const T&... values)
      : info{formatted{}, where, names, std::initializer_list<printable>{printing(values)...}} {}
  info(const info&) = delete;
  info& operator=(const info&) = delete;
  ~info();

 protected:
  /// Linked by a subtest when its number is known.
  explicit info(location where) : where_{where} {}
  /// False: it is left out.
  bool begin_subtest(std::string name);

 private:
  friend struct task;
  struct formatted {};
  info(formatted, location where, fmt::string_view format, fmt::format_args values);
  info(formatted, location where, const char* names, std::initializer_list<printable> values);
  void link();

  task_ref owner_;
  info* previous_ = nullptr;
  info* next_ = nullptr;
  location where_;
  std::string text_;
  int exceptions_ = 0;       // on their way when it was made
  std::size_t subtest_ = 0;  // which of the test's it is; 0: none
};

}  // namespace awaitest::detail

#define AWAITEST_HERE \
  ::awaitest::location { __FILE__, __LINE__ }
#define AWAITEST_JOIN_(a, b) a##b
#define AWAITEST_JOIN(a, b) AWAITEST_JOIN_(a, b)

/// Prints a line, formatted by fmt at once, under every assertion that fails in the rest of the enclosing block.
#define AWAITEST_INFO(...) \
  const ::awaitest::detail::info AWAITEST_JOIN(awaitest_info_, __COUNTER__) { AWAITEST_HERE, __VA_ARGS__ }

/// As INFO, with the names and the values, as they are now, of the given expressions.
#define AWAITEST_CAPTURE(...)                                                      \
  const ::awaitest::detail::info AWAITEST_JOIN(awaitest_info_, __COUNTER__) {      \
    ::awaitest::detail::info::captured{}, AWAITEST_HERE, #__VA_ARGS__, __VA_ARGS__ \
  }
