// Remarks on two values that were compared, beside the values themselves.
#pragma once

#include <string>
#include <type_traits>

namespace awaitest::detail {

/// A negative number has become `converted` because the other one is unsigned.
std::string note_of_sign(long long negative, unsigned long long converted);

template <class T>
concept signed_or_unsigned = std::is_integral_v<T> && !std::is_same_v<T, bool>;
/// Whether a negative number becomes a large one where the two are compared.
template <class L, class R>
constexpr bool may_lose_sign() {
  if constexpr (signed_or_unsigned<L> && signed_or_unsigned<R>)
    return std::is_signed_v<L> != std::is_signed_v<R> && std::is_unsigned_v<decltype(L{} + R{})>;
  else
    return false;
}
template <class L, class R>
concept noted = may_lose_sign<L, R>() || requires(const L& left, const R& right) {
  right.awaitest_compared(left);
} || requires(const L& left, const R& right) { left.awaitest_compared(right); };

/// Empty: nothing. A type says it by `std::string awaitest_compared(const Other&) const`.
template <class L, class R>
  requires noted<L, R>
std::string note_on(const L& left, const R& right) {
  if constexpr (may_lose_sign<L, R>()) {
    using common = decltype(L{} + R{});
    const auto left_converted = static_cast<common>(left);
    const auto right_converted = static_cast<common>(right);
    if (left < L{0}) return detail::note_of_sign(static_cast<long long>(left), left_converted);
    if (right < R{0}) return detail::note_of_sign(static_cast<long long>(right), right_converted);
    return {};
  } else if constexpr (requires { right.awaitest_compared(left); }) {
    return right.awaitest_compared(left);
  } else {
    return left.awaitest_compared(right);
  }
}

}  // namespace awaitest::detail
