// A copy of what an argument shows, so that the record of a call may outlive it.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "lasting.hpp"

namespace awaitest {

/// The text that a `const char*` pointed to when the mock was called; or the null pointer, which equals no text.
class recorded_text : public std::string {
 public:
  recorded_text(std::nullptr_t) : null_{true} {}
  recorded_text(const char* text) : std::string(text ? text : ""), null_{!text} {}
  /// Not more than `most` of it: nothing behind is read, so it need not end with a zero.
  recorded_text(const char* text, std::size_t most) : null_{!text} {
    for (std::size_t i = 0; text && i != most && text[i] != 0; ++i) push_back(text[i]);
  }
  recorded_text(std::string text) : std::string(std::move(text)) {}
  explicit recorded_text(std::string_view text) : std::string(text) {}

  bool is_null() const noexcept { return null_; }

  friend bool operator==(const recorded_text& a, const recorded_text& b) noexcept {
    return a.null_ == b.null_ && a.text() == b.text();
  }
  friend bool operator==(const recorded_text& a, std::nullptr_t) noexcept { return a.null_; }
  friend bool operator==(const recorded_text& a, const char* b) noexcept {
    return b ? a == std::string_view(b) : a.null_;
  }
  friend bool operator==(const recorded_text& a, const std::string& b) noexcept {
    return a == std::string_view(b);
  }
  friend bool operator==(const recorded_text& a, std::string_view b) noexcept {
    return !a.null_ && a.text() == b;
  }

 private:
  std::string_view text() const noexcept { return {data(), size()}; }
  bool null_ = false;
};

/// The type of a mock's record of an argument: a copy. The record of a view copies what it shows, so that the record may outlive it.
/// The text of a `const char*` ends with a zero; where the parameter behind is a std::size_t, that is taken for a
/// length, and nothing behind it is read. Other pointers, `char*` among them, are kept as they are, and what they point to
/// is read by matchers only. Specialise it for views of your own; `type` is to be constructible from a `const T&`.
template <class T>
struct recorded_as {
  using type = T;
};
template <class C, class Traits>
struct recorded_as<std::basic_string_view<C, Traits>> {
  using type = std::basic_string<C, Traits>;
};
template <>
struct recorded_as<const char*> {
  using type = recorded_text;
};
template <class T>
struct recorded_as<std::initializer_list<T>> {
  using type = std::vector<typename recorded_as<T>::type>;
};
/// Other views of text.
template <class T>
  requires(
      detail::view_of_constants<T> && !requires { T::extent; } &&
      requires(const T& v) {
        v.begin();
        typename T::traits_type;
      })
struct recorded_as<T> {
  using type = std::basic_string<detail::viewed<T>>;
};
template <class T>
  requires(std::is_constructible_v<std::optional<typename recorded_as<T>::type>, const std::optional<T>&> &&
           std::is_convertible_v<const std::optional<typename recorded_as<T>::type>&, std::optional<T>>)
struct recorded_as<std::optional<T>> {
  using type = std::optional<typename recorded_as<T>::type>;
};
template <class T>
  requires requires(const T& v) {  // std::span, without its header
    typename T::element_type;
    T::extent;
    v.data();
    v.size();
  }
struct recorded_as<T> {
  using type = std::vector<std::remove_cv_t<typename T::element_type>>;
};

namespace detail {

template <class T>
auto make_recorded(const auto& given) {
  using type = typename recorded_as<T>::type;
  if constexpr (requires {
                  given.begin();
                  given.end();
                } && !std::is_constructible_v<type, const T&>)
    return type(given.begin(), given.end());
  else
    return type(given);
}

}  // namespace detail
}  // namespace awaitest
