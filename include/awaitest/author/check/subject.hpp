// The value of CHECK_THAT and its matcher.
#pragma once

#include <string>
#include <type_traits>

#include "../match/core.hpp"
#include "decompose.hpp"

namespace awaitest::detail {

explanation* explain_match(printable value, std::string wanted, std::string wrong);

/// The value of CHECK_THAT, evaluated before the matcher is made: no matcher lives across a `co_await`.
template <class T>
class subject {
 public:
  explicit constexpr subject(const T& value) noexcept : value_{value} {}
  template <class M>
  verdict is(const M& wanted) const {
    if constexpr (is_awaitable<T>) {
      return verdict{not_awaited<T>()};
    } else if constexpr (std::is_volatile_v<T>) {
      const auto now = detail::held_by(value_);
      return subject<std::remove_const_t<decltype(now)>>{now}.is(wanted);
    } else if constexpr (described<M>) {
      static_assert(matcher<M, T>, "this matcher cannot be applied to a value of this type");
      if (wanted.matches(value_)) [[likely]]
        return verdict{true};
      let_wait(explain_match(printing(value_), wanted.describe(), explanation_of(wanted, value_)));
      return verdict{false};
    } else {
      return is(as_matcher(wanted));
    }
  }

 private:
  const T& value_;
};
struct take_subject {
  template <class T>
  constexpr subject<T> operator<=>(const T& value) const noexcept {
    return subject<T>{value};
  }
};

}  // namespace awaitest::detail
