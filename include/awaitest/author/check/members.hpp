// The members of a plain aggregate, by structured binding: for a type that has no other way to be printed. Nothing here is
// instantiated for any other type.
//
// The number of members is found by initialising: by `{}` an element counts once, be it an array or a class of several
// members. A number that could be wrong would be an error in the author's file; so wherever one is possible (a base class, a
// reference, a union or an unnamed class as a member, a member without a default) the type counts as having none.
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace awaitest::detail {

/// Stands for a value of any type; only overload resolution looks at it.
struct any_value {
  template <class U>
  operator U() const;
};
struct any_reference {
  template <class U>
  operator U&() const;
};
/// Only for a base class of `T`.
template <class T>
struct any_base {
  template <class U>
    requires(std::is_base_of_v<U, T> && !std::is_same_v<U, T>)
  operator U() const;
};
template <class U>
constexpr bool is_unnamed() {
  constexpr std::string_view name = __PRETTY_FUNCTION__;
  for (const std::string_view word :
       {"<unnamed ", "<anonymous ", "(unnamed ", "(anonymous struct", "(anonymous union", "(anonymous class"})
    if (name.find(word) != std::string_view::npos) return true;
  return false;
}
/// Only for what may be a member without a name, which structured bindings do not take.
struct any_nameless {
  template <class U>
    requires(std::is_union_v<U> || (std::is_class_v<U> && is_unnamed<U>()))
  operator U() const;
};

inline constexpr std::size_t unknown_members = 99;

template <class T>
constexpr std::size_t members_of() {
  if constexpr (!std::is_aggregate_v<T> || !std::is_class_v<T> || std::is_polymorphic_v<T>) {
    return unknown_members;
  } else if constexpr (requires { T{any_base<T>{}}; } || !requires { T{}; }) {
    return unknown_members;
  } else {
#define AWAITEST_ELEMENTS(n, before, given)                                  \
  if constexpr (requires { T{AWAITEST_UNPACK before any_nameless{}}; })      \
    return unknown_members;                                                  \
  else if constexpr (!requires { T{AWAITEST_UNPACK given}; })                \
    return requires { T{AWAITEST_UNPACK before any_value{}}; } || requires { \
      T{AWAITEST_UNPACK before any_reference{}};                             \
    } ? unknown_members : n;                                                 \
  else
#define AWAITEST_UNPACK(...) __VA_ARGS__
    AWAITEST_ELEMENTS(0, (), ({}))
    AWAITEST_ELEMENTS(1, ({}, ), ({}, {}))
    AWAITEST_ELEMENTS(2, ({}, {}, ), ({}, {}, {}))
    AWAITEST_ELEMENTS(3, ({}, {}, {}, ), ({}, {}, {}, {}))
    AWAITEST_ELEMENTS(4, ({}, {}, {}, {}, ), ({}, {}, {}, {}, {}))
    AWAITEST_ELEMENTS(5, ({}, {}, {}, {}, {}, ), ({}, {}, {}, {}, {}, {}))
    AWAITEST_ELEMENTS(6, ({}, {}, {}, {}, {}, {}, ), ({}, {}, {}, {}, {}, {}, {}))
    AWAITEST_ELEMENTS(7, ({}, {}, {}, {}, {}, {}, {}, ), ({}, {}, {}, {}, {}, {}, {}, {}))
    AWAITEST_ELEMENTS(8, ({}, {}, {}, {}, {}, {}, {}, {}, ), ({}, {}, {}, {}, {}, {}, {}, {}, {}))
    AWAITEST_ELEMENTS(9, ({}, {}, {}, {}, {}, {}, {}, {}, {}, ), ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}))
    AWAITEST_ELEMENTS(10, ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, ),
                      ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}))
    return unknown_members;
#undef AWAITEST_ELEMENTS
#undef AWAITEST_UNPACK
  }
}

/// Whether there are some, and all are known.
template <class T>
constexpr bool has_members() {
  constexpr auto count = detail::members_of<T>();
  return count != 0 && count != unknown_members;
}

/// `bind` for each number of members, with as many names.
#define AWAITEST_EACH_COUNT(bind)                                                            \
  bind(1, a) bind(2, a, b) bind(3, a, b, c) bind(4, a, b, c, d) bind(5, a, b, c, d, e)       \
      bind(6, a, b, c, d, e, g) bind(7, a, b, c, d, e, g, h) bind(8, a, b, c, d, e, g, h, i) \
          bind(9, a, b, c, d, e, g, h, i, j) bind(10, a, b, c, d, e, g, h, i, j, k)

/// Calls `f` with each member.
template <std::size_t N, class T, class F>
void each_member(const T& value, F f) {
  if constexpr (N == 0) {
    static_cast<void>(value);
    static_cast<void>(f);
  }
#define AWAITEST_BIND(n, ...)                                       \
  else if constexpr (N == n) {                                      \
    const auto& [__VA_ARGS__] = value;                              \
    [&f](const auto&... member) { (f(member), ...); }(__VA_ARGS__); \
  }
  AWAITEST_EACH_COUNT(AWAITEST_BIND)
#undef AWAITEST_BIND
}

}  // namespace awaitest::detail
