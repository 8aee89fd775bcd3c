// MOCK_ASYNC and MOCK: mocked methods of a class, virtual or not.
#pragma once

#include <cstddef>
#include <utility>

#include "../current/info.hpp"
#include "function.hpp"

namespace awaitest::detail {

template <std::size_t N, class... P>
struct nth;
template <std::size_t N, class First, class... Rest>
struct nth<N, First, Rest...> {
  using type = typename nth<N - 1, Rest...>::type;
};
template <class First, class... Rest>
struct nth<0, First, Rest...> {
  using type = First;
};
template <class Signature>
struct parameter_list;
template <class R, class... P>
struct parameter_list<R(P...)> {
  static constexpr std::size_t count = sizeof...(P);
  template <std::size_t N>
  using at = typename nth<N, P...>::type;
};
/// The N-th parameter type. An alias, so that a mock in a class template needs no `typename`.
template <std::size_t N, class Signature>
using parameter = typename parameter_list<Signature>::template at<N>;

template <class Signature>
inline constexpr bool returns_a_value = true;
template <class T, class Executor, class... P>
inline constexpr bool returns_a_value<asio::awaitable<T, Executor>(P...)> = false;

}  // namespace awaitest::detail

/// Mocks `asio::awaitable<R> name(parameters)`: `MOCK_ASYNC(user, fetch, (int id), (override))` defines the method, and
/// the object `on_fetch` with its expectations; see `async_mock`. The last argument lists, in any order, `const`,
/// `noexcept`, `override`, `final`, `ref(&)` or `ref(&&)`, and `as(name)`: the object's own name, which a second overload
/// needs. It may be left out. A type with a comma goes into parentheses: `((std::map<int, int>) m)`.
#define AWAITEST_MOCK_ASYNC(R, name, ...)                                                                  \
  AWAITEST_MOCK_(async_mock, ::awaitest::detail::MOCK_ASYNC_is_for_awaitables_use_MOCK_for_a_plain_method, \
                 R, name, __VA_ARGS__)
/// Mocks the plain method `R name(parameters)`, in the same way; see `mock`.
#define AWAITEST_MOCK(R, name, ...)                                                                      \
  AWAITEST_MOCK_(mock, ::awaitest::detail::MOCK_is_for_plain_methods_use_MOCK_ASYNC_for_an_awaitable, R, \
                 name, __VA_ARGS__)

namespace awaitest::detail {
template <class T>
struct itself_of {
  using type = T;
};
// Compilers say these names of a method that overrides one of another type.
template <class T>
using MOCK_is_for_plain_methods_use_MOCK_ASYNC_for_an_awaitable = typename itself_of<T>::type;
template <class T>
using MOCK_ASYNC_is_for_awaitables_use_MOCK_for_a_plain_method = asio::awaitable<T>;
}  // namespace awaitest::detail

// --- the preprocessor's part -----------------------------------------------------------------------------------------

#define AWAITEST_MOCK_(kind, result, R, name, parameters, ...) \
  AWAITEST_MOCK_SPELLED(kind, result, R, name, parameters, AWAITEST_PP_FIRST(__VA_ARGS__ __VA_OPT__(, )()))
#define AWAITEST_MOCK_SPELLED(kind, result, R, name, parameters, specs)                       \
  AWAITEST_MOCK_NAMED(kind, result, R, name, AWAITEST_PP_COUNT parameters, parameters, specs, \
                      AWAITEST_PP_FIRST_OF(AWAITEST_PP_EACH(AWAITEST_MOCK_A_, specs) on_##name, ))
#define AWAITEST_MOCK_NAMED(...) AWAITEST_MOCK_DEFINE(__VA_ARGS__)
#define AWAITEST_MOCK_DEFINE(kind, result, R, name, n, parameters, specs, object)                           \
  using awaitest_signature_##object = AWAITEST_PP_BARE(R)(AWAITEST_PP_TYPES_##n parameters);                \
  static_assert(::awaitest::detail::returns_a_value<awaitest_signature_##object>,                           \
                "MOCK_ASYNC names what is awaited: MOCK_ASYNC(int, f, (int n)) mocks asio::awaitable<int> " \
                "f(int), and MOCK is for methods that are not awaited");                                    \
  static_assert(::awaitest::detail::parameter_list<awaitest_signature_##object>::count == n,                \
                "a type with a comma goes into parentheses: ((std::map<int, int>) m)");                     \
  ::awaitest::kind<awaitest_signature_##object> object{#name, AWAITEST_HERE,                                \
                                                       ::awaitest::detail::type_name<decltype(*this)>()};   \
  result<AWAITEST_PP_BARE(R)> name(AWAITEST_PP_DECLARE_##n(awaitest_signature_##object))                    \
      AWAITEST_PP_EACH(AWAITEST_MOCK_C_, specs) AWAITEST_PP_EACH(AWAITEST_MOCK_R_, specs)                   \
          AWAITEST_PP_EACH(AWAITEST_MOCK_N_, specs) AWAITEST_PP_EACH(AWAITEST_MOCK_O_, specs) {             \
    return object AWAITEST_PP_EACH(AWAITEST_MOCK_X_,                                                        \
                                   specs)(AWAITEST_PP_FORWARD_##n(awaitest_signature_##object));            \
  }                                                                                                         \
  static_assert(true)

#define AWAITEST_PP_CAT_(a, b) a##b
#define AWAITEST_PP_CAT(a, b) AWAITEST_PP_CAT_(a, b)
#define AWAITEST_PP_FIRST(a, ...) a
#define AWAITEST_PP_FIRST_OF(...) AWAITEST_PP_FIRST(__VA_ARGS__)
#define AWAITEST_PP_SECOND(a, b, ...) b
#define AWAITEST_PP_SECOND_OF(...) AWAITEST_PP_SECOND(__VA_ARGS__)

// `(std::map<int, int>) m` without its parentheses; anything else as it is.
#define AWAITEST_PP_PROBE(...) ~, 1,
#define AWAITEST_PP_BARE(x) \
  AWAITEST_PP_CAT(AWAITEST_PP_BARE_, AWAITEST_PP_SECOND_OF(AWAITEST_PP_PROBE x, 0, ~))(x)
#define AWAITEST_PP_BARE_0(x) x
#define AWAITEST_PP_BARE_1(x) AWAITEST_PP_STRIP x
#define AWAITEST_PP_STRIP(...) __VA_ARGS__

#define AWAITEST_PP_COUNT(...) \
  AWAITEST_PP_ELEVENTH(__VA_ARGS__ __VA_OPT__(, ) 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define AWAITEST_PP_ELEVENTH(...) AWAITEST_PP_ELEVENTH_(__VA_ARGS__, )
#define AWAITEST_PP_ELEVENTH_(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, n, ...) n

#define AWAITEST_PP_P(n, s) ::awaitest::detail::parameter<n, s> awaitest_argument_##n
#define AWAITEST_PP_F(n, s) ::std::forward<::awaitest::detail::parameter<n, s>>(awaitest_argument_##n)
#define AWAITEST_PP_TYPES_0()
#define AWAITEST_PP_DECLARE_0(s)
#define AWAITEST_PP_FORWARD_0(s)
#define AWAITEST_PP_TYPES_1(a0) AWAITEST_PP_BARE(a0)
#define AWAITEST_PP_DECLARE_1(s) AWAITEST_PP_P(0, s)
#define AWAITEST_PP_FORWARD_1(s) AWAITEST_PP_F(0, s)
#define AWAITEST_PP_TYPES_2(a0, a1) AWAITEST_PP_BARE(a0), AWAITEST_PP_BARE(a1)
#define AWAITEST_PP_DECLARE_2(s) AWAITEST_PP_P(0, s), AWAITEST_PP_P(1, s)
#define AWAITEST_PP_FORWARD_2(s) AWAITEST_PP_F(0, s), AWAITEST_PP_F(1, s)
#define AWAITEST_PP_TYPES_3(a0, a1, a2) AWAITEST_PP_BARE(a0), AWAITEST_PP_BARE(a1), AWAITEST_PP_BARE(a2)
#define AWAITEST_PP_DECLARE_3(s) AWAITEST_PP_P(0, s), AWAITEST_PP_P(1, s), AWAITEST_PP_P(2, s)
#define AWAITEST_PP_FORWARD_3(s) AWAITEST_PP_F(0, s), AWAITEST_PP_F(1, s), AWAITEST_PP_F(2, s)
#define AWAITEST_PP_TYPES_4(a0, a1, a2, a3) \
  AWAITEST_PP_BARE(a0), AWAITEST_PP_BARE(a1), AWAITEST_PP_BARE(a2), AWAITEST_PP_BARE(a3)
#define AWAITEST_PP_DECLARE_4(s) \
  AWAITEST_PP_P(0, s), AWAITEST_PP_P(1, s), AWAITEST_PP_P(2, s), AWAITEST_PP_P(3, s)
#define AWAITEST_PP_FORWARD_4(s) \
  AWAITEST_PP_F(0, s), AWAITEST_PP_F(1, s), AWAITEST_PP_F(2, s), AWAITEST_PP_F(3, s)
#define AWAITEST_PP_TYPES_5(a0, a1, a2, a3, a4) \
  AWAITEST_PP_BARE(a0), AWAITEST_PP_BARE(a1), AWAITEST_PP_BARE(a2), AWAITEST_PP_BARE(a3), AWAITEST_PP_BARE(a4)
#define AWAITEST_PP_DECLARE_5(s) \
  AWAITEST_PP_P(0, s), AWAITEST_PP_P(1, s), AWAITEST_PP_P(2, s), AWAITEST_PP_P(3, s), AWAITEST_PP_P(4, s)
#define AWAITEST_PP_FORWARD_5(s) \
  AWAITEST_PP_F(0, s), AWAITEST_PP_F(1, s), AWAITEST_PP_F(2, s), AWAITEST_PP_F(3, s), AWAITEST_PP_F(4, s)
#define AWAITEST_PP_TYPES_6(a0, a1, a2, a3, a4, a5)                                       \
  AWAITEST_PP_BARE(a0), AWAITEST_PP_BARE(a1), AWAITEST_PP_BARE(a2), AWAITEST_PP_BARE(a3), \
      AWAITEST_PP_BARE(a4), AWAITEST_PP_BARE(a5)
#define AWAITEST_PP_DECLARE_6(s)                                                                           \
  AWAITEST_PP_P(0, s), AWAITEST_PP_P(1, s), AWAITEST_PP_P(2, s), AWAITEST_PP_P(3, s), AWAITEST_PP_P(4, s), \
      AWAITEST_PP_P(5, s)
#define AWAITEST_PP_FORWARD_6(s)                                                                           \
  AWAITEST_PP_F(0, s), AWAITEST_PP_F(1, s), AWAITEST_PP_F(2, s), AWAITEST_PP_F(3, s), AWAITEST_PP_F(4, s), \
      AWAITEST_PP_F(5, s)
#define AWAITEST_PP_TYPES_7(a0, a1, a2, a3, a4, a5, a6)                                   \
  AWAITEST_PP_BARE(a0), AWAITEST_PP_BARE(a1), AWAITEST_PP_BARE(a2), AWAITEST_PP_BARE(a3), \
      AWAITEST_PP_BARE(a4), AWAITEST_PP_BARE(a5), AWAITEST_PP_BARE(a6)
#define AWAITEST_PP_DECLARE_7(s)                                                                           \
  AWAITEST_PP_P(0, s), AWAITEST_PP_P(1, s), AWAITEST_PP_P(2, s), AWAITEST_PP_P(3, s), AWAITEST_PP_P(4, s), \
      AWAITEST_PP_P(5, s), AWAITEST_PP_P(6, s)
#define AWAITEST_PP_FORWARD_7(s)                                                                           \
  AWAITEST_PP_F(0, s), AWAITEST_PP_F(1, s), AWAITEST_PP_F(2, s), AWAITEST_PP_F(3, s), AWAITEST_PP_F(4, s), \
      AWAITEST_PP_F(5, s), AWAITEST_PP_F(6, s)
#define AWAITEST_PP_TYPES_8(a0, a1, a2, a3, a4, a5, a6, a7)                               \
  AWAITEST_PP_BARE(a0), AWAITEST_PP_BARE(a1), AWAITEST_PP_BARE(a2), AWAITEST_PP_BARE(a3), \
      AWAITEST_PP_BARE(a4), AWAITEST_PP_BARE(a5), AWAITEST_PP_BARE(a6), AWAITEST_PP_BARE(a7)
#define AWAITEST_PP_DECLARE_8(s)                                                                           \
  AWAITEST_PP_P(0, s), AWAITEST_PP_P(1, s), AWAITEST_PP_P(2, s), AWAITEST_PP_P(3, s), AWAITEST_PP_P(4, s), \
      AWAITEST_PP_P(5, s), AWAITEST_PP_P(6, s), AWAITEST_PP_P(7, s)
#define AWAITEST_PP_FORWARD_8(s)                                                                           \
  AWAITEST_PP_F(0, s), AWAITEST_PP_F(1, s), AWAITEST_PP_F(2, s), AWAITEST_PP_F(3, s), AWAITEST_PP_F(4, s), \
      AWAITEST_PP_F(5, s), AWAITEST_PP_F(6, s), AWAITEST_PP_F(7, s)
#define AWAITEST_PP_TYPES_9(a0, a1, a2, a3, a4, a5, a6, a7, a8)                               \
  AWAITEST_PP_BARE(a0), AWAITEST_PP_BARE(a1), AWAITEST_PP_BARE(a2), AWAITEST_PP_BARE(a3),     \
      AWAITEST_PP_BARE(a4), AWAITEST_PP_BARE(a5), AWAITEST_PP_BARE(a6), AWAITEST_PP_BARE(a7), \
      AWAITEST_PP_BARE(a8)
#define AWAITEST_PP_DECLARE_9(s)                                                                           \
  AWAITEST_PP_P(0, s), AWAITEST_PP_P(1, s), AWAITEST_PP_P(2, s), AWAITEST_PP_P(3, s), AWAITEST_PP_P(4, s), \
      AWAITEST_PP_P(5, s), AWAITEST_PP_P(6, s), AWAITEST_PP_P(7, s), AWAITEST_PP_P(8, s)
#define AWAITEST_PP_FORWARD_9(s)                                                                           \
  AWAITEST_PP_F(0, s), AWAITEST_PP_F(1, s), AWAITEST_PP_F(2, s), AWAITEST_PP_F(3, s), AWAITEST_PP_F(4, s), \
      AWAITEST_PP_F(5, s), AWAITEST_PP_F(6, s), AWAITEST_PP_F(7, s), AWAITEST_PP_F(8, s)
#define AWAITEST_PP_TYPES_10(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9)                          \
  AWAITEST_PP_BARE(a0), AWAITEST_PP_BARE(a1), AWAITEST_PP_BARE(a2), AWAITEST_PP_BARE(a3),     \
      AWAITEST_PP_BARE(a4), AWAITEST_PP_BARE(a5), AWAITEST_PP_BARE(a6), AWAITEST_PP_BARE(a7), \
      AWAITEST_PP_BARE(a8), AWAITEST_PP_BARE(a9)
#define AWAITEST_PP_DECLARE_10(s)                                                                          \
  AWAITEST_PP_P(0, s), AWAITEST_PP_P(1, s), AWAITEST_PP_P(2, s), AWAITEST_PP_P(3, s), AWAITEST_PP_P(4, s), \
      AWAITEST_PP_P(5, s), AWAITEST_PP_P(6, s), AWAITEST_PP_P(7, s), AWAITEST_PP_P(8, s),                  \
      AWAITEST_PP_P(9, s)
#define AWAITEST_PP_FORWARD_10(s)                                                                          \
  AWAITEST_PP_F(0, s), AWAITEST_PP_F(1, s), AWAITEST_PP_F(2, s), AWAITEST_PP_F(3, s), AWAITEST_PP_F(4, s), \
      AWAITEST_PP_F(5, s), AWAITEST_PP_F(6, s), AWAITEST_PP_F(7, s), AWAITEST_PP_F(8, s),                  \
      AWAITEST_PP_F(9, s)

// Each of the specifiers with its prefix: what it stands for in that place of the declaration.
#define AWAITEST_PP_EACH(k, specs) AWAITEST_PP_EACH_OF(AWAITEST_PP_COUNT specs, k, AWAITEST_PP_STRIP specs)
#define AWAITEST_PP_EACH_OF(n, k, ...) AWAITEST_PP_EACH_N(n, k __VA_OPT__(, ) __VA_ARGS__)
#define AWAITEST_PP_EACH_N(n, ...) AWAITEST_PP_CAT(AWAITEST_PP_EACH_, n)(__VA_ARGS__)
#define AWAITEST_PP_EACH_0(k)
#define AWAITEST_PP_EACH_1(k, a) k##a
#define AWAITEST_PP_EACH_2(k, a, b) k##a k##b
#define AWAITEST_PP_EACH_3(k, a, b, c) k##a k##b k##c
#define AWAITEST_PP_EACH_4(k, a, b, c, d) k##a k##b k##c k##d
#define AWAITEST_PP_EACH_5(k, a, b, c, d, e) k##a k##b k##c k##d k##e
#define AWAITEST_MOCK_C_const const
#define AWAITEST_MOCK_C_noexcept
#define AWAITEST_MOCK_C_override
#define AWAITEST_MOCK_C_final
#define AWAITEST_MOCK_C_ref(...)
#define AWAITEST_MOCK_C_as(x)
#define AWAITEST_MOCK_R_const
#define AWAITEST_MOCK_R_noexcept
#define AWAITEST_MOCK_R_override
#define AWAITEST_MOCK_R_final
#define AWAITEST_MOCK_R_ref(...) __VA_ARGS__
#define AWAITEST_MOCK_R_as(x)
#define AWAITEST_MOCK_N_const
#define AWAITEST_MOCK_N_noexcept noexcept
#define AWAITEST_MOCK_N_override
#define AWAITEST_MOCK_N_final
#define AWAITEST_MOCK_N_ref(...)
#define AWAITEST_MOCK_N_as(x)
#define AWAITEST_MOCK_O_const
#define AWAITEST_MOCK_O_noexcept
#define AWAITEST_MOCK_O_override override
#define AWAITEST_MOCK_O_final final
#define AWAITEST_MOCK_O_ref(...)
#define AWAITEST_MOCK_O_as(x)
#define AWAITEST_MOCK_A_const
#define AWAITEST_MOCK_A_noexcept
#define AWAITEST_MOCK_A_override
#define AWAITEST_MOCK_A_final
#define AWAITEST_MOCK_A_ref(...)
#define AWAITEST_MOCK_A_as(x) x,
#define AWAITEST_MOCK_X_const
#define AWAITEST_MOCK_X_noexcept .call_noexcept
#define AWAITEST_MOCK_X_override
#define AWAITEST_MOCK_X_final
#define AWAITEST_MOCK_X_ref(...)
#define AWAITEST_MOCK_X_as(x)
