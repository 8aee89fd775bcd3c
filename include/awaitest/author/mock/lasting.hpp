// A mock keeps of an answer so much that a reference or a view that the caller gets shows something that still lives.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace awaitest::detail {

/// A view of elements that it may not write to: std::string_view and std::span<const T>, and what is made like them.
template <class V>
concept view_of_constants = std::is_class_v<V> && std::is_trivially_copyable_v<V> && requires(const V& v) {
  requires std::is_const_v<std::remove_pointer_t<decltype(v.data())>>;
  requires std::is_pointer_v<decltype(v.data())>;
  V(v.data(), static_cast<std::size_t>(v.size()));
};
template <class T>
using byte_for_void = std::conditional_t<std::is_void_v<T>, std::byte, T>;
template <class V>
using viewed =
    byte_for_void<std::remove_const_t<std::remove_pointer_t<decltype(std::declval<const V&>().data())>>>;

/// `type` is made of a value and owns all that the value shows; `show` is the value again. Anything but a view is its own.
template <class R>
struct lasting {
  using type = R;
  static constexpr bool views = false;
  template <class V>
  static type keep(V&& given) {
    return type(std::forward<V>(given));
  }
  static const R& show(const type& kept) noexcept { return kept; }
};

template <view_of_constants V>
  requires std::default_initializable<viewed<V>> && std::is_copy_assignable_v<viewed<V>>
struct lasting<V> {
  using element = viewed<V>;
  struct type {
    std::shared_ptr<element[]> elements;  // and a zero one, which may end a text
    std::size_t size = 0;
  };
  static constexpr bool views = true;
  static type keep(const V& given) {
    const auto size = static_cast<std::size_t>(given.size());
    const auto* const from = static_cast<const element*>(given.data());
    if (!from) return {};
    type kept{std::make_shared<element[]>(size + 1), size};
    for (std::size_t i = 0; i < size; ++i) kept.elements[static_cast<std::ptrdiff_t>(i)] = from[i];
    return kept;
  }
  static V show(const type& kept) { return V(static_cast<const element*>(kept.elements.get()), kept.size); }
};

template <class T>
  requires(lasting<T>::views)
struct lasting<std::optional<T>> {
  using type = std::optional<typename lasting<T>::type>;
  static constexpr bool views = true;
  static type keep(const std::optional<T>& given) { return given ? type(lasting<T>::keep(*given)) : type(); }
  static std::optional<T> show(const type& kept) {
    return kept ? std::optional<T>(lasting<T>::show(*kept)) : std::optional<T>();
  }
};
template <class A, class B>
  requires((lasting<A>::views || lasting<B>::views) && std::is_copy_constructible_v<std::pair<A, B>>)
struct lasting<std::pair<A, B>> {
  using type = std::pair<typename lasting<A>::type, typename lasting<B>::type>;
  static constexpr bool views = true;
  static type keep(const std::pair<A, B>& given) {
    return type(lasting<A>::keep(given.first), lasting<B>::keep(given.second));
  }
  static std::pair<A, B> show(const type& kept) {
    return std::pair<A, B>(lasting<A>::show(kept.first), lasting<B>::show(kept.second));
  }
};
template <class... T>
  requires((lasting<T>::views || ...) && std::is_copy_constructible_v<std::tuple<T...>>)
struct lasting<std::tuple<T...>> {
  using type = std::tuple<typename lasting<T>::type...>;
  static constexpr bool views = true;
  static type keep(const std::tuple<T...>& given) {
    return std::apply([](const auto&... each) { return type(lasting<T>::keep(each)...); }, given);
  }
  static std::tuple<T...> show(const type& kept) {
    return std::apply([](const auto&... each) { return std::tuple<T...>(lasting<T>::show(each)...); }, kept);
  }
};

/// Keeps what `given` is as an R; a view only has to show it until this function returns.
template <class R, class V>
typename lasting<R>::type keep_lasting(V&& given) {
  if constexpr (lasting<R>::views)
    return lasting<R>::keep(static_cast<R>(std::forward<V>(given)));
  else
    return lasting<R>::keep(std::forward<V>(given));
}

/// A reference answers with: the object that was given; or, of a value that something else is made of, or that is
/// about to die, one of its own.
template <class R>
struct referred {
  R* object = nullptr;
  std::shared_ptr<const void> owned;

  template <class V>
  static referred of(V&& given) {
    using object_type = std::remove_reference_t<V>;
    if constexpr (std::is_lvalue_reference_v<V> && std::is_convertible_v<object_type*, R*>) {
      return {std::addressof(given), nullptr};
    } else if constexpr (requires {
                           typename object_type::type;
                           static_cast<R*>(std::addressof(given.get()));
                           requires std::is_convertible_v<object_type, typename object_type::type&>;
                         }) {  // std::reference_wrapper, without its header
      return {std::addressof(given.get()), nullptr};
    } else {
      using plain = std::remove_cvref_t<V>;
      using kept = std::conditional_t<std::is_convertible_v<plain*, R*>, plain, std::remove_cv_t<R>>;
      constexpr bool can_be_kept = std::is_const_v<R> && std::is_constructible_v<kept, V&&>;
      static_assert(can_be_kept,
                    "a reference cannot show a value that dies with this line, and this one cannot be kept: "
                    "give it a variable that lives longer");
      if constexpr (can_be_kept) {
        auto one = std::make_shared<kept>(std::forward<V>(given));
        R* const address = one.get();
        return {address, std::move(one)};
      } else {
        return {};
      }
    }
  }
};

/// Whether an R made of what an action returned outlives that: not a reference to a value, nor a view of a container.
template <class R, class Result>
constexpr bool outlives() {
  using plain = std::remove_cvref_t<Result>;
  if constexpr (std::is_void_v<R> || std::is_void_v<Result>) {
    return true;
  } else if constexpr (std::is_reference_v<R>) {
    using object = std::remove_reference_t<R>;
    if constexpr (std::is_lvalue_reference_v<Result> &&
                  std::is_convertible_v<std::remove_reference_t<Result>*, object*>)
      return true;
    else
      return requires(plain& p) {
        typename plain::type;
        static_cast<object*>(std::addressof(p.get()));
        requires std::is_convertible_v<plain, typename plain::type&>;
      };
  } else if constexpr (!lasting<R>::views || std::is_lvalue_reference_v<Result> || std::is_same_v<plain, R> ||
                       !std::is_class_v<plain>) {
    return true;
  } else {
    return lasting<plain>::views ||
           (std::is_trivially_destructible_v<plain> && !requires(plain& p) { p.data(); }) ||
           requires {  // std::span
             typename plain::element_type;
             plain::extent;
           };
  }
}

}  // namespace awaitest::detail
