// The names of a plain aggregate's members, as the compiler spells the address of each: after Boost.PFR's core_name20.
// Where one has none (a bit-field; with g++ a volatile member) all are printed by their values alone.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "members.hpp"

namespace awaitest::detail {

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored \
    "-Wundefined-var-template"  // only addresses in it are taken, by the compiler
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif

/// Around a `T` that is never made.
template <class T>
struct somewhere {
  T value;
};
template <class T>
extern const somewhere<T> example;

template <class M>
struct member_place {
  const M* at;
};
template <std::size_t I, class M, class... Rest>
constexpr auto nth_place(const M& first, const Rest&... rest) {
  if constexpr (I == 0)
    return member_place<M>{&first};
  else
    return detail::nth_place<I - 1>(rest...);
}
template <class T, std::size_t N, std::size_t I>
constexpr auto place_of_member() {
  if constexpr (N == 0) {
    return 0;
  }
#define AWAITEST_BIND(n, ...)                     \
  else if constexpr (N == n) {                    \
    const auto& [__VA_ARGS__] = example<T>.value; \
    return detail::nth_place<I>(__VA_ARGS__);     \
  }
  AWAITEST_EACH_COUNT(AWAITEST_BIND)
#undef AWAITEST_BIND
}

/// "... [with auto Place = place<int>{(& example<point>.somewhere<point>::value.point::x)}; ...]", or "[Place = {&example.value.x}]".
template <auto Place>
constexpr std::string_view spelled_member() {
  std::string_view text = __PRETTY_FUNCTION__;
  text = text.substr(0, text.rfind('}'));
  while (text.ends_with(')')) text.remove_suffix(1);
  const auto is_part = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  std::size_t from = text.size();
  while (from > 0 && is_part(text[from - 1])) --from;
  return text.substr(from);
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

template <class T, std::size_t N, std::size_t I>
constexpr std::string_view name_of_member() {
  if constexpr (requires { detail::spelled_member<detail::place_of_member<T, N, I>()>(); })
    return detail::spelled_member<detail::place_of_member<T, N, I>()>();
  else
    return {};
}
/// All empty unless all are known.
template <class T, std::size_t... I>
constexpr std::array<std::string_view, sizeof...(I)> names_of_members(std::index_sequence<I...>) {
  std::array<std::string_view, sizeof...(I)> names{detail::name_of_member<T, sizeof...(I), I>()...};
  for (const auto& name : names)
    if (name.empty()) return {};
  return names;
}

}  // namespace awaitest::detail
