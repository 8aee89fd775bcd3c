// FAIL and SKIP.
#pragma once

#include <fmt/core.h>

#include "../current/info.hpp"

namespace awaitest::detail {

[[noreturn]] AWAITEST_COLD void fail(location where, fmt::string_view format, fmt::format_args values);
[[noreturn]] AWAITEST_COLD void skip(location where, fmt::string_view format, fmt::format_args values);
/// For a destructor: they return.
AWAITEST_COLD void fail_or_go_on(location where, fmt::string_view format, fmt::format_args values);
AWAITEST_COLD void skip_or_go_on(location where, fmt::string_view format, fmt::format_args values);

template <class... T>
[[noreturn]] void fail_with(location where, fmt::format_string<T...> format, T&&... values) {
  detail::fail(where, detail::text_of_format(format), fmt::make_format_args(values...));
}
template <class... T>
[[noreturn]] void skip_with(location where, fmt::format_string<T...> format, T&&... values) {
  detail::skip(where, detail::text_of_format(format), fmt::make_format_args(values...));
}
template <class... T>
void fail_in_destructor(location where, fmt::format_string<T...> format, T&&... values) {
  detail::fail_or_go_on(where, detail::text_of_format(format), fmt::make_format_args(values...));
}
template <class... T>
void skip_in_destructor(location where, fmt::format_string<T...> format, T&&... values) {
  detail::skip_or_go_on(where, detail::text_of_format(format), fmt::make_format_args(values...));
}
inline void fail_in_destructor(location where) { detail::fail_or_go_on(where, {}, {}); }
inline void skip_in_destructor(location where) { detail::skip_or_go_on(where, {}, {}); }
[[noreturn]] inline void fail_with(location where) { fail(where, {}, {}); }
[[noreturn]] inline void skip_with(location where) { skip(where, {}, {}); }

}  // namespace awaitest::detail

// Everywhere but in a destructor the compiler knows that nothing follows.
#define AWAITEST_END_(what, ...)                              \
  do {                                                        \
    if constexpr (*static_cast<const char*>(__func__) == '~') \
      ::awaitest::detail::what##_in_destructor(__VA_ARGS__);  \
    else                                                      \
      ::awaitest::detail::what##_with(__VA_ARGS__);           \
  } while (false)
/// Fails and ends the test, with a message formatted by fmt.
#define AWAITEST_FAIL(...) AWAITEST_END_(fail, AWAITEST_HERE __VA_OPT__(, ) __VA_ARGS__)
/// Ends the test as skipped, with a reason formatted by fmt.
#define AWAITEST_SKIP(...) AWAITEST_END_(skip, AWAITEST_HERE __VA_OPT__(, ) __VA_ARGS__)
