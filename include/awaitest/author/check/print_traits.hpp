// Traits of types, by which the printers are chosen.
#pragma once

#include <fmt/core.h>

#include <compare>
#include <concepts>
#include <iosfwd>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace awaitest::detail {

/// The result of a three-way comparison.
template <class T>
concept ordering = std::is_same_v<T, std::strong_ordering> || std::is_same_v<T, std::weak_ordering> ||
                   std::is_same_v<T, std::partial_ordering>;
/// The value of a volatile object, or of an atomic, read once. Any other value itself.
template <class T>
decltype(auto) held_by(const T& value) {
  if constexpr (!std::is_volatile_v<T>)
    return (value);
  else if constexpr (std::is_scalar_v<T>)
    return static_cast<std::remove_volatile_t<T>>(value);
  else
    return value.load();
}

template <class T>
concept text_like = std::is_convertible_v<const T&, std::string_view> && !std::is_null_pointer_v<T>;
/// Text of a pointer that may have been null: recorded_text.
template <class T>
concept recorded_pointer = std::is_base_of_v<std::string, T> && requires(const T& v) {
  { v.is_null() } -> std::same_as<bool>;
};
template <class T>
concept sequence = requires(const T& v) {
  v.begin() != v.end();
  requires !std::is_same_v<std::remove_cvref_t<decltype(*v.begin())>, T>;
};
template <class T>
concept duration_like = requires(const T& v) {
  typename T::rep;
  T::period::num;
  v.count();
};
template <class T>
concept optional_like = requires(const T& v) {
  v.has_value();
  *v;
};
template <class T>
concept smart_pointer = requires(const T& v) {
  typename T::element_type;
  v.get();
};
template <class T>
concept buffer_like = requires(const T& v) {  // of Asio: some memory, and who knows what is in it
  static_cast<const void*>(v.data());
  v.size();
} && std::is_void_v<std::remove_cv_t<std::remove_pointer_t<decltype(std::declval<const T&>().data())>>>;
template <class T>
concept streamable = requires(std::ostream& out, const T& v) { out << v; };
template <class T>
concept atomic_like = requires(const T& v) {
  typename T::value_type;
  { v.load() } -> std::convertible_to<typename T::value_type>;
  v.is_lock_free();
};
/// A type that converts to bool and has no other text: a bit of a std::vector<bool>, a closure by way of its function.
/// fmt 9 formats it as one, newer ones do not, and a stream writes 1.
template <class T>
concept bool_like = std::is_convertible_v<const T&, bool> && !std::is_default_constructible_v<fmt::formatter<T, char>> &&
                    !requires(std::ostream& out, const T& v) { operator<<(out, v); } &&
                    (requires(const T& v) { v.operator bool(); } ||
                     requires(const T& v) { requires std::is_function_v<std::remove_pointer_t<decltype(+v)>>; });

/// A sequence that is printed element by element: the standard containers, and others that cannot print themselves.
template <class T>
concept element_wise = sequence<T> && (requires { typename T::allocator_type; } ||
                                       !(fmt::is_formattable<T, char>::value || streamable<T>));

/// Whether the author has a formatter for the enum. An unscoped one is not asked about: fmt 9 formats each, as a number,
/// and warns of it.
template <class T>
constexpr bool fmt_formats_enum() {
  if constexpr (std::is_convertible_v<T, int>)
    return false;
  else
    return fmt::is_formattable<T, char>::value;
}

}  // namespace awaitest::detail
