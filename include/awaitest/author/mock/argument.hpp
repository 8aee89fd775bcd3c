// The arguments of a call as a mock keeps them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../check/print.hpp"
#include "recorded.hpp"

namespace awaitest::detail {

template <class T>
void put_argument(std::string& out, const T& value) {
  printed text;
  print_into<T>(text, std::addressof(value));
  if (text.is_text)
    detail::put_text(out, text.text);
  else
    out += text.text;
}

template <class T>
inline constexpr bool is_pointer_to_text = std::is_pointer_v<T> && text_like<T>;

/// Whether a record of that type has all that its printing reads. One that can be copied bit by bit owns nothing: what it
/// points to, where it does, is the caller's.
template <class T>
constexpr bool owns_what_is_printed() {
  if constexpr (!std::is_class_v<T> && !std::is_union_v<T>)
    return !is_pointer_to_text<T>;
  else if constexpr (!std::is_copy_constructible_v<T>)
    return false;
  else if constexpr (duration_like<T> || std::is_same_v<T, std::error_code> || std::is_empty_v<T>)
    return true;
  else if constexpr (std::is_trivially_copyable_v<T>)
    return false;
  else if constexpr (requires { typename T::value_type; } && !text_like<T>)
    return std::is_same_v<typename T::value_type, T> || owns_what_is_printed<typename T::value_type>();
  else
    return true;
}

/// The print of an argument: of the record, or, where that is not enough, the one made when the mock was called.
template <class T, bool AtCall = !owns_what_is_printed<T>()>
struct shown_argument {
  explicit shown_argument(const T&) noexcept {}
  void put(std::string& out, const T& record) const { detail::put_argument(out, record); }
};
template <class T>
struct shown_argument<T, true> {
  explicit shown_argument(const T& given) { print(given); }
  void put(std::string& out, const T&) const { out += text; }
  std::string text;

 private:
  void print(const T& given) {
    if constexpr (is_pointer_to_text<T>) {
      detail::put_address(text, given);
    } else {
      try {
        detail::put_argument(text, given);
      } catch (...) {
        text = "{?}";
      }
    }
  }
};

/// One argument of a recorded call, of a parameter declared as A. `get()` is the record; `pass()` is what an action is
/// called with: the record where that will do, what the caller passed where the action may write to it. `borrowed`: the
/// caller has what the record points to, so that it is not looked at unasked after the call.
template <class A>
struct argument {
  using plain = std::remove_cvref_t<A>;
  using type = typename recorded_as<plain>::type;
  static constexpr bool copied = std::is_copy_constructible_v<plain>;
  static constexpr bool borrowed = std::is_pointer_v<plain>;

  template <class G>
  explicit argument(G&& given) : value{make(std::forward<G>(given))}, shown(value) {}
  const type& get() const noexcept { return value; }
  const type& pass() noexcept { return value; }
  plain&& pass_on() noexcept
    requires std::is_same_v<plain, type>
  {
    return std::move(value);
  }
  void put(std::string& out) const { shown.put(out, value); }
  type value;
  [[no_unique_address]] shown_argument<type> shown;

 private:
  template <class G>
  static type make(G&& given) {
    if constexpr (std::is_same_v<plain, type>)
      return plain(std::forward<G>(given));
    else
      return detail::make_recorded<plain>(given);
  }
};
template <class A>
inline constexpr bool is_c_text =
    std::is_same_v<std::remove_cvref_t<A>, const char*> &&
    !(std::is_lvalue_reference_v<A> && !std::is_const_v<std::remove_reference_t<A>>);
template <class A>
  requires is_c_text<A>
struct argument<A> {
  using type = recorded_text;
  static constexpr bool copied = true;
  static constexpr bool borrowed = false;
  explicit argument(const char* given) : value(given) {}
  argument(const char* given, std::size_t most) : value(given, most) {}
  const type& get() const noexcept { return value; }
  const char* pass() const noexcept { return value.is_null() ? nullptr : value.c_str(); }
  void put(std::string& out) const { detail::put_argument(out, value); }
  type value;
};
/// The caller's own object: an action may write to it, as the real function would.
template <class T>
  requires(!std::is_const_v<T> && std::is_copy_constructible_v<T>)
struct argument<T&> {
  using type = typename recorded_as<T>::type;
  static constexpr bool copied = true;
  static constexpr bool borrowed = std::is_pointer_v<type>;
  explicit argument(T& given)
      : value(detail::make_recorded<T>(given)), original{std::addressof(given)}, shown(value) {}
  const type& get() const noexcept { return value; }
  T& pass() const noexcept { return *original; }
  void put(std::string& out) const { shown.put(out, value); }
  type value;
  T* original;
  [[no_unique_address]] shown_argument<type> shown;
};
/// An object that cannot be copied is recorded by its address, to be looked at while the caller keeps it; how it prints, at the call.
template <class T>
  requires(!std::is_copy_constructible_v<std::remove_const_t<T>>)
struct argument<T&> {
  using type = std::remove_const_t<T>;
  static constexpr bool copied = false;
  static constexpr bool borrowed = true;
  explicit argument(T& given) : original{std::addressof(given)}, shown(given) {}
  const type& get() const noexcept { return *original; }
  T& pass() const noexcept { return *original; }
  void put(std::string& out) const { out += shown.text; }
  T* original;
  shown_argument<type, true> shown;
};

/// The N-th argument of a call. A std::size_t behind a text is its length.
template <class A, std::size_t N, class Given>
argument<A> make_argument(Given& given) {
  using own = std::tuple_element_t<N, Given>;
  if constexpr (is_c_text<A> && N + 1 < std::tuple_size_v<Given>) {
    using next = std::tuple_element_t<N + 1, Given>;
    if constexpr (std::is_same_v<std::remove_cvref_t<next>, std::size_t>)
      return argument<A>(std::get<N>(given), std::get<N + 1>(given));
    else
      return argument<A>(static_cast<own>(std::get<N>(given)));
  } else {
    return argument<A>(static_cast<own>(std::get<N>(given)));
  }
}

}  // namespace awaitest::detail
