// The definition of a matcher, and the comparisons.
//
// A matcher is any type with `bool matches(const V&) const` for the values it knows and `std::string describe() const`,
// which completes "expected: ...". It may add `std::string explain(const V&) const`: what is wrong with this value.
// Wherever a matcher is expected, a plain value stands for `eq(value)`.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../check/compared.hpp"
#include "../check/print.hpp"

namespace awaitest {

template <class M, class V>
concept matcher = requires(const M& m, const V& value) {
  { m.matches(value) } -> std::convertible_to<bool>;
  { m.describe() } -> std::convertible_to<std::string>;
};

namespace detail {

template <class M>
concept described = requires(const M& m) {
  { m.describe() } -> std::convertible_to<std::string>;
};

/// A value as a matcher keeps it: character arrays and pointers as text.
template <class T>
using kept = std::conditional_t<std::is_convertible_v<const std::decay_t<T>&, const char*> &&
                                    !std::is_null_pointer_v<std::decay_t<T>>,
                                std::string, std::decay_t<T>>;

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wfloat-equal"
#pragma GCC diagnostic ignored "-Wdouble-promotion"
#endif
#define AWAITEST_COMPARISON(name, op)                                          \
  template <class T>                                                           \
  class name##_matcher {                                                       \
   public:                                                                     \
    explicit name##_matcher(T wanted) : wanted_(std::move(wanted)) {}          \
    template <class V>                                                         \
      requires requires(const V& v, const T& t) { static_cast<bool>(v op t); } \
    bool matches(const V& value) const {                                       \
      return static_cast<bool>(value op wanted_);                              \
    }                                                                          \
    std::string describe() const { return #op " " + text_of(wanted_); }        \
    template <class V>                                                         \
      requires noted<V, T>                                                     \
    std::string explain(const V& value) const {                                \
      return detail::note_on(value, wanted_);                                  \
    }                                                                          \
                                                                               \
   private:                                                                    \
    T wanted_;                                                                 \
  };
AWAITEST_COMPARISON(eq, ==)
AWAITEST_COMPARISON(ne, !=)
AWAITEST_COMPARISON(lt, <)
AWAITEST_COMPARISON(le, <=)
AWAITEST_COMPARISON(gt, >)
AWAITEST_COMPARISON(ge, >=)
#undef AWAITEST_COMPARISON
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

struct anything {
  constexpr anything() noexcept {}
  template <class V>
  bool matches(const V&) const {
    return true;
  }
  std::string describe() const { return "anything"; }
};

template <class T>
auto as_matcher(T&& value) {
  if constexpr (described<std::decay_t<T>>)
    return std::decay_t<T>(std::forward<T>(value));
  else
    return eq_matcher<kept<T>>(kept<T>(std::forward<T>(value)));
}
template <class T>
using matcher_for = decltype(as_matcher(std::declval<T>()));

/// The words of `m` about a value that it rejects; may be empty.
template <class M, class V>
std::string explanation_of(const M& m, const V& value) {
  if constexpr (requires { std::string(m.explain(value)); })
    return m.explain(value);
  else
    return {};
}

}  // namespace detail

namespace match {

/// Matches every value.
inline constexpr detail::anything _{};

#define AWAITEST_COMPARISON(name)                                            \
  template <class T>                                                         \
  auto name(T&& wanted) {                                                    \
    return detail::name##_matcher<detail::kept<T>>(std::forward<T>(wanted)); \
  }
AWAITEST_COMPARISON(eq)
AWAITEST_COMPARISON(ne)
AWAITEST_COMPARISON(lt)
AWAITEST_COMPARISON(le)
AWAITEST_COMPARISON(gt)
AWAITEST_COMPARISON(ge)
#undef AWAITEST_COMPARISON

}  // namespace match
}  // namespace awaitest
