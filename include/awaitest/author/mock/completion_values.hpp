// The values that an operation of Asio completes with, as a tuple.
#pragma once

#include <cstddef>
#include <exception>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../../model/asio_names.hpp"

namespace awaitest::detail {

/// The values of a completion signature.
template <class Signature>
struct completion;
template <class... V>
struct completion<void(V...)> {
  using values = std::tuple<std::decay_t<V>...>;
};

/// The code of a std::system_error; asio::error::fault for any other exception.
error_code error_code_of(const std::exception_ptr& what);

template <class T>
inline constexpr bool is_error = std::is_same_v<T, error_code> || std::is_same_v<T, std::exception_ptr>;

template <class Values>
struct values_of;
template <class... V>
struct values_of<std::tuple<V...>> {
  using tuple = std::tuple<V...>;
  static constexpr bool has_error = [] {
    if constexpr (sizeof...(V) == 0)
      return false;
    else
      return is_error<std::tuple_element_t<0, tuple>>;
  }();

  /// All values; or those after the error, which is none then.
  template <class... G>
  static tuple make(G&&... given) {
    if constexpr (std::is_constructible_v<tuple, G&&...> && sizeof...(G) == sizeof...(V))
      return tuple(std::forward<G>(given)...);
    else if constexpr (sizeof...(G) == 1 && (std::is_same_v<std::remove_cvref_t<G>, tuple> && ...))
      return tuple(std::forward<G>(given)...);
    else if constexpr (has_error && sizeof...(G) + 1 == sizeof...(V))
      return tuple(std::tuple_element_t<0, tuple>(), std::forward<G>(given)...);
    else if constexpr (sizeof...(G) == 0)
      return tuple();
    else
      static_assert(sizeof...(G) == sizeof...(V),
                    "returns() of a mocked operation takes the values of its completion signature");
  }
  static tuple with_error(const std::exception_ptr& what) {
    tuple made{};
    if constexpr (has_error) {
      auto& first = std::get<0>(made);
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(first)>, std::exception_ptr>)
        first = what;
      else
        first = error_code_of(what);
    }
    return made;
  }
};

}  // namespace awaitest::detail
